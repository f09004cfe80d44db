"""Codes that prove a phone number or an e-mail address: six digits, good once, for minutes, for one purpose."""

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import F
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent import profile
from abonent.access.bounds import DAY, Limit, take_all
from abonent.access.models import Identifier, LoginCode
from abonent.audit.journal import Origin
from abonent.lib import clock
from abonent.outbox.posting import post, text

Kind = Identifier.Kind

# Many people of one company come from one address; a robot that walks through numbers comes from one too.
CODES_A_DAY_PER_ADDRESS = 200


class Purpose(StrEnum):
    """What a code is for: one that was sent to log in changes no password, and registers nobody."""

    LOGIN = "login"
    REGISTER = "register"
    PASSWORD = "password"  # noqa: S105  # a name, no secret
    CHANGE = "change"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Made:
    """A code that nobody was sent yet: its key, and the digits."""

    key: uuid.UUID
    secret: str


def take_bounds(kind: Identifier.Kind, value: str, origin: Origin) -> None:
    """Count one code to `value` and one from the address; TooOften beyond the bounds, whatever the code is for."""
    take_all(
        Limit("code", f"{kind}:{value}", profile.current().login.codes_per_day, DAY),
        Limit("code from", origin.address, CODES_A_DAY_PER_ADDRESS, DAY),
    )


def make(purpose: Purpose, kind: Identifier.Kind, value: str) -> Made:
    """Write a code for `value`; of the digits only a digest is kept."""
    made = Made(uuid.uuid4(), f"{secrets.randbelow(10**6):06}")
    LoginCode.objects.create(
        key=made.key,
        kind=kind,
        value=value,
        digest=digest_of(made.key, made.secret, purpose),
        expires=clock.now() + dt.timedelta(minutes=profile.current().login.code_minutes),
    )
    return made


def hand_over(kind: Identifier.Kind, value: str, secret: str) -> None:
    """Send the digits to a number or an address."""
    minutes = profile.current().login.code_minutes
    words = ngettext(
        "Your code is %(code)s. It works once, within %(minutes)d minute. Tell it to nobody.",
        "Your code is %(code)s. It works once, within %(minutes)d minutes. Tell it to nobody.",
        minutes,
    ) % {"code": secret, "minutes": minutes}
    if kind == Kind.PHONE:
        text(value, words, purpose="login code")
    else:
        language = translation.get_language() or ""
        post(value, _("Your code to log in"), words, purpose="login code", language=language)


@dataclass(frozen=True, slots=True)
class Tried:
    """A code that a try was spent on. Where it `fits`, it is used up."""

    code: LoginCode
    fits: bool


def attempt(purpose: Purpose, key: uuid.UUID, typed: str) -> Tried | None:
    """Try `typed` against a code; None for one that is used, expired or worn out: nothing is looked at (S0.1)."""
    tries = profile.current().login.code_tries
    usable = LoginCode.objects.filter(pk=key, used=None, expires__gt=clock.now())
    # Counted before it is compared: of any number of concurrent guesses no more than `tries` are looked at.
    if usable.filter(tries__lt=tries).update(tries=F("tries") + 1) != 1:
        return None
    code = LoginCode.objects.get(pk=key)
    fits = constant_time_compare(code.digest, digest_of(key, typed, purpose))
    return Tried(code, fits and usable.update(used=clock.now()) == 1)


def digest_of(key: uuid.UUID, secret: str, purpose: Purpose) -> str:
    """What is kept of a code: worthless without the product's secret key, and for any other purpose."""
    return salted_hmac(f"abonent.access.code.{purpose}", f"{key}:{secret}", algorithm="sha256").hexdigest()
