"""What an order costs, in the words of its action: a service is connected, plans differ, a number has a price (S15)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from abonent import profile
from abonent.lib import clock
from abonent.lib.money import round_money, vat_on
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.change_number import Renumbering, RenumberingOfList
from abonent.orders.actions.change_plan import ChangePlan
from abonent.orders.actions.change_status import Terminate
from abonent.orders.actions.disconnect_service import DisconnectService
from abonent.orders.models import Order
from abonent.portal.templatetags.portal import money


@dataclass(frozen=True, slots=True)
class Words:
    """What the sums are called; what is empty is not said. `ends`: a fee that is paid no more, without its sign."""

    single: Promise | str = ""
    monthly: Promise | str = ""
    once: Promise | str = ""
    begin: Promise | str = ""
    total: Promise | str = ""
    ends: bool = False


CONNECTING = Words(
    single=gettext_lazy("Monthly fee for one, without VAT"),
    monthly=gettext_lazy("Monthly fee for all, without VAT"),
    once=gettext_lazy("Price of connecting, once, without VAT"),
    begin=gettext_lazy("Connecting and the first month, with VAT"),
    total=gettext_lazy("Per month for all, with VAT"),
)
ENDING = Words(
    single=gettext_lazy("Paid no more each month for one, without VAT"),
    monthly=gettext_lazy("Paid no more each month for all, without VAT"),
    total=gettext_lazy("Paid no more each month for all, with VAT"),
    ends=True,
)
DIFFERING = Words(
    single=gettext_lazy("Difference a month for one, without VAT"),
    monthly=gettext_lazy("Difference a month for all, without VAT"),
    total=gettext_lazy("Difference a month for all, with VAT"),
)
NUMBERS = Words(
    once=gettext_lazy("Price of the new numbers, once, without VAT"),
    begin=gettext_lazy("To pay once, with VAT"),
)


def words_of(found: Order) -> Words:
    action = ACTIONS[found.action]
    if issubclass(action, Renumbering):
        return NUMBERS
    if issubclass(action, ChangePlan):
        return DIFFERING
    return ENDING if issubclass(action, DisconnectService | Terminate) else CONNECTING


def cost_lines(found: Order) -> list[tuple[str, str]]:
    """The lines of the receipt."""
    return list(_lines(found, words_of(found), _currency()))


def cost_total(found: Order) -> dict[str, str]:
    """The total of the receipt with its name; nothing where nothing is paid by the month."""
    words = words_of(found)
    if not words.total:
        return {}
    rate = profile.current().vat_rate(clock.today(profile.current().zone))
    monthly = -found.totals.monthly if words.ends else found.totals.monthly
    return {"total": money(monthly + vat_on(monthly, rate), _currency()), "total_label": str(words.total)}


def cost_label(found: Order) -> str:
    """What the cost of a placed order is called (`Order.cost`)."""
    return str(words_of(found).begin or _("More in the first month, with VAT"))


def _lines(found: Order, words: Words, currency: str) -> Iterator[tuple[str, str]]:
    sums = found.totals
    sign = -1 if words.ends else 1
    if words.single and sums.single is not None:
        yield str(words.single), money(sign * round_money(sums.single.monthly), currency)
    if words.monthly:
        yield str(words.monthly), money(sign * sums.monthly, currency)
    if words.once and (sums.once or not words.monthly):
        yield str(words.once), money(sums.once, currency)
    if words.begin and sums.begin:
        yield str(words.begin), money(found.cost_now, currency)


def tells_each(found: Order) -> bool:
    """Whether each row is told its price: where they differ, or each has got something of its own."""
    return found.totals.single is None or issubclass(ACTIONS[found.action], RenumberingOfList)


def _currency() -> str:
    return profile.current().currency_label(get_language() or "ru")
