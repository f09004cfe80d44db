"""Registering and a forgotten password: a code proves the number or the address, then come name and password (S0.3)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.codes import Kind, Purpose
from abonent.access.credentials import Claim, redeem, send_code
from abonent.access.entering import enter
from abonent.access.guard import public
from abonent.access.models import Identifier
from abonent.access.own import change_password, shown
from abonent.access.proven import Proof, drop_proof, keep_proof, proof_of
from abonent.portal.forms.login import CodeForm, EmailForm, IdentifierForm, PhoneForm
from abonent.portal.forms.own import NewPasswordForm, PersonForm
from abonent.portal.forms.ways_in import AccountForm
from abonent.portal.returning import status_of, too_often
from abonent.subscribers import registering

Redeem = Callable[[uuid.UUID, str, dict[str, str]], Proof | None]


@dataclass(frozen=True, slots=True)
class Way:
    """A tab: by what somebody proves themselves."""

    url_name: str
    label: Promise | str
    form: type[IdentifierForm]


@dataclass(frozen=True, slots=True)
class Flow:
    """Pages that follow each other: asking for a code, typing it, and what it opens."""

    purpose: Purpose
    heading: Promise
    text: Promise
    ways: tuple[Way, ...]
    code_url: str
    last_url: str

    @property
    def asked(self) -> str:
        """What the session calls the code that was asked for."""
        return f"asked {self.purpose}"


REGISTER = Flow(
    Purpose.REGISTER,
    # Translators: «Зарегистрироваться»
    gettext_lazy("Register"),
    gettext_lazy("For whoever holds a number of this operator, or gets the invoices of an account. A code proves it."),
    (
        # Translators: «Номер телефона»
        Way("register", gettext_lazy("Phone number"), PhoneForm),
        # Translators: «Лицевой счет»
        Way("register_account", gettext_lazy("Account number"), AccountForm),
    ),
    "register_code",
    "register_finish",
)
FORGOTTEN = Flow(
    Purpose.PASSWORD,
    # Translators: «Забыли пароль»
    gettext_lazy("Forgot password"),
    gettext_lazy("A code to your number or address lets you set a new one. Every session of yours ends with it."),
    (Way("password_lost", "SMS", PhoneForm), Way("password_lost_email", "Email", EmailForm)),
    "password_code",
    "password_new",
)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def register(request: HttpRequest) -> HttpResponseBase:
    """By a phone number, to which a code is sent."""
    return _ask(request, REGISTER, 0)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def register_account(request: HttpRequest) -> HttpResponseBase:
    """By an account number: the code goes where its invoices go."""
    return _ask(request, REGISTER, 1)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def register_code(request: HttpRequest) -> HttpResponseBase:
    def check(key: uuid.UUID, typed: str, asked: dict[str, str]) -> Proof | None:
        return registering.redeem(key, typed, asked["sent_to"], origin_of(request))

    return _code(request, REGISTER, check)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def register_finish(request: HttpRequest) -> HttpResponseBase:
    """Name and password of somebody new; whoever has a log-in already gets the role with one button."""
    proof = proof_of(request, Purpose.REGISTER)
    if proof is None:
        return HttpResponseRedirect(reverse("register"))
    try:
        place = registering.proven_place(proof)
        known = registering.known_person(place)
        form = PersonForm(request.POST if request.method == "POST" and known is None else None)
        if request.method == "POST" and (known is not None or form.is_valid()):
            return _registered(request, proof, None if known else form)
    except registering.NotOpenError as no:
        return render(request, "access/dead_end.html", {"heading": REGISTER.heading, "text": str(no)}, status=409)
    context = {"form": form, "known": known, "value": shown(proof.kind, proof.value), "flow": REGISTER}
    return render(request, "access/register.html", context, status=status_of(form))


def _registered(request: HttpRequest, proof: Proof, form: PersonForm | None) -> HttpResponseBase:
    origin = origin_of(request)
    if form is None:
        identifier = registering.join(proof, origin)
    else:
        identifier = registering.register(proof, form.cleaned_data["name"], form.cleaned_data["password"], origin)
    drop_proof(request)
    return enter(request, identifier, "code", reverse("seats") + "?next=%2F")


@never_cache
@require_http_methods(["GET", "POST"])
@public
def password_lost(request: HttpRequest) -> HttpResponseBase:
    """By a phone number, to which a code is sent."""
    return _ask(request, FORGOTTEN, 0)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def password_lost_email(request: HttpRequest) -> HttpResponseBase:
    """By an e-mail address, to which a code is sent."""
    return _ask(request, FORGOTTEN, 1)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def password_code(request: HttpRequest) -> HttpResponseBase:
    def check(key: uuid.UUID, typed: str, _asked: dict[str, str]) -> Proof | None:
        found = redeem(key, typed, origin_of(request), Purpose.PASSWORD)
        return Proof(Kind(found.kind), found.value, found.value) if found else None

    return _code(request, FORGOTTEN, check)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def password_new(request: HttpRequest) -> HttpResponseBase:
    """The new password; every session of the person ends, and this one is logged in anew."""
    identifier = _proven_identifier(request)
    if identifier is None:
        return HttpResponseRedirect(reverse("password_lost"))
    form = NewPasswordForm(request.POST if request.method == "POST" else None, person=identifier.person)
    if request.method == "POST" and form.is_valid():
        change_password(identifier.person, form.cleaned_data["password"], origin_of(request))
        drop_proof(request)
        return enter(request, identifier, "code", reverse("seats") + "?next=%2F")
    return render(request, "access/new_password.html", {"form": form}, status=status_of(form))


def _proven_identifier(request: HttpRequest) -> Identifier | None:
    """Whose password may be set anew: as long as the number or address is still theirs."""
    proof = proof_of(request, Purpose.PASSWORD)
    return Claim(proof.kind, proof.value, origin_of(request)).identifier() if proof else None


def _ask(request: HttpRequest, flow: Flow, place: int) -> HttpResponseBase:
    way = flow.ways[place]
    form = way.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _send(request, flow, way.form.kind, form.cleaned_data["value"])
        except TooOften as bound:
            form.add_error(None, too_often(bound))
        else:
            return HttpResponseRedirect(reverse(flow.code_url))
    tabs = [{"label": tab.label, "url": reverse(tab.url_name), "current": tab is way} for tab in flow.ways]
    return render(request, "access/ask.html", {"form": form, "flow": flow, "tabs": tabs}, status=status_of(form))


def _send(request: HttpRequest, flow: Flow, kind: Identifier.Kind, value: str) -> None:
    origin = origin_of(request)
    if flow is REGISTER:
        sent = registering.send_code(kind, value, origin)
        key, sent_to = sent.key, sent.to
    else:
        key, sent_to = send_code(Claim(kind, value, origin), Purpose.PASSWORD), value
    request.session[flow.asked] = {"key": str(key), "kind": kind, "value": value, "sent_to": sent_to}


def _code(request: HttpRequest, flow: Flow, check: Redeem) -> HttpResponseBase:
    """Type the code; for an unknown number none ever fits."""
    asked: dict[str, str] | None = request.session.get(flow.asked)
    if asked is None:
        return HttpResponseRedirect(reverse(flow.ways[0].url_name))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        proof = check(uuid.UUID(asked["key"]), form.cleaned_data["code"], asked)
        if proof is not None:
            del request.session[flow.asked]
            keep_proof(request, flow.purpose, proof)
            return HttpResponseRedirect(reverse(flow.last_url))
        form.add_error("code", _("This code is wrong, has been used, or is too old. Ask for a new one."))
    return _code_page(request, flow, asked, form)


def _code_page(request: HttpRequest, flow: Flow, asked: dict[str, str], form: CodeForm) -> HttpResponse:
    way = next(way for way in flow.ways if way.form.kind == asked["kind"])
    context = {
        "flow": flow,
        "form": form,
        "by_account": asked["kind"] == Kind.ACCOUNT,
        "shown": shown(Kind(asked["kind"]), asked["value"]),
        "value": asked["value"],
        "minutes": profile.current().login.code_minutes,
        "again": reverse(way.url_name),
        "inbox": settings.DEMO,
    }
    return render(request, "access/proof_code.html", context, status=status_of(form))
