"""Who somebody is: by a code or by a password. Unknown people and wrong secrets look and take the same."""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent import profile
from abonent.access.bounds import DAY, HOUR, Limit, take_all
from abonent.access.models import Identifier, LoginCode, Person, Seat
from abonent.audit.journal import SYSTEM, Origin, record
from abonent.lib import clock
from abonent.outbox.posting import post, text

Kind = Identifier.Kind

# Many people of one company come from one address; a robot that walks through numbers comes from one too.
CODES_A_DAY_PER_ADDRESS = 200
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


def send_code(claim: Claim) -> uuid.UUID:
    """Send a code to the number or address, if it is known; answer the key by which it is redeemed.

    Beyond the bounds it is TooOften.
    The key is given for an unknown one too: what follows is the same, only that no code will ever fit (S0.1).
    """
    rules = profile.current().login
    take_all(
        Limit("code", f"{claim.kind}:{claim.value}", rules.codes_per_day, DAY),
        Limit("code from", claim.origin.address, CODES_A_DAY_PER_ADDRESS, DAY),
    )
    secret = f"{secrets.randbelow(10**6):06}"
    key = uuid.uuid4()
    with transaction.atomic():
        expires = clock.now() + dt.timedelta(minutes=rules.code_minutes)
        LoginCode.objects.create(
            key=key, kind=claim.kind, value=claim.value, digest=digest_of(key, secret), expires=expires
        )
        found = claim.identifier()
        client_id = client_of(found.person) if found else None
        if found is None:
            note_refusal(claim, None, "unknown")
        elif not Limit("code to client", str(client_id), CODES_A_DAY_PER_CLIENT, DAY).take():
            note_refusal(claim, found.person, "too many codes for the client")
        else:
            hand_over(claim, secret, rules.code_minutes)
            record(found.person.actor(), "access.code", client_id=client_id, origin=claim.origin)
    return key


def hand_over(claim: Claim, secret: str, minutes: int) -> None:
    words = ngettext(
        "Your code is %(code)s. It works once, within %(minutes)d minute. Tell it to nobody.",
        "Your code is %(code)s. It works once, within %(minutes)d minutes. Tell it to nobody.",
        minutes,
    ) % {"code": secret, "minutes": minutes}
    if claim.kind == Kind.PHONE:
        text(claim.value, words, purpose="login code")
    else:
        language = translation.get_language() or ""
        post(claim.value, _("Your code to log in"), words, purpose="login code", language=language)


def redeem(key: uuid.UUID, typed: str, origin: Origin) -> Identifier | None:
    """Answer whose code `typed` is; None for a wrong, used, expired or worn-out one. A code fits once (S0.1)."""
    tries = profile.current().login.code_tries
    usable = LoginCode.objects.filter(pk=key, used=None, expires__gt=clock.now())
    # Counted before it is compared: of any number of concurrent guesses no more than `tries` are looked at.
    if usable.filter(tries__lt=tries).update(tries=F("tries") + 1) != 1:
        return None
    code = LoginCode.objects.get(pk=key)
    claim = Claim(Kind(code.kind), code.value, origin)
    found = claim.identifier()
    fits = constant_time_compare(code.digest, digest_of(key, typed))
    if fits and found and usable.update(used=clock.now()) == 1:
        return found
    note_refusal(claim, found.person if found else None, "wrong code")
    return None


def digest_of(key: uuid.UUID, secret: str) -> str:
    """What is kept of a code: worthless without the product's secret key."""
    return salted_hmac("abonent.access.code", f"{key}:{secret}", algorithm="sha256").hexdigest()


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
        client_id=client_of(person) if person else None,
        after={"reason": reason},
        result="refused",
        origin=claim.origin,
    )


def client_of(person: Person) -> int | None:
    """The client in whose journal this person's log-ins stand: that of the first seat."""
    seat = Seat.objects.of(person).first()
    return seat.client_id if seat else None
