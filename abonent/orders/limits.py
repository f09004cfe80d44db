"""What an order costs, and whether that is more than a role may ask for alone (S17)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import Role
from abonent.lib import clock
from abonent.lib.money import vat_on
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


def cost(begin: Decimal) -> Decimal:
    """With VAT, what it takes to begin (`Totals.begin`); what makes a number cheaper costs nothing."""
    here = current()
    return begin + vat_on(begin, here.vat_rate(clock.today(here.zone)))


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
