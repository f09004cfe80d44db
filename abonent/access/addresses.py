"""Addresses for documents, proven by a code the first time that they are used (S3, S6, L5).

Anybody may type anybody's address, so nothing goes there before whoever reads it has told the code. What follows is the
same for an address that is known here and for one that is not.
"""

import uuid

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent import profile
from abonent.access.bounds import DAY, Limit, take_all
from abonent.access.codes import Kind, Made, Purpose, attempt, make, take_bounds
from abonent.access.credentials import CODES_A_DAY_PER_CLIENT
from abonent.access.models import Identifier, ProvenAddress, Seat
from abonent.audit.journal import Origin, record
from abonent.outbox.posting import post


def is_proven(seat: Seat, email: str) -> bool:
    """Whether the seat's person has proven `email` (lower case) for the client, or logs in by it."""
    if ProvenAddress.objects.within(seat).filter(email=email).exists():
        return True
    own = Identifier.objects.filter(kind=Kind.EMAIL, value=email, person_id=seat.person_id, verified=True)
    return own.exists()


def send_code(seat: Seat, email: str, origin: Origin) -> uuid.UUID:
    """Send a code to `email` and answer the key by which it is redeemed; TooOften beyond the bounds."""
    per_day = profile.current().login.codes_per_day
    take_all(
        Limit("address by", str(seat.person_id), per_day, DAY),
        Limit("code to client", str(seat.client_id), CODES_A_DAY_PER_CLIENT, DAY),
    )
    take_bounds(Kind.EMAIL, email, origin)
    with transaction.atomic():
        made = make(Purpose.ADDRESS, Kind.EMAIL, email)
        _hand_over(seat, email, made)
        _journal(seat, "access.address-code", email, origin)
    return made.key


def redeem(seat: Seat, key: uuid.UUID, typed: str, origin: Origin) -> str | None:
    """Remember the address that the code was sent to, and answer it; None for a code that does not fit."""
    tried = attempt(Purpose.ADDRESS, key, typed)
    if tried is None or not tried.fits:
        return None
    email = tried.code.value
    if seat.client is None:
        raise ValueError("documents are a client's")
    with transaction.atomic():
        ProvenAddress.objects.get_or_create(client=seat.client, person_id=seat.person_id, email=email)
        _journal(seat, "access.address-proven", email, origin)
    return email


def forget(address: ProvenAddress, seat: Seat, origin: Origin) -> None:
    """From now on it takes a code again before something goes there."""
    with transaction.atomic():
        if address.delete()[0]:
            _journal(seat, "access.address-forgotten", address.email, origin)


def _hand_over(seat: Seat, email: str, made: Made) -> None:
    minutes = profile.current().login.code_minutes
    words = ngettext(
        "%(client)s wants documents of the operator to be sent to this address. The code that confirms it is %(code)s; "
        "it works once, within %(minutes)d minute. If you do not know of this, tell it to nobody.",
        "%(client)s wants documents of the operator to be sent to this address. The code that confirms it is %(code)s; "
        "it works once, within %(minutes)d minutes. If you do not know of this, tell it to nobody.",
        minutes,
    ) % {"client": seat.client, "code": made.secret, "minutes": minutes}
    language = translation.get_language() or ""
    subject = _("The code that confirms your address")
    post(email, subject, words, purpose="address code", language=language, urgent=True, client_id=seat.client_id)


def _journal(seat: Seat, action: str, email: str, origin: Origin) -> None:
    record(
        seat.actor(),
        action,
        target=("person", seat.person_id, seat.person.name),
        client_id=seat.client_id,
        after={"email": email},
        origin=origin,
    )
