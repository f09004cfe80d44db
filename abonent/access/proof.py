"""What a session has proven of its person: how, and when last (V8)."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from abonent import profile
from abonent.access.models import Person
from abonent.lib import clock

# What allauth calls a proof by an app, a passkey or a recovery code.
SECOND = "mfa"


@dataclass(frozen=True, slots=True)
class Proof:
    """One proof of this session: `method` is password, code or mfa."""

    method: str
    at: dt.datetime


def note_proof(request: HttpRequest, person: Person, method: str, **details: object) -> None:
    """Keep in the session that `person` has just proven who they are; the time is that of our clock."""
    record_authentication(request, person, method, at=clock.now().timestamp(), **details)


def proofs(request: HttpRequest, person: Person | AnonymousUser) -> list[Proof]:
    """The proofs of `person` in this session, oldest first; those of anybody else count for nothing."""
    records = get_authentication_records(request, person)
    return [Proof(record["method"], dt.datetime.fromtimestamp(record["at"], dt.UTC)) for record in records]


def is_fresh(request: HttpRequest, person: Person | AnonymousUser) -> bool:
    """Whether the newest proof is at most the profile's `login.fresh_minutes` old."""
    oldest = clock.now() - dt.timedelta(minutes=profile.current().login.fresh_minutes)
    return any(proof.at >= oldest for proof in proofs(request, person))


def has_second_factor(request: HttpRequest, person: Person | AnonymousUser) -> bool:
    """Whether this session was strengthened by an app, a passkey or a recovery code."""
    return any(proof.method == SECOND for proof in proofs(request, person))
