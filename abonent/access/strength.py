"""How strong a log-in is: giving the second factor, changing it, and a client that requires it (V8)."""

from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from abonent import profile
from abonent.access import factors
from abonent.access.adapter import SecondFactorStage, give_up, go_on
from abonent.access.address import origin_of
from abonent.access.bounds import DAY, Limit, TooOften, take_all
from abonent.access.credentials import client_of
from abonent.access.entering import arrive
from abonent.access.models import Person, Seat
from abonent.access.own import Words, tell
from abonent.access.proof import SECOND, note_proof
from abonent.audit.journal import record
from abonent.clients.models import Client


class WornOut(Exception):  # noqa: N818  # a rule that was broken, said in two words
    """Too many wrong codes for this one log-in: it begins anew."""


def prove_by_factor(request: HttpRequest, person: Person, typed: str, stage: SecondFactorStage | None) -> str | None:
    """The kind of factor that `typed` proves; None for a wrong one, WornOut or TooOften beyond the bounds.

    A code stands `code_tries` tries in one log-in (or session) and `factor_guesses_per_day` in all: three codes of an
    app are good at a time, so a day's guesses hit with a chance of 4.5 in 100,000.
    """
    rules = profile.current().login
    kind = "app" if len("".join(typed.split())) == factors.DIGITS else "recovery"
    attempt = stage.state["attempt"] if stage else request.session.session_key
    this = Limit("factor try", f"{person.pk}:{attempt}", rules.code_tries, DAY)
    day = Limit("factor", f"{kind}:{person.pk}", rules.factor_guesses_per_day, DAY)
    take_one(this, day, is_login=stage is not None)
    found = factors.accept_code(person, typed)
    if found is None:
        note(request, person, "access.second-factor", {"by": kind}, result="refused")
        return None
    this.give_back()
    day.give_back()
    return found


def take_one(this: Limit, day: Limit, *, is_login: bool) -> None:
    try:
        take_all(this)
    except TooOften as bound:
        raise (WornOut if is_login else bound) from bound
    take_all(day)


def strengthen(
    request: HttpRequest, person: Person, by: str, stage: SecondFactorStage | None
) -> HttpResponseBase | None:
    """A second factor was given: log in where a log-in waits for it (its answer), else strengthen this session."""
    if stage is None:
        request.session.cycle_key()
    note_proof(request, person, SECOND, type=by)
    answer = go_on(stage) if stage else None
    if stage:
        arrive(request, person, by)
    note(request, person, "access.second-factor", {"by": by})
    return answer


def abandon(request: HttpRequest) -> None:
    """Forget a log-in that waits for its second factor."""
    give_up(request)


def note(request: HttpRequest, person: Person, action: str, after: dict[str, object], *, result: str = "done") -> None:
    target = ("person", person.pk, person.name)
    origin = origin_of(request)
    record(
        person.actor(), action, target=target, client_id=client_of(person), after=after, result=result, origin=origin
    )


def set_up_app(request: HttpRequest, person: Person, code: str) -> list[str] | None:
    """Add the app that is being set up, if `code` is its code; None where it is not, or there is one already.

    The answer is the person's recovery codes where they are made now (with the first factor), to be shown once.
    """
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if factors.strength_of(person).app or not factors.add_app(request, person, code):
            return None
        return _added(request, person, factors.Type.TOTP, "")


def set_up_passkey(request: HttpRequest, person: Person, name: str, credential: factors.Credential) -> list[str] | None:
    """Add the passkey that the browser made; None for an answer that does not fit. Otherwise as `set_up_app`."""
    with transaction.atomic():
        if not factors.add_passkey(person, name, credential):
            return None
        return _added(request, person, factors.Type.WEBAUTHN, name)


def _added(request: HttpRequest, person: Person, kind: str, name: str) -> list[str]:
    note(request, person, "access.second-factor-added", {"kind": kind, "name": name})
    # Whoever sets a factor up has just proven it.
    note_proof(request, person, SECOND, type=kind)
    _tell(person, _("A second factor was added to your log-in"), _added_text(kind, name))
    has_codes = factors.strength_of(person).codes_left is not None
    return [] if has_codes else factors.make_recovery_codes(person)


def _tell(person: Person, subject: str, text: str) -> None:
    """A letter of notice; whoever did not do it themselves has to know what to do."""
    tell(person, Words(subject, f"{text} {_('If that was not you, change your password at once.')}"))


def _added_text(kind: str, name: str) -> str:
    if kind == factors.Type.WEBAUTHN:
        return _("The passkey “%(name)s” was added to your log-in.") % {"name": name}
    return _("Codes of an app are a second factor of your log-in from now on.")


def take_away(request: HttpRequest, person: Person, factor: factors.Factor) -> None:
    """Take a factor away, with its line in the journal and a letter."""
    kind, name = str(factor.type), str(factor.data.get("name", ""))
    with transaction.atomic():
        factors.remove(factor)
        note(request, person, "access.second-factor-removed", {"kind": kind, "name": name})
        if kind == factors.Type.WEBAUTHN:
            text = _("The passkey “%(name)s” was removed from your log-in.") % {"name": name}
        else:
            text = _("Codes of an app are no longer a second factor of your log-in.")
        _tell(person, _("A second factor was removed from your log-in"), text)


def rename(request: HttpRequest, person: Person, passkey: factors.Factor, name: str) -> None:
    with transaction.atomic():
        before = factors.rename_passkey(passkey, name)
        note(request, person, "access.passkey-rename", {"name": name, "before": before})


def renew_codes(request: HttpRequest, person: Person) -> list[str]:
    """New recovery codes; the old ones are worth nothing from here on."""
    with transaction.atomic():
        note(request, person, "access.recovery-codes", {})
        _tell(person, _("New recovery codes"), _("New recovery codes were made; the old ones work no more."))
        return factors.make_recovery_codes(person)


@dataclass(frozen=True, slots=True)
class Readiness:
    """How many people act for a client, and how many of them have no second factor yet."""

    people: int
    without: int


def readiness(client: Client) -> Readiness:
    people = set(Seat.objects.in_force().filter(client=client).values_list("person_id", flat=True))
    return Readiness(len(people), len(people - factors.owners_among(people)))


def require(request: HttpRequest, seat: Seat, client_id: int, *, wanted: bool) -> None:
    """Require a second factor of everybody who acts for the client of `seat`, or no longer."""
    with transaction.atomic():
        client = Client.objects.select_for_update().get(pk=client_id)
        if client.second_factor == wanted:
            return
        client.second_factor = wanted
        client.save(update_fields=["second_factor"])
        record(
            seat.actor(),
            "access.second-factor-required",
            target=("client", client.pk, client.name),
            client_id=client.pk,
            before={"required": not wanted},
            after={"required": wanted},
            origin=origin_of(request),
        )
