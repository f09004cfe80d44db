"""What an order costs, and whether that is more than a role may ask for alone (S17)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import Role
from abonent.lib import clock
from abonent.lib.money import ZERO, round_money, vat_on
from abonent.orders.actions.action import Price
from abonent.profile import current

ROWS, COST = "rows", "cost"


@dataclass(frozen=True, slots=True)
class Excess:
    """One limit that an order passes: what of (`rows` or `cost`), how much it asks for, how much the role may."""

    of: str
    asked: str
    limit: str

    def stored(self) -> dict[str, str]:
        return asdict(self)

    @property
    def words(self) -> str:
        """`412 numbers; the limit is 100`, in the language in force."""
        if self.of == ROWS:
            asked = ngettext("%(count)d number", "%(count)d numbers", int(self.asked)) % {"count": int(self.asked)}
            return _("%(asked)s; the limit is %(limit)s") % {"asked": asked, "limit": self.limit}
        currency = current().currency_label(get_language() or "ru")
        values = {"asked": f"{self.asked} {currency}", "limit": f"{self.limit} {currency}"}
        return _("%(asked)s; the limit is %(limit)s") % values


def cost(price: Price, rows: int) -> Decimal:
    """Connecting and the first month for `rows` numbers, with VAT; what makes a number cheaper costs nothing."""
    here = current()
    net = (max(round_money(price.monthly), ZERO) + round_money(price.once)) * rows
    return net + vat_on(net, here.vat_rate(clock.today(here.zone)))


def excess(role: Role, rows: int, asked: Decimal) -> tuple[Excess, ...]:
    """The limits of `role` that so many rows at this cost pass; none where it may order them alone."""
    found = []
    if role.max_rows is not None and rows > role.max_rows:
        found.append(Excess(ROWS, str(rows), str(role.max_rows)))
    if role.max_cost is not None and asked > role.max_cost:
        found.append(Excess(COST, f"{asked:.2f}", f"{role.max_cost:.2f}"))
    return tuple(found)


def read(stored: Sequence[dict[str, str]]) -> tuple[Excess, ...]:
    """As an order keeps them."""
    return tuple(Excess(one["of"], one["asked"], one["limit"]) for one in stored)
