"""A client is never left without somebody who manages its people (V8)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext as _

from abonent.access.giving import Refusal
from abonent.access.grants import RefusedError
from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.clients.models import Account, Client

WHOLE = "whole client"
ANYBODY = "anybody"


@contextmanager
def keeping_administrators(client: Client) -> Iterator[None]:
    """A transaction that may change seats or roles of `client`, one at a time (the client's row is locked).

    At its end RefusedError, and nothing is changed, where nobody is left who manages people over the whole client, over
    one of its accounts, or at all, though somebody did before. Who counts: an active person who can log in, with a role
    that is in force, not blocked, without an end.
    """
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=client.pk)
        before = managed(client)
        yield
        if before - managed(client):
            text = _("Nobody would be left who manages the people here. Give somebody else such a role first.")
            raise RefusedError(Refusal("last", text))


def managed(client: Client) -> frozenset[str | int]:
    """What somebody manages people over: the whole client, single accounts (their ids), anything at all."""
    roles = [role for role in Role.objects.of(client) if Right.MANAGE_PEOPLE in role.rights]
    seats = Seat.objects.in_force().filter(client=client, role__in=roles, valid_to=None)
    held = seats.filter(person__identifiers__verified=True).distinct().prefetch_related("targets")
    found: set[str | int] = set()
    for seat in held:
        found.add(ANYBODY)
        if seat.reach == Seat.Reach.ACCOUNTS:
            found.update(target.target for target in seat.targets.all())
        elif seat.reach == Seat.Reach.CLIENT:
            found.add(WHOLE)
    if WHOLE in found:
        found.update(Account.objects.as_system().filter(contract__client=client).values_list("pk", flat=True))
    return frozenset(found)
