"""The second factor at a log-in, and within a session; a passkey instead of any name and password (V8)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from abonent.access import factors
from abonent.access.adapter import SecondFactorStage, pending
from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.credentials import client_of
from abonent.access.entering import enter_by_passkey
from abonent.access.guard import public
from abonent.access.models import Person
from abonent.access.proof import has_second_factor, is_fresh
from abonent.access.strength import WornOut, abandon, prove_by_factor, strengthen
from abonent.access.typed import Typed
from abonent.audit.journal import SYSTEM, record
from abonent.portal.forms.factors import CredentialForm, FactorCodeForm
from abonent.portal.returning import after_login, next_page, status_of, too_often, with_next


@never_cache
@require_http_methods(["GET", "POST"])
@public
def login_second(request: HttpRequest) -> HttpResponseBase:
    """Ask for the second factor: of a log-in that waits for it, or of a session that needs it now."""
    person, stage = _whose(request)
    if person is None:
        return HttpResponseRedirect(reverse("login"))
    if stage is None and has_second_factor(request, person) and is_fresh(request, person):
        return HttpResponseRedirect(_after(request, person))
    strength = factors.strength_of(person)
    if not strength.has_factor:
        return HttpResponseRedirect(with_next(request, "self_factors"))
    form = FactorCodeForm(request.POST if request.method == "POST" and "credential" not in request.POST else None)
    try:
        if request.method == "POST" and (by := _proves(request, person, form, stage)):
            return strengthen(request, person, by, stage) or HttpResponseRedirect(_after(request, person))
    except WornOut:
        abandon(request)
        messages.error(request, _("Too many wrong codes. Log in anew."))
        return HttpResponseRedirect(reverse("login"))
    context = {
        "form": form,
        "strength": strength,
        "stage": stage,
        "again": with_next(request, "login_again"),
        # A password is enough where only a new proof is asked for.
        "may_prove_otherwise": has_second_factor(request, person),
    }
    return render(request, "access/second.html", context, status=status_of(form))


def _whose(request: HttpRequest) -> tuple[Person | None, SecondFactorStage | None]:
    """Who is asked: whoever is logged in, else whose log-in waits."""
    if request.user.is_authenticated:
        return request.user, None
    stage = pending(request)
    return (stage.login.user, stage) if stage else (None, None)


def _proves(request: HttpRequest, person: Person, form: FactorCodeForm, stage: SecondFactorStage | None) -> str | None:
    """The factor that this form proves; the form says what is wrong otherwise."""
    if "credential" in request.POST:
        answered = CredentialForm(request.POST)
        passkey = factors.accept_passkey(person, answered.cleaned_data["credential"]) if answered.is_valid() else None
        if passkey is None:
            messages.error(request, _not_this())
        return str(passkey.type) if passkey else None
    if not form.is_valid():
        return None
    try:
        by = prove_by_factor(request, person, form.cleaned_data["code"], stage)
    except TooOften as bound:
        form.add_error("code", too_often(bound))
        return None
    if by is None:
        form.add_error("code", _("This code is wrong or has been used. Wait for the next one."))
    return by


def _after(request: HttpRequest, person: Person) -> str:
    return reverse("resume") if Typed.of(request, person) else next_page(request)


@never_cache
@require_POST
@public
def login_second_options(request: HttpRequest) -> HttpResponseBase:
    """What the browser needs to prove one of the person's passkeys."""
    person, _stage = _whose(request)
    if person is None:
        return HttpResponse(status=403)
    return JsonResponse(factors.proof_options(person))


@require_POST
@public
def login_second_drop(request: HttpRequest) -> HttpResponseBase:
    """Log in as somebody else, or another way."""
    abandon(request)
    return HttpResponseRedirect(reverse("login"))


@never_cache
@require_POST
@public
def login_passkey_options(_request: HttpRequest) -> HttpResponseBase:
    """What the browser needs to prove a passkey of whoever sits there."""
    return JsonResponse(factors.proof_options(None))


@never_cache
@require_POST
@public
def login_passkey(request: HttpRequest) -> HttpResponseBase:
    """Log in by a passkey alone."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    form = CredentialForm(request.POST)
    credential = form.cleaned_data["credential"] if form.is_valid() else {}
    person = factors.owner_of(credential)
    passkey = factors.accept_passkey(person, credential) if person else None
    if person is None or passkey is None:
        _note_refusal(request, person)
        messages.error(request, _not_this())
        return HttpResponseRedirect(with_next(request, "login"))
    return enter_by_passkey(request, person, passkey.data["name"], after_login(request, person))


def _not_this() -> str:
    return _("That did not work: this passkey is not known here. Try again, or log in another way.")


def _note_refusal(request: HttpRequest, person: Person | None) -> None:
    record(
        person.actor() if person else SYSTEM,
        "access.login",
        client_id=client_of(person) if person else None,
        after={"reason": "wrong passkey"},
        result="refused",
        origin=origin_of(request),
    )
