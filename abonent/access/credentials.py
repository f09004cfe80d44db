"""Who somebody is: by a code or by a password. Unknown people and wrong secrets look and take the same."""

import uuid
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from abonent import profile
from abonent.access.bounds import DAY, HOUR, Limit, take_all
from abonent.access.codes import Purpose, attempt, hand_over, make, take_bounds
from abonent.access.models import Identifier, Person, Seat
from abonent.audit.journal import SYSTEM, Origin, record

Kind = Identifier.Kind

CODES_A_DAY_PER_CLIENT = 1_000
GUESSES_AN_HOUR_PER_ADDRESS = 100


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says they are: a normalised identifier, and from where they say it."""

    kind: Identifier.Kind
    value: str
    origin: Origin

    def identifier(self) -> Identifier | None:
        """The identifier with its person, where it is proven and its person may log in."""
        found = Identifier.objects.filter(kind=self.kind, value=self.value, verified=True, person__is_active=True)
        return found.select_related("person").first()


def normalise(kind: Identifier.Kind, typed: str) -> str | None:
    """The one form of what was typed; None where it cannot be an identifier of this kind."""
    if kind == Kind.PHONE:
        return profile.current().numbers.clean(typed)
    if kind == Kind.ACCOUNT:
        digits = "".join(typed.split())
        return digits if profile.current().is_account_number(digits) else None
    address = typed.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return None
    return address


def send_code(claim: Claim, purpose: Purpose = Purpose.LOGIN) -> uuid.UUID:
    """Send a code to the number or address, if somebody has it; answer the key by which it is redeemed.

    Beyond the bounds it is TooOften.
    The key is given for an unknown one too: what follows is the same, only that no code will ever fit (S0.1).
    """
    take_bounds(claim.kind, claim.value, claim.origin)
    with transaction.atomic():
        made = make(purpose, claim.kind, claim.value)
        found = claim.identifier()
        client_id = client_of(found.person) if found else None
        if found is None:
            as_much_work(claim, made.secret)
            note_refusal(claim, None, "unknown")
        elif not Limit("code to client", str(client_id), CODES_A_DAY_PER_CLIENT, DAY).take():
            note_refusal(claim, found.person, "too many codes for the client")
        else:
            hand_over(claim.kind, claim.value, made.secret)
            record(
                found.person.actor(),
                "access.code",
                client_id=client_id,
                after={"purpose": purpose},
                origin=claim.origin,
            )
    return made.key


def as_much_work(claim: Claim, secret: str) -> None:
    """Do what is done for somebody who is known, but send nothing: how long the answer takes must not tell (S0.2)."""
    Limit("code to nobody", claim.origin.address, CODES_A_DAY_PER_CLIENT, DAY).take()
    with transaction.atomic():
        hand_over(claim.kind, claim.value, secret)
        transaction.set_rollback(True)


def redeem(key: uuid.UUID, typed: str, origin: Origin, purpose: Purpose = Purpose.LOGIN) -> Identifier | None:
    """Answer whose code `typed` is; None for a wrong, used, expired or worn-out one. A code fits once (S0.1)."""
    tried = attempt(purpose, key, typed)
    if tried is None:
        return None
    claim = Claim(Kind(tried.code.kind), tried.code.value, origin)
    found = claim.identifier()
    if tried.fits and found is not None:
        return found
    note_refusal(claim, found.person if found else None, "wrong code")
    return None


def by_password(claim: Claim, password: str) -> Identifier | None:
    """The identifier whose person has this password; TooOften beyond the bounds (S0.2)."""
    limits = (
        Limit("guess", f"{claim.kind}:{claim.value}", profile.current().login.guesses_per_hour, HOUR),
        Limit("guess from", claim.origin.address, GUESSES_AN_HOUR_PER_ADDRESS, HOUR),
    )
    take_all(*limits)
    found = claim.identifier()
    if found is None:
        # As much work as a real check: how long the answer takes must not tell who is known.
        make_password(password)
    elif found.person.check_password(password):
        for limit in limits:
            limit.give_back()
        return found
    note_refusal(claim, found.person if found else None, "wrong password")
    return None


def note_refusal(claim: Claim, person: Person | None, reason: str) -> None:
    """Put a refused log-in into the journal: of the person's client where there is one, else of the operator."""
    actor = person.actor() if person else SYSTEM
    target = ("identifier", claim.kind, claim.value)
    record(
        actor,
        "access.login",
        target=target,
        client_id=client_of(person),
        after={"reason": reason},
        result="refused",
        origin=claim.origin,
    )


def client_of(person: Person | None) -> int | None:
    """The client in whose journal this person's log-ins stand: that of the first seat; None, as slowly, for nobody."""
    seat = Seat.objects.of(person or Person(pk=0)).first()
    return seat.client_id if seat else None
