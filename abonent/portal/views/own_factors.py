"""The own second factors: an app, passkeys, recovery codes (V8)."""

import base64
import textwrap

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access import factors
from abonent.access.guard import PersonRequest, signed_in
from abonent.access.proof import has_second_factor
from abonent.access.strength import rename, renew_codes, set_up_app, set_up_passkey, take_away
from abonent.formats import qr
from abonent.portal.forms.factors import AppCodeForm, NewPasskeyForm, NoFieldsForm, PasskeyNameForm
from abonent.portal.returning import after_proof, next_page, status_of, with_next


@signed_in
@require_safe
def own_factors(request: PersonRequest) -> HttpResponse:
    """What is set up, and what can be."""
    strength = factors.strength_of(request.user)
    context = {
        "strength": strength,
        "form": NewPasskeyForm(),
        "wanted_by": getattr(request, "locked_seat", None),
        "next": next_page(request),
    }
    return render(request, "self/factors.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(fresh=True)
def own_app(request: PersonRequest) -> HttpResponseBase:
    """Set up an app: its QR code, and a first code of it as the proof that it works."""
    strength = factors.strength_of(request.user)
    if strength.app:
        return HttpResponseRedirect(with_next(request, "self_factors"))
    if weak := _too_weak(request, strength):
        return weak
    form = AppCodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        codes = set_up_app(request, request.user, form.cleaned_data["code"])
        if codes is not None:
            return _set_up(request, codes)
        form.add_error("code", _("This is not the code that the app shows now. Wait for the next one."))
    secret = factors.pending_secret(request)
    picture = base64.b64encode(qr.svg(factors.app_address(request.user, secret)).encode()).decode()
    context = {
        "form": form,
        "picture": f"data:image/svg+xml;base64,{picture}",
        "secret": secret,
        "key": textwrap.wrap(secret, 4),
    }
    return render(request, "self/app.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(fresh=True)
def own_app_removal(request: PersonRequest) -> HttpResponseBase:
    """Take the app away, after saying what that means."""
    strength = factors.strength_of(request.user)
    if strength.app is None:
        return HttpResponseRedirect(with_next(request, "self_factors"))
    return _removal(request, strength, strength.app)


@never_cache
@require_POST
@signed_in(fresh=True)
def own_passkey_options(request: PersonRequest) -> HttpResponseBase:
    """What the browser needs to make a passkey."""
    return JsonResponse(factors.registration_options(request.user))


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(fresh=True)
def own_passkeys(request: PersonRequest) -> HttpResponseBase:
    """Keep the passkey that the browser has made; where a proof came first, begin anew."""
    strength = factors.strength_of(request.user)
    if weak := _too_weak(request, strength):
        return weak
    form = NewPasskeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        codes = set_up_passkey(request, request.user, given["name"], given["credential"])
        if codes is not None:
            return _set_up(request, codes)
        form.add_error(None, _("The passkey was not made as it was asked for. Try again."))
    context = {"strength": strength, "form": form, "next": next_page(request)}
    return render(request, "self/new_passkey.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(fresh=True)
def own_passkey(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Give one of the own passkeys another name."""
    passkey = get_object_or_404(factors.passkeys_of(request.user), pk=pk)
    form = PasskeyNameForm(request.POST if request.method == "POST" else None, initial={"name": passkey.data["name"]})
    if request.method == "POST" and form.is_valid():
        rename(request, request.user, passkey, form.cleaned_data["name"])
        return HttpResponseRedirect(with_next(request, "self_factors"))
    return render(request, "self/passkey.html", {"form": form, "passkey": passkey}, status=status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(fresh=True)
def own_passkey_removal(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Take one of the own passkeys away."""
    passkey = get_object_or_404(factors.passkeys_of(request.user), pk=pk)
    return _removal(request, factors.strength_of(request.user), passkey)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in(fresh=True)
def own_recovery(request: PersonRequest) -> HttpResponseBase:
    """Make new recovery codes, and show them this once."""
    strength = factors.strength_of(request.user)
    if not strength.has_factor:
        return HttpResponseRedirect(with_next(request, "self_factors"))
    if weak := _too_weak(request, strength):
        return weak
    if request.method == "POST":
        return _codes(request, renew_codes(request, request.user))
    return render(request, "self/renew_codes.html", {"form": NoFieldsForm(), "strength": strength})


def _too_weak(request: PersonRequest, strength: factors.Strength) -> HttpResponseBase | None:
    """Whoever has a second factor changes it only from a session that was given it."""
    if strength.has_factor and not has_second_factor(request, request.user):
        return HttpResponseRedirect(with_next(request, "login_second", next=request.get_full_path()))
    return None


def _removal(request: PersonRequest, strength: factors.Strength, factor: factors.Factor) -> HttpResponseBase:
    if weak := _too_weak(request, strength):
        return weak
    if request.method == "POST":
        take_away(request, request.user, factor)
        messages.success(request, _("The second factor was removed."))
        return HttpResponseRedirect(with_next(request, "self_factors"))
    is_last = len(strength.passkeys) + bool(strength.app) == 1
    context = {"form": NoFieldsForm(), "factor": factor, "is_last": is_last, "name": factor.data.get("name", "")}
    return render(request, "self/factor_removal.html", context)


def _set_up(request: PersonRequest, codes: list[str]) -> HttpResponseBase:
    """With the first factor come the recovery codes."""
    if codes:
        return _codes(request, codes)
    messages.success(request, _("The second factor was added."))
    then = after_proof(request)
    return HttpResponseRedirect(with_next(request, "self_factors") if then == "/" else then)


def _codes(request: PersonRequest, codes: list[str]) -> HttpResponse:
    then = after_proof(request)
    return render(request, "self/recovery_codes.html", {"codes": codes, "next": "" if then == "/" else then})
