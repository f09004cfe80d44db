"""Second factors: codes of an app (TOTP), passkeys (WebAuthn), recovery codes; kept by allauth (V8)."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from abonent.access.adapter import FACTORS, MFAAdapter
from abonent.access.models import Person
from abonent.lib import clock

Factor = Authenticator
Type = Authenticator.Type
T = TypeVar("T")
Credential = dict[str, object]
PENDING = "totp"
DIGITS = 6
# What a forged answer of a browser makes the parsers raise: each is a refusal.
FORGED = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class Strength:
    """What a person has set up."""

    app: Authenticator | None
    passkeys: list[Authenticator]
    codes_left: int | None

    @property
    def has_factor(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def strength_of(person: Person) -> Strength:
    rows = list(Authenticator.objects.filter(user=person).order_by("pk"))
    codes = next((row for row in rows if row.type == Type.RECOVERY_CODES), None)
    return Strength(
        next((row for row in rows if row.type == Type.TOTP), None),
        [row for row in rows if row.type == Type.WEBAUTHN],
        len(RecoveryCodes(codes).get_unused_codes()) if codes else None,
    )


def owners_among(people: Collection[int]) -> set[int]:
    """Who of these people (ids) has a second factor."""
    found = Authenticator.objects.filter(user__in=people, type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))


def pending_secret(request: HttpRequest) -> str:
    """The secret that is about to become the app's: the same until it is confirmed, encrypted in the session."""
    kept = request.session.get(PENDING)
    if kept is None:
        kept = request.session[PENDING] = encrypt(generate_totp_secret())
    secret: str = decrypt(kept)
    return secret


def app_address(person: Person, secret: str) -> str:
    """What the QR code says to the app."""
    address: str = MFAAdapter().build_totp_url(person, secret)
    return address


def add_app(request: HttpRequest, person: Person, code: str) -> bool:
    """Keep the pending secret if `code` fits it; False otherwise. The code that was used for it is used up."""
    secret = pending_secret(request)
    counter = counter_of(secret, code)
    if counter is None:
        return False
    row = TOTP.activate(person, secret).instance
    row.data["counter"] = counter
    row.save(update_fields=["data"])
    del request.session[PENDING]
    return True


def counters() -> list[int]:
    """The steps of time whose codes are good: this one, and one either way for a clock that is not exact."""
    return list(yield_hotp_counters_from_time())


def counter_of(secret: str, code: str) -> int | None:
    """The step of time whose code this is."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    found = [one for one in counters() if constant_time_compare(format_hotp_value(hotp_value(secret, one)), code)]
    return found[-1] if found else None


def accept_code(person: Person, typed: str) -> str | None:
    """The kind of factor that `typed` proves (totp or recovery_codes); a code is good once. None if it is wrong."""
    digits = re.sub(r"[\s-]", "", typed)
    return _accept_app(person, digits) if len(digits) == DIGITS else _accept_recovery(person, digits)


def _accept_app(person: Person, digits: str) -> str | None:
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=person, type=Type.TOTP).first()
        counter = counter_of(decrypt(row.data["secret"]), digits) if row else None
        # A code that somebody looked at over the shoulder is worth nothing: time goes forward only.
        if row is None or counter is None or counter <= row.data.get("counter", 0):
            return None
        row.data["counter"] = counter
        row.last_used_at = clock.now()
        row.save(update_fields=["data", "last_used_at"])
    return str(Type.TOTP)


def _accept_recovery(person: Person, digits: str) -> str | None:
    row = Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).first()
    return str(Type.RECOVERY_CODES) if row and RecoveryCodes(row).validate_code(digits) else None


def make_recovery_codes(person: Person) -> list[str]:
    """New recovery codes instead of any earlier ones: shown once, by whoever calls this."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).delete()
        codes: list[str] = RecoveryCodes.activate(person).generate_codes()
    return codes


def remove(factor: Authenticator) -> None:
    """Take a factor away; with the last one go the recovery codes, which are worth nothing alone."""
    with transaction.atomic():
        person_id = factor.user_id
        factor.delete()
        left = Authenticator.objects.filter(user_id=person_id)
        if not left.filter(type__in=FACTORS).exists():
            left.delete()


def passkeys_of(person: Person) -> "QuerySet[Authenticator]":
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=person, type=Type.WEBAUTHN)
    return found


def registration_options(person: Person) -> Credential:
    """What the browser needs to make a passkey that proves its user (PIN, finger, face) and is found without a name."""
    options: Credential = webauthn.begin_registration(person, passwordless=True)
    return options


def add_passkey(person: Person, name: str, credential: Credential) -> bool:
    """Keep the passkey that the browser made; False for an answer that does not fit what was asked."""

    def check() -> Authenticator:
        webauthn.parse_registration_response(credential)
        webauthn.complete_registration(credential)
        return webauthn.WebAuthn.add(person, name, credential).instance

    return _refused_if_forged(check) is not None


def rename_passkey(passkey: Authenticator, name: str) -> str:
    """The name that it had."""
    before: str = passkey.data["name"]
    passkey.data["name"] = name
    passkey.save(update_fields=["data"])
    return before


def proof_options(person: Person | None) -> Credential:
    """What the browser needs to prove a passkey: one of `person`'s, or (None) whichever its user chooses."""
    options: Credential = webauthn.begin_authentication(person)
    return options


def accept_passkey(person: Person, credential: Credential) -> Authenticator | None:
    """The passkey of `person` that signed what this session asked for; None otherwise."""

    def check() -> Authenticator:
        webauthn.parse_authentication_response(credential)
        return webauthn.complete_authentication(person, credential)

    found = _refused_if_forged(check)
    if found is not None:
        found.last_used_at = clock.now()
        found.save(update_fields=["last_used_at"])
    return found


def owner_of(credential: Credential) -> Person | None:
    """Whom the browser says that a passkey belongs to: proven only when `accept_passkey` says so too."""

    def check() -> Person:
        webauthn.parse_authentication_response(credential)
        person: Person = webauthn.extract_user_from_response(credential)
        return person

    found = _refused_if_forged(check)
    return found if found is not None and found.is_active else None


def _refused_if_forged(check: Callable[[], T]) -> T | None:
    try:
        return check()
    except FORGED:
        webauthn.clear_state()
        return None
