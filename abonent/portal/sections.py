"""Every section of the product in the order in which it is shown; each seat sees a part of the table (S16, V1)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.access.rights import Right
from abonent.portal.ordering import SCREENS


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table: `name` is its address's name. Without such an address, or the right, it is not shown.

    `about` says on the main menu what it is for (L13). What is of `whole` accounts is not for a seat that sees single
    numbers alone, what is `of_clients` not for the operator's staff. Children `under` one name stand together below it.
    `slug` is a part of the address.
    """

    label: Promise
    name: str = ""
    right: Right | None = None
    icon: str = ""
    children: tuple["Entry", ...] = ()
    about: Promise | str = ""
    whole: bool = False
    of_clients: bool = False
    under: Promise | str = ""
    slug: str = ""
    # A right that its page asks for beside the first.
    also: Right | None = None

    @property
    def rights(self) -> list[Right]:
        return [right for right in (self.right, self.also) if right is not None]


def _order(slug: str, under: Promise | str = "") -> Entry:
    """The screen of an order."""
    screen = SCREENS[slug]
    return Entry(screen.label, "order_new", screen.right, about=screen.about, under=under, slug=slug)


# Translators: «Операции с абонентом»
_WITH_SUBSCRIBER = _("Operations with a subscriber")

TABLE: tuple[Entry, ...] = (
    Entry(
        # Translators: «Главная»
        _("Home"),
        "home",
        icon="home",
        about=_("How much is due and until when, what needs you, what is under way"),
    ),
    Entry(
        # Translators: «Операции с номерами»
        _("Operations with numbers"),
        "numbers",
        Right.SEE_SUBSCRIBERS,
        icon="bulk",
        about=_("Put together a set of numbers from accounts and folders, then do something with all of them"),
    ),
    Entry(
        # Translators: «Финансы»
        _("Finance"),
        icon="finance",
        children=(
            Entry(
                # Translators: «Счета»
                _("Invoices"),
                "invoices",
                Right.SEE_FINANCE,
                about=_("Invoices of past months, to read and to send once more by e-mail"),
                whole=True,
            ),
            Entry(
                # Translators: «Платежи»
                _("Payments"),
                "payments",
                Right.SEE_FINANCE,
                about=_("What was paid, and when it reached the operator"),
                whole=True,
            ),
            Entry(
                # Translators: «Начисления за текущий период»
                _("Charges of the current period"),
                "current_charges",
                Right.SEE_FINANCE,
                # Translators: «Вы можете заказать информацию о начислениях в текущем месяце по абонентам.»
                about=_("What the current month costs so far, for all numbers or some, here and by e-mail"),
            ),
            Entry(
                # Translators: «Детализация на Email»
                _("Call details by e-mail"),
                "call_details",
                Right.ORDER_DOCUMENTS,
                about=_("Every call of chosen numbers in a chosen period, as a file"),
                also=Right.SEE_CALLS,
            ),
            Entry(
                _("Charts"),
                "charts",
                Right.SEE_FINANCE,
                about=_("Spend by month and by kind of service, the dearest numbers, the balance"),
                whole=True,
            ),
            Entry(
                # Translators: «Информация по рассрочке»
                _("Instalments"),
                "instalments",
                Right.SEE_FINANCE,
                about=_("Equipment paid for in parts: payments left, the monthly amount, when it ends"),
                whole=True,
            ),
            Entry(
                # Translators: «Акт сверки»
                _("Reconciliation statement"),
                "reconciliation",
                Right.SEE_FINANCE,
                about=_("What was owed before, each invoice and payment, what is owed after"),
                also=Right.ORDER_DOCUMENTS,
                whole=True,
            ),
            Entry(
                # Translators: «Изменить способ/адрес доставки»
                _("Change the way or address of delivery"),
                "delivery",
                Right.CHANGE_DELIVERY,
                about=_("Where the invoices go, by e-mail or into your hands, and in which format"),
                whole=True,
            ),
            Entry(
                _("Documents"),
                "documents",
                Right.ORDER_DOCUMENTS,
                about=_("What was ordered, how far it is, where it went"),
            ),
        ),
    ),
    Entry(
        # Translators: «Абоненты»
        _("Subscribers"),
        icon="people",
        children=(
            Entry(
                # Translators: «Список абонентов»
                _("Subscriber list"),
                "subscribers",
                Right.SEE_SUBSCRIBERS,
                about=_("All numbers with name, SIM, tariff and status; a number’s own page with its services"),
            ),
            Entry(
                # Translators: «Выбор абонента»
                _("Choice of a subscriber"),
                "subscriber_choice",
                Right.SEE_SUBSCRIBERS,
                about=_("Find one number; whatever is opened from its page concerns it"),
            ),
            Entry(
                # Translators: «Управление иерархией»
                _("Folders"),
                "folders",
                Right.CHANGE_FOLDERS,
                about=_("Your own departments and places, and which number belongs where"),
                also=Right.SEE_SUBSCRIBERS,
            ),
        ),
    ),
    Entry(
        # Translators: «Операции со списком абонентов»
        _("Operations on a list of subscribers"),
        icon="bulk",
        children=(
            _order("services"),
            _order("plans"),
            Entry(
                # Translators: «Переименование»
                _("Renaming"),
                "order_rename",
                Right.CHANGE_NAMES,
                about=_("Other names on invoices and in lists, in place or from a file"),
                under=_WITH_SUBSCRIBER,
            ),
            Entry(
                # Translators: «Замена SIM-карт»
                _("Replacement of SIM cards"),
                "order_sims",
                Right.CHANGE_NUMBERS,
                about=_("Free SIM cards of the company for its lines, from a file"),
                under=_WITH_SUBSCRIBER,
            ),
            *(_order(slug, _WITH_SUBSCRIBER) for slug in SCREENS if slug not in {"services", "plans"}),
            Entry(
                # Translators: «История заявок»
                _("Order history"),
                "orders",
                Right.SEE_HISTORY,
                about=_("What was asked for, and what became of each row"),
            ),
        ),
    ),
    Entry(
        _("People and rights"),
        icon="people",
        children=(
            Entry(
                # Translators: «Пользователи»
                _("Users"),
                "people",
                Right.MANAGE_PEOPLE,
                about=_("Who acts for the company: invite, block, give roles"),
            ),
            Entry(
                # Translators: «Роли»
                _("Roles"),
                "roles",
                Right.MANAGE_ROLES,
                about=_("Which rights a role gives, its limits, and who may do what where"),
            ),
        ),
    ),
    Entry(
        # Translators: «История действий»
        _("History of actions"),
        "history",
        Right.SEE_HISTORY,
        icon="history",
        about=_("Who did what, when and from where; sealed, so that nothing can be altered unseen"),
    ),
    Entry(
        # Translators: «Обращения»
        _("Appeals"),
        "appeals",
        Right.ASK_OPERATOR,
        icon="chat",
        about=_("Questions to the operator’s specialists, and their answers"),
    ),
    Entry(
        _("Appeals of clients"),
        "operator_appeals",
        Right.OPERATOR_SUPPORT,
        icon="chat",
        about=_("Questions of clients, the most urgent first"),
    ),
    Entry(
        _("Documents collected in person"),
        "operator_collecting",
        Right.OPERATOR_SUPPORT,
        icon="document",
        about=_("What clients come for in person, and who took it"),
    ),
    Entry(
        _("Payments of clients"),
        "operator_payments",
        Right.OPERATOR_MONEY,
        icon="finance",
        about=_("Bank statements, and money that waits for an account"),
    ),
    Entry(
        # Translators: «Информация по рассрочке»
        _("Instalments"),
        "operator_instalments",
        Right.OPERATOR_MONEY,
        icon="finance",
        about=_("Equipment that clients pay for in parts: new plans, and those that end early"),
    ),
    Entry(
        # Translators: «История действий»
        _("History of actions"),
        "operator_history",
        Right.OPERATOR_SUPPORT,
        icon="history",
        about=_("What the operator’s people and the system itself did"),
    ),
    Entry(
        _("Letters and messages"),
        "inbox",
        icon="mail",
        about=_("What the demonstration would have sent by e-mail and SMS"),
    ),
    Entry(
        _("Books and network"),
        "operator_network",
        Right.OPERATOR_JOBS,
        icon="swap",
        about=_("Rows without an answer of the network, and where our books and it differ"),
    ),
    Entry(_("Stuck work"), "dead_jobs", Right.OPERATOR_JOBS, icon="refresh", about=_("Work that stopped, to restart")),
    Entry(
        _("Clients and catalog"),
        "admin:index",
        Right.OPERATOR_CATALOG,
        icon="sliders",
        about=_("Clients, contracts, tariffs and services"),
    ),
)

# Pages about the person and the product; they are on the map alone.
BESIDE: tuple[Entry, ...] = (
    # Translators: «Главное меню»
    Entry(_("Main menu"), "menu"),
    # Translators: «Поиск»
    Entry(pgettext_lazy("page", "Search"), "search"),
    Entry(_("Notices"), "notices", of_clients=True),
    Entry(_("What I am told of"), "notice_choices", of_clients=True),
    Entry(_("My log-in"), "self"),
    Entry(_("Choice of the role"), "seats"),
)
