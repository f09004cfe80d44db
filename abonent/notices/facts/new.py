"""Which facts nobody was told of yet, and the seats over whole accounts."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from abonent.access.models import Seat, SeatTarget
from abonent.access.models.seats import SeatQuerySet
from abonent.notices.kinds import Kind
from abonent.notices.models import Seen

M = TypeVar("M", bound=Model)

# Facts at a time; each takes a handful of queries, however many seats there are.
BATCH = 200


def unseen(rows: "QuerySet[M]", kind: Kind) -> list[M]:
    """The first of `rows` that were not looked at for this kind."""
    seen = Seen.objects.filter(kind=kind, about=OuterRef("pk"))
    return list(rows.filter(~Exists(seen)).order_by("pk")[:BATCH])


def seats_in_force() -> SeatQuerySet:
    """With what is asked of each: person, role, client."""
    return Seat.objects.in_force().select_related("person", "role", "client")


@dataclass(frozen=True, slots=True)
class OverAccounts:
    """Seats over a whole client by its id, and those that are bound to accounts by client and account."""

    whole: Mapping[int, list[Seat]]
    bound: Mapping[tuple[int, int], list[Seat]]


def over_accounts(clients: Collection[int], accounts: Collection[int]) -> OverAccounts:
    """The seats in force that are over one of the accounts."""
    named = SeatTarget.objects.filter(seat__client__in=clients, seat__reach=Seat.Reach.ACCOUNTS, target__in=accounts)
    everywhere = Q(client__in=clients, reach=Seat.Reach.CLIENT)
    seats = {seat.pk: seat for seat in seats_in_force().filter(everywhere | Q(pk__in=named.values("seat_id")))}
    whole: dict[int, list[Seat]] = defaultdict(list)
    bound: dict[tuple[int, int], list[Seat]] = defaultdict(list)
    for seat in seats.values():
        if seat.reach == Seat.Reach.CLIENT:
            whole[seat.client_id or 0].append(seat)
    for account, seat_id in named.values_list("target", "seat_id"):
        if seat_id in seats:
            bound[seats[seat_id].client_id or 0, account].append(seats[seat_id])
    return OverAccounts(whole, bound)
