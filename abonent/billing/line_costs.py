"""What one number cost a seat in a month that is billed: for its card (S7, V3)."""

from decimal import Decimal

from abonent.access.models import Seat
from abonent.billing.folder_costs import folder_costs
from abonent.billing.spending import Spending
from abonent.clients.models import Account, Folder
from abonent.lib.money import ZERO
from abonent.lib.periods import Month


def cost_of(seat: Seat, subscriber: int, month: Month) -> Decimal | None:
    """With VAT, on the accounts that the seat sees; of folders: for the days in them. None: on no invoice."""
    accounts = list(Account.objects.reached_by(seat).values_list("pk", flat=True))
    if seat.folder_ids is None:
        return Spending.of(str(month), accounts).of_lines([subscriber]).get(subscriber)
    costs = folder_costs(month, accounts, only={subscriber})
    seen = set(Folder.objects.within(seat).values_list("pk", flat=True))
    found = (cost.gross for folder, cost in costs.by_folder.items() if folder in seen)
    return sum(found, ZERO) if costs.billed else None
