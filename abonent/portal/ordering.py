"""Every screen on which an order is put together: a new action has its line in `SCREENS` (S15, S16).

A screen stands at `/orders/new/<slug>/`; with `?for=<id of a subscriber>` it is for that number alone. What it needs of
the seat is the right of its action.
"""

from dataclasses import dataclass

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from abonent.access.guard import Need
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.orders.actions import ACTIONS
from abonent.orders.models import Order
from abonent.portal.forms.forwarding import ForwardingWanted
from abonent.portal.forms.wanted import NumbersWanted, OptionSetWanted, PlanWanted, ServiceWanted, Wanted
from abonent.subscribers.models import Subscriber

PENDING, ACTIVE, BLOCKED = Subscriber.Status.PENDING, Subscriber.Status.ACTIVE, Subscriber.Status.BLOCKED


@dataclass(frozen=True, slots=True)
class Deed:
    """An action of a screen, by its key in `orders.actions`, as it is called there and where it is begun from.

    `status` is the only one from which lines are offered; empty: any line that is served.
    """

    action: str
    label: Promise
    begin: Promise
    status: str = ""
    form: type[Wanted] = Wanted


@dataclass(frozen=True, slots=True)
class Screen:
    """`details` is a template: what the choice means, once it is made.

    Several deeds are tabs, unless the form has a field for the action.
    """

    slug: str
    label: Promise
    about: Promise
    deeds: tuple[Deed, ...]
    details: str = "orders/new/action.html"
    icon: str = "plug"
    # The name of an address of its own, instead of the common one.
    page: str = ""

    @property
    def right(self) -> Right:
        return ACTIONS[self.deeds[0].action].right

    @property
    def url(self) -> str:
        return reverse(self.page) if self.page else reverse("order_new", args=[self.slug])

    def deed(self, action: str) -> Deed:
        return next((deed for deed in self.deeds if deed.action == action), self.deeds[0])

    def wanted(self, seat: Seat, asked: QueryDict, line: Subscriber | None = None) -> Wanted:
        """What `asked` says so far."""
        actions = [(deed.action, deed.label) for deed in self.deeds]
        return self.deed(asked.get("action", "")).form(seat, actions, asked, line)


_SCREENS = (
    Screen(
        "services",
        # Translators: «Услуги»
        _("Services"),
        _("Connect or disconnect a service for one number or ten thousand"),
        (
            Deed(
                "connect_service",
                # Translators: «Подключить»
                _("Connect"),
                _("Connect a service"),
                form=ServiceWanted,
            ),
            Deed(
                "disconnect_service",
                # Translators: «Отключить»
                _("Disconnect"),
                _("Disconnect a service"),
                form=ServiceWanted,
            ),
        ),
        "orders/new/service.html",
    ),
    Screen(
        "plans",
        # Translators: «Изменение тарифа»
        _("Change of tariff"),
        _("Another tariff, or another option set within the same one"),
        (
            Deed("change_plan", _("Change of tariff"), _("Change the tariff"), ACTIVE, PlanWanted),
            # Translators: «Смена набора услуг»
            Deed("change_option_set", _("Change of option set"), _("Change the option set"), ACTIVE, OptionSetWanted),
        ),
        "orders/new/plan.html",
        "sliders",
    ),
    Screen(
        "forwarding",
        # Translators: «Переадресация вызовов»
        _("Forwarding of calls"),
        _("Where calls go when nobody takes them there"),
        (Deed("forwarding", _("Forwarding of calls"), _("Forward calls"), ACTIVE, ForwardingWanted),),
        icon="phone",
    ),
    Screen(
        "numbers",
        # Translators: «Смена номеров»
        _("Change of numbers"),
        _("Another number for each line of a list, out of one category"),
        (Deed("change_numbers", _("Change of numbers"), _("Change numbers"), ACTIVE, NumbersWanted),),
        "orders/new/numbers.html",
        "sim",
    ),
    Screen(
        "activation",
        # Translators: «Активация»
        _("Activation"),
        _("Numbers that await activation, by number or SIM"),
        (
            Deed(
                "activate",
                _("Activation"),
                # Translators: «Активировать»
                _("Activate"),
                PENDING,
            ),
        ),
        icon="check",
    ),
    Screen(
        "termination",
        # Translators: «Прекращение обслуживания»
        _("Termination of service"),
        _("Give numbers up for good; within 24 hours"),
        (Deed("terminate", _("Termination of service"), _("Terminate service"), ACTIVE),),
        "orders/new/termination.html",
        "exit",
    ),
    Screen(
        "blocking",
        _("Blocking"),
        _("Stop numbers for a while: lost, stolen, on leave"),
        (Deed("block", _("Blocking"), _("Block"), ACTIVE),),
        icon="pause",
    ),
    Screen(
        "unblocking",
        _("Unblocking"),
        _("Let blocked numbers call again"),
        (Deed("unblock", _("Unblocking"), _("Unblock"), BLOCKED),),
        icon="refresh",
    ),
)
# Screens with a page of their own.
_OWN = (
    Screen(
        "renaming",
        # Translators: «Переименование»
        _("Renaming"),
        _("New names for one number or a list, in place or from a file"),
        (Deed("rename", _("Renaming"), _("Rename")),),
        icon="edit",
        page="order_rename",
    ),
)
_ALL = (*_SCREENS, *_OWN)
SCREENS: dict[str, Screen] = {screen.slug: screen for screen in _SCREENS}
_BY_ACTION = {deed.action: screen for screen in _ALL for deed in screen.deeds}


def need_of(slug: str) -> Need:
    """What the screen in an address needs; Http404 for one that there is not."""
    screen = SCREENS.get(slug)
    if screen is None:
        raise Http404
    return Need(screen.right, ACTIONS[screen.deeds[0].action].fresh)


def screen_of(action: str) -> Screen | None:
    """The screen on which an action is ordered; None for one that is ordered elsewhere."""
    return _BY_ACTION.get(action)


def screens_for(seat: Seat) -> list[Screen]:
    """Those that a seat may use."""
    return [screen for screen in _ALL if seat.has(screen.right)]


def again_url(order: Order) -> str:
    """Where the same is wanted once more, with another file."""
    screen = screen_of(order.action)
    if screen is None:
        return reverse("orders")
    wanted = screen.deed(order.action).form.asked(order.params)
    return f"{screen.url}?{urlencode({'action': order.action, **wanted, 'by': 'file'})}"


def begin_url(action: str, **query: str | int) -> str:
    """Where `action` is begun: `by="selection"`, or `**{"for": pk}` for one number; empty for one without a screen."""
    screen = screen_of(action)
    if screen is None:
        return ""
    asked: dict[str, str | int] = {"action": action, **query} if len(screen.deeds) > 1 else query
    return f"{screen.url}?{urlencode(asked)}" if asked else screen.url
