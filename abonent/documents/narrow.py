"""What a seat that sees single numbers (of folders, or by name) finds where others find whole accounts (V8)."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied

from abonent import profile
from abonent.access.models import Seat
from abonent.billing.current import preliminary
from abonent.billing.folder_costs import folder_costs
from abonent.billing.models import InvoiceSubscriber
from abonent.clients.models import Account, Folder
from abonent.documents.kinds import KINDS
from abonent.documents.ordering import accounts_for
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import FolderStay, Subscriber

MONTHS = 3
# What was used of so many numbers is added up while one waits; of more, it stands in the call details.
ADDED_UP = 500


@dataclass(frozen=True, slots=True)
class Spend:
    """What the numbers cost in a month that is billed, with VAT."""

    month: Month
    gross: Decimal


def whole_accounts_only(seat: Seat) -> None:
    """The money of an account is for seats that see all of it: PermissionDenied for the others."""
    if seat.is_narrow:
        raise PermissionDenied


def numbers(seat: Seat) -> int:
    """How many numbers it sees that are served."""
    return Subscriber.objects.within(seat).exclude(status=Subscriber.Status.TERMINATED).count()


def so_far(seat: Seat) -> Decimal | None:
    """What its numbers cost in the open month up to now, with VAT; None for more of them than are added up here."""
    rows = Subscriber.objects.within(seat).order_by().values_list("account_id", "pk")[: ADDED_UP + 1]
    ids: dict[int, list[int]] = {}
    for account, pk in rows:
        ids.setdefault(account, []).append(pk)
    if sum(map(len, ids.values())) > ADDED_UP:
        return None
    accounts = Account.objects.reached_by(seat).filter(pk__in=ids)
    charges = [charge for account in accounts for charge in preliminary(account, only=ids[account.pk])[0]]
    return sum((charge.amount.gross for charge in charges), ZERO)


def spent(seat: Seat) -> list[Spend]:
    """The last months that are billed, the latest first. Of folders: cost follows the folder of that day (V3)."""
    present = Month.at(clock.now(), profile.current().zone)
    months = [present.plus(-back) for back in range(1, MONTHS + 1)]
    of_month = _of_numbers if seat.folder_ids is None else _of_folders
    return [Spend(month, of_month(seat, month)) for month in months]


def _of_folders(seat: Seat, month: Month) -> Decimal:
    folders = set(Folder.objects.within(seat).values_list("pk", flat=True))
    stays = FolderStay.objects.filter(folder_id__in=folders).overlapping(month.period(profile.current().zone))
    stayed = set(stays.values_list("subscriber_id", flat=True))
    if not stayed:
        return ZERO
    accounts = list(Account.objects.reached_by(seat).values_list("pk", flat=True))
    costs = folder_costs(month, accounts, only=stayed).by_folder
    return sum((cost.gross for folder, cost in costs.items() if folder in folders), ZERO)


def _of_numbers(seat: Seat, month: Month) -> Decimal:
    own = Subscriber.objects.within(seat).order_by().values("pk")
    parts = InvoiceSubscriber.objects.filter(
        breakdown__account__in=Account.objects.reached_by(seat), breakdown__month=str(month), subscriber_id__in=own
    )
    return sum(parts.filter(breakdown__invoice__isnull=False).values_list("gross", flat=True), ZERO)


def may_order_details(seat: Seat) -> bool:
    """Whether there is a number whose call details it may order."""
    return accounts_for(KINDS["call_details"], seat).exists()
