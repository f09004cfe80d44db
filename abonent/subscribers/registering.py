"""«Зарегистрироваться»: whoever holds a number, or gets an account's invoices, makes a log-in (S0.3)."""

import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from abonent.access.bounds import DAY, Limit
from abonent.access.codes import Kind, Purpose, attempt, hand_over, make, take_bounds
from abonent.access.credentials import CODES_A_DAY_PER_CLIENT
from abonent.access.models import Identifier, Person, Role, Seat
from abonent.access.proven import Proof
from abonent.access.rights import BuiltIn, Right
from abonent.audit.journal import SYSTEM, Origin, record
from abonent.clients.models import Account, Client
from abonent.lib import clock
from abonent.outbox.posting import post
from abonent.profile import current
from abonent.subscribers.models import Subscriber


class NotOpenError(Exception):
    """What was proven cannot be registered (any more); the text says what to do."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The key of the code, and where it went: an address that the page must not show; empty where none went."""

    key: uuid.UUID
    to: str


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody may register for: a role over one line or one account, proven at `to`."""

    kind: Identifier.Kind
    value: str
    client: Client
    to_kind: Identifier.Kind
    to: str
    target: int


def place_of(kind: Identifier.Kind, value: str) -> Place | None:
    """The active line with this number, or the open account with this number whose invoices go by e-mail."""
    if kind == Kind.PHONE:
        line = Subscriber.objects.as_system().filter(number=value, status=Subscriber.Status.ACTIVE)
        found = line.select_related("account__contract__client").first()
        return Place(kind, value, found.account.client, Kind.PHONE, value, found.pk) if found else None
    accounts = Account.objects.as_system().exclude(status=Account.Status.CLOSED)
    account = accounts.filter(number=value).select_related("contract__client").first()
    delivery = account.delivery_at(clock.now()) if account else None
    if account is None or delivery is None or not delivery.addresses:
        return None
    # Of several the first: the one that was named first, by the application or by whoever changed it since.
    return Place(kind, value, account.client, Kind.EMAIL, delivery.addresses[0], account.pk)


def is_managed(place: Place) -> bool:
    """Whether somebody has, or will have, the say over the account, be they blocked at present or not."""
    over = Q(reach=Seat.Reach.CLIENT) | Q(reach=Seat.Reach.ACCOUNTS, targets__target=place.target)
    not_over = Q(valid_to=None) | Q(valid_to__gt=clock.now())
    seats = Seat.objects.filter(over, not_over, client=place.client).select_related("role")
    return any(seat.has(Right.MANAGE_PEOPLE) for seat in seats)


def send_code(kind: Identifier.Kind, value: str, origin: Origin) -> Sent:
    """Send a code to the number, or to where the account's invoices go; TooOften beyond the bounds.

    What follows is the same whether the operator has such a number or not, and whether a code went or not. Where an
    account has an administrator, the letter says to ask them, and no code is in it.
    """
    take_bounds(kind, value, origin)
    with transaction.atomic():
        made = make(Purpose.REGISTER, kind, value)
        place = place_of(kind, value)
        reason = _refusal(place)
        if place is None or reason:
            _note(kind, value, place, origin, reason or "unknown")
            return Sent(made.key, "")
        if place.kind == Kind.ACCOUNT and is_managed(place):
            _send_to_administrator(place)
            _note(kind, value, place, origin, "has an administrator")
            return Sent(made.key, "")
        hand_over(place.to_kind, place.to, made.secret)
        _note(kind, value, place, origin, "")
    return Sent(made.key, place.to)


def _refusal(place: Place | None) -> str:
    """Why nothing is sent to this place at present."""
    if place is None:
        return "unknown"
    # One mailbox may get the invoices of many accounts.
    mailbox = Limit("code", f"{place.to_kind}:{place.to}", current().login.codes_per_day, DAY)
    if place.kind == Kind.ACCOUNT and not mailbox.take():
        return "too many codes for the mailbox"
    if not Limit("code to client", str(place.client.pk), CODES_A_DAY_PER_CLIENT, DAY).take():
        return "too many codes for the client"
    return ""


def _send_to_administrator(place: Place) -> None:
    words = _(
        "Somebody asked to register for account %(account)s. It has an administrator already: ask them to invite you. "
        "If it was not you, there is nothing to do."
    ) % {"account": place.value}
    language = translation.get_language() or ""
    post(place.to, _("Account %(account)s") % {"account": place.value}, words, purpose="registering", language=language)


def redeem(key: uuid.UUID, typed: str, sent_to: str, origin: Origin) -> Proof | None:
    """What the code proves; None for one that does not fit."""
    tried = attempt(Purpose.REGISTER, key, typed)
    if tried is None:
        return None
    kind, value = Kind(tried.code.kind), tried.code.value
    if tried.fits:
        return Proof(kind, value, sent_to)
    _note(kind, value, place_of(kind, value), origin, "wrong code")
    return None


def proven_place(proof: Proof) -> Place:
    """What `proof` opens; NotOpenError where the number or the mailbox has changed hands since."""
    place = place_of(proof.kind, proof.value)
    if place is None or place.to != proof.sent_to:
        raise NotOpenError(_("This number or account cannot be registered any more. Ask the operator."))
    return place


def known_person(place: Place) -> Identifier | None:
    """Whoever logs in already by the number or the mailbox that was proven; NotOpenError where they are blocked."""
    found = Identifier.objects.filter(kind=place.to_kind, value=place.to, verified=True)
    identifier = found.select_related("person").first()
    if identifier is not None and not identifier.person.is_active:
        raise NotOpenError(_("This log-in is blocked. Ask the operator."))
    return identifier


def register(proof: Proof, name: str, password: str, origin: Origin) -> Identifier:
    """Make a person with a log-in by what was proven, and their role; NotOpenError where that is not open."""
    try:
        with transaction.atomic():
            place = _locked(proof)
            if known_person(place) is not None:
                raise NotOpenError(_("Somebody has registered meanwhile. Log in."))
            language = translation.get_language() or ""
            person = Person.objects.create_person(name, password, language=language)
            Identifier.objects.filter(kind=place.to_kind, value=place.to).delete()
            identifier = Identifier.objects.create(kind=place.to_kind, value=place.to, person=person, verified=True)
            record(
                person.actor(),
                "access.register",
                target=("person", person.pk, person.name),
                client_id=place.client.pk,
                after={place.kind: place.value},
                origin=origin,
            )
            _seat(place, person, origin)
    except IntegrityError as error:
        raise NotOpenError(_("Somebody has registered meanwhile. Log in.")) from error
    return identifier


def join(proof: Proof, origin: Origin) -> Identifier:
    """Give the role to the person whose number or mailbox was proven; NotOpenError where that is not open any more."""
    with transaction.atomic():
        place = _locked(proof)
        identifier = known_person(place)
        if identifier is None:
            raise NotOpenError(_("This log-in is not there any more. Begin again."))
        _seat(place, identifier.person, origin)
    return identifier


def _locked(proof: Proof) -> Place:
    """The place, with its client's row locked: two who register for one account do so one after the other."""
    place = proven_place(proof)
    Client.objects.select_for_update().get(pk=place.client.pk)
    return proven_place(proof)


def _seat(place: Place, person: Person, origin: Origin) -> None:
    if place.kind == Kind.PHONE:
        _seat_subscriber(place, person, origin)
        return
    if is_managed(place):
        raise NotOpenError(_("This account has an administrator already: ask them to invite you."))
    # Whoever logged in by the account number before has no say over it any more.
    Identifier.objects.filter(kind=Kind.ACCOUNT, value=place.value).delete()
    Identifier.objects.create(kind=Kind.ACCOUNT, value=place.value, person=person, verified=True)
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    _note_seat(Seat.objects.give(person, role, place.client, accounts=[place.target]), origin)


def _seat_subscriber(place: Place, person: Person, origin: Origin) -> None:
    """A role that was blocked or taken away is not got back by registering again."""
    had = Seat.objects.filter(person=person, reach=Seat.Reach.SUBSCRIBERS, targets__target=place.target)
    if not had.exists():
        role = Role.objects.built_in(BuiltIn.SUBSCRIBER)
        _note_seat(Seat.objects.give(person, role, place.client, subscribers=[place.target]), origin)


def _note_seat(seat: Seat, origin: Origin) -> None:
    record(
        seat.actor(),
        "access.seat",
        target=("seat", seat.pk, seat.label),
        client_id=seat.client_id,
        after={"person": seat.person.name, "role": seat.role.name, "reach": seat.reach},
        origin=origin,
    )


def _note(kind: Identifier.Kind, value: str, place: Place | None, origin: Origin, reason: str) -> None:
    record(
        SYSTEM,
        "access.register-code",
        target=("identifier", kind, value),
        client_id=place.client.pk if place else None,
        after={"reason": reason} if reason else {"sent": True},
        result="refused" if reason else "done",
        origin=origin,
    )
