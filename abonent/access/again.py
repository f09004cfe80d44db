"""Proving once more who one is, within a session: before a sensitive action, when the last proof is old (V8)."""

import uuid

from django.http import HttpRequest

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.bounds import HOUR, Limit, take_all
from abonent.access.credentials import GUESSES_AN_HOUR_PER_ADDRESS, Claim, client_of, redeem, send_code
from abonent.access.models import Identifier, Person, Seat
from abonent.access.proof import note_proof
from abonent.audit.journal import record

# The code that this session waits for: its key, and what it was sent to.
SENT = "again"


def code_targets(person: Person) -> list[Identifier]:
    """Where a code can be sent to `person`: the proven phone numbers and e-mail addresses."""
    kinds = (Identifier.Kind.PHONE, Identifier.Kind.EMAIL)
    return list(person.identifiers.filter(kind__in=kinds, verified=True).order_by("pk"))


def prove_by_password(request: HttpRequest, person: Person, password: str) -> bool:
    """Whether `password` is that of `person`; beyond the bounds TooOften."""
    origin = origin_of(request)
    limits = (
        Limit("guess", f"person:{person.pk}", profile.current().login.guesses_per_hour, HOUR),
        Limit("guess from", origin.address, GUESSES_AN_HOUR_PER_ADDRESS, HOUR),
    )
    take_all(*limits)
    if not person.check_password(password):
        journal(request, person, "password", result="refused")
        return False
    for limit in limits:
        limit.give_back()
    proven(request, person, "password")
    return True


def send_again(request: HttpRequest, person: Person, identifier: Identifier) -> bool:
    """Send a code to one of `person`'s own identifiers, and say True; TooOften beyond the bounds of log-in codes."""
    claim = Claim(Identifier.Kind(identifier.kind), identifier.value, origin_of(request))
    sent = {"key": str(send_code(claim)), "kind": claim.kind, "value": claim.value, "person": person.pk}
    request.session[SENT] = sent
    return True


def sent_to(request: HttpRequest, person: Person) -> dict[str, str] | None:
    """What a code of this session was sent to: kind and value; None where none was."""
    sent = request.session.get(SENT)
    return sent if sent and sent["person"] == person.pk else None


def prove_by_code(request: HttpRequest, person: Person, typed: str) -> bool:
    """Whether `typed` is the code that was sent to `person`; it works once, within its bounds."""
    sent = sent_to(request, person)
    found = redeem(uuid.UUID(sent["key"]), typed, origin_of(request)) if sent else None
    if found is None or found.person_id != person.pk:
        return False
    del request.session[SENT]
    proven(request, person, "code")
    return True


def proven(request: HttpRequest, person: Person, method: str) -> None:
    """Keep that `person` has just proven who they are; the session's key is new from here on."""
    request.session.cycle_key()
    note_proof(request, person, method)
    journal(request, person, method)


def journal(request: HttpRequest, person: Person, method: str, *, result: str = "done") -> None:
    """Write a proof, given or refused, beside the person's log-ins."""
    seat: Seat | None = getattr(request, "seat", None)
    client_id = seat.client_id if seat else client_of(person)
    origin = origin_of(request)
    record(person.actor(), "access.proof", client_id=client_id, after={"by": method}, result=result, origin=origin)
