"""Changing one's own log-in: name, password, phone number and e-mail address (V8)."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from abonent import profile
from abonent.access.bounds import DAY, HOUR, Limit, take_all
from abonent.access.codes import Made, Purpose, hand_over, make, take_bounds
from abonent.access.credentials import CODES_A_DAY_PER_CLIENT, client_of
from abonent.access.models import Identifier, Person
from abonent.audit.journal import Origin, record
from abonent.lib import phones
from abonent.outbox.posting import post, text

Kind = Identifier.Kind
CODED = (Kind.PHONE, Kind.EMAIL)


class TakenError(Exception):
    """Somebody else logs in by it."""


@dataclass(frozen=True, slots=True)
class Words:
    """A letter to somebody about their own log-in."""

    subject: str
    body: str


def knows_password(person: Person, typed: str) -> bool:
    """Whether `typed` is the person's password; TooOften beyond the bound on guesses."""
    limit = Limit("guess", f"person:{person.pk}", profile.current().login.guesses_per_hour, HOUR)
    take_all(limit)
    if not person.check_password(typed):
        return False
    limit.give_back()
    return True


def change_password(person: Person, password: str, origin: Origin, *, keep: str | None = None) -> None:
    """Set the password; every session but `keep` (a session key) ends, and the person is told by letter."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        ended = person.sessions.exclude(session_key=keep).delete()[0]
        record(
            person.actor(),
            "access.password",
            target=("person", person.pk, person.name),
            client_id=client_of(person),
            after={"sessions_ended": ended},
            origin=origin,
        )
        words = Words(
            _("Your password was changed"),
            _("The password of your log-in was changed. If that was not you, set a new one by “Forgot password”."),
        )
        tell(person, words)


def rename(person: Person, name: str, origin: Origin) -> None:
    before = person.name
    if name == before:
        return
    with transaction.atomic():
        person.name = name
        person.save(update_fields=["name"])
        record(
            person.actor(),
            "access.rename",
            target=("person", person.pk, name),
            client_id=client_of(person),
            before={"name": before},
            after={"name": name},
            origin=origin,
        )


def send_two_codes(person: Person, proof: Identifier, kind: Identifier.Kind, value: str, origin: Origin) -> list[Made]:
    """Send a code to what the person has (`proof`) and one to what is to come; TooOften beyond the bounds.

    The new one gets its code even if somebody else has it: only whoever reads it may learn that.
    """
    to_client = Limit("code to client", str(client_of(person)), CODES_A_DAY_PER_CLIENT, DAY)
    take_all(Limit("change by", str(person.pk), profile.current().login.codes_per_day, DAY), to_client, to_client)
    take_bounds(Kind(proof.kind), proof.value, origin)
    take_bounds(kind, value, origin)
    with transaction.atomic():
        old = make(Purpose.CHANGE, Kind(proof.kind), proof.value)
        new = make(Purpose.CHANGE, kind, value)
        hand_over(Kind(proof.kind), proof.value, old.secret)
        hand_over(kind, value, new.secret)
    return [old, new]


def change_identifier(
    person: Person, old: Identifier | None, kind: Identifier.Kind, value: str, origin: Origin
) -> Identifier:
    """Replace `old` by a proven `value` (or add it, without `old`); TakenError where somebody else has it."""
    try:
        with transaction.atomic():
            # Nobody logs in by what was never proven; it must not keep whoever proves it from having it.
            Identifier.objects.filter(kind=kind, value=value, verified=False).delete()
            if old is not None:
                old.delete()
            made = Identifier.objects.create(kind=kind, value=value, person=person, verified=True)
            record(
                person.actor(),
                "access.identifier",
                target=("person", person.pk, person.name),
                client_id=client_of(person),
                before={kind: old.value} if old else None,
                after={kind: value},
                origin=origin,
            )
            if old is not None:
                send(old, _changed_words(str(old), str(made)))
    except IntegrityError as error:
        raise TakenError from error
    return made


def _changed_words(old: str, new: str) -> Words:
    return Words(
        _("Your log-in was changed"),
        _("You log in by %(new)s now, and by %(old)s no more. If that was not you, tell your administrator at once.")
        % {"old": old, "new": new},
    )


def tell(person: Person, words: Words) -> None:
    """To every e-mail address of the person; by text message where there is none."""
    proven = person.identifiers.filter(verified=True)
    ways = list(proven.filter(kind=Kind.EMAIL)) or list(proven.filter(kind=Kind.PHONE))
    for way in ways:
        send(way, words)


def send(to: Identifier, words: Words) -> None:
    if to.kind == Kind.EMAIL:
        post(to.value, words.subject, words.body, purpose="log-in", language=translation.get_language() or "")
    elif to.kind == Kind.PHONE and Limit("told", to.value, profile.current().login.codes_per_day, DAY).take():
        # A message costs: whoever makes new recovery codes all day is told of it so often, and the journal has all.
        text(to.value, words.body, purpose="log-in")


def shown(kind: Identifier.Kind, value: str) -> str:
    """An identifier as people read it."""
    return phones.pretty(value) if kind == Kind.PHONE else value
