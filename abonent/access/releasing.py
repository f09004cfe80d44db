"""Whoever loses a number, an address or an account loses the log-in by it, and what it had opened, at once."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from abonent.access.models import Identifier, Invitation, LoginSession
from abonent.access.sessions import BY_PASSKEY
from abonent.audit.journal import SYSTEM, record, rows_digest
from abonent.lib import clock
from abonent.lib.among import among

# So many values are named in one statement.
CHUNK = 5000


def release(kind: Identifier.Kind, value: str) -> bool:
    """Nobody logs in by this number, address or account any more; False where nobody did."""
    return release_all(kind, [value]) > 0


def release_all(
    kind: Identifier.Kind, values: Collection[str], *, client_id: int | None = None, reason: str = ""
) -> int:
    """The same for many at once, with a fixed number of queries; how many people lost a log-in.

    Sessions opened by them end, and those of which it is not known how they were opened; sessions by what the person
    still has go on. What was sent there and not taken yet opens nothing: an invitation proves who had the number when
    it was sent. The journal of the client says who lost what, in one entry.
    """
    wanted = sorted(set(values))
    with transaction.atomic():
        found: list[tuple[int, int, str]] = []
        for start in range(0, len(wanted), CHUNK):
            found += _release(kind, wanted[start : start + CHUNK])
        if found:
            ended = _end_sessions({pk for pk, _person, _value in found}, {person for _pk, person, _value in found})
            _note(kind, found, ended, client_id, reason)
    return len({person for _pk, person, _value in found})


def _release(kind: Identifier.Kind, values: list[str]) -> list[tuple[int, int, str]]:
    """Take the identifiers away; (id, person's id, value) of each."""
    Invitation.objects.pending().filter(kind=kind, value__in=among(values)).update(revoked=clock.now())
    known = Identifier.objects.filter(kind=kind, value__in=among(values))
    found = list(known.order_by("value").values_list("pk", "person_id", "value"))
    known.delete()
    return found


def _end_sessions(identifiers: set[int], people: set[int]) -> int:
    """End what was opened by these identifiers, which are gone, or by nothing that its person still has."""
    left = Identifier.objects.filter(person_id__in=people).values("pk")
    orphaned = Q(person_id__in=people) & ~Q(via=BY_PASSKEY) & ~Q(via__in=left)
    # A log-in that still waits for its second factor belongs to nobody yet.
    return LoginSession.objects.filter(orphaned | Q(via__in=identifiers)).delete()[0]


def _note(
    kind: Identifier.Kind, found: list[tuple[int, int, str]], ended: int, client_id: int | None, reason: str
) -> None:
    values = [value for _pk, _person, value in found]
    record(
        SYSTEM,
        "access.release",
        target=("identifier", kind, values[0]) if len(values) == 1 else None,
        client_id=client_id,
        before={kind: values},
        after={"sessions_ended": ended, **({"reason": reason} if reason else {})},
        digest=rows_digest([[person, value] for _pk, person, value in found]),
    )
