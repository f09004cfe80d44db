"""Which people of a client somebody manages: those with a role within the own reach (V8)."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from abonent.access.giving import givable_reaches
from abonent.access.models import Person, Seat, SeatTarget
from abonent.access.models.seats import SeatQuerySet
from abonent.clients.models import Account, Folder
from abonent.lib import clock
from abonent.subscribers.models import Subscriber


def seen_by(seat: Seat, ids: Collection[int]) -> dict[int, str]:
    """Those of these subscribers that `seat` sees, with their numbers."""
    if not ids:
        return {}
    return dict(Subscriber.objects.within(seat).filter(pk__in=ids).values_list("pk", "number"))


def seats_within(manager: Seat) -> SeatQuerySet:
    """The seats of the manager's client that reach no more than the manager, and are not over."""
    here = Seat.objects.filter(client_id=manager.client_id) if manager.client_id else Seat.objects.none()
    found = here.filter(Q(valid_to=None) | Q(valid_to__gt=clock.now()))
    return found if manager.reach == Seat.Reach.CLIENT else found.filter(_narrower(manager))


def people_within(manager: Seat) -> "QuerySet[Person]":
    """Whoever has such a seat, each once."""
    return Person.objects.filter(Exists(seats_within(manager).filter(person=OuterRef("pk"))))


def _narrower(manager: Seat) -> Q:
    mine = {
        Seat.Reach.ACCOUNTS: Account.objects.within(manager).values_list("pk"),
        Seat.Reach.FOLDERS: Folder.objects.within(manager).values_list("pk"),
        Seat.Reach.SUBSCRIBERS: Subscriber.objects.within(manager).order_by().values_list("pk"),
    }
    allowed = Q(pk__in=[])
    for reach in givable_reaches(manager):
        if reach in mine:
            targets = SeatTarget.objects.filter(seat=OuterRef("pk"))
            allowed |= Q(~Exists(targets.exclude(target__in=mine[reach])), reach=reach)
    return allowed
