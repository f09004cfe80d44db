"""«My log-in»: what one logs in by, and changing it, proven at both ends (V8)."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.codes import Kind, Purpose, attempt
from abonent.access.guard import PersonRequest, signed_in
from abonent.access.models import Identifier
from abonent.access.own import (
    CODED,
    TakenError,
    change_identifier,
    change_password,
    knows_password,
    rename,
    send_two_codes,
    shown,
)
from abonent.portal.forms.own import CHANGES, ChangeForm, NameForm, OwnPasswordForm
from abonent.portal.forms.ways_in import TwoCodesForm
from abonent.portal.returning import status_of, too_often

CHANGING = "changing"


@signed_in
@require_safe
def own(request: PersonRequest) -> HttpResponse:
    """Everything about the own log-in, each with the page that changes it."""
    identifiers = list(request.user.identifiers.order_by("kind", "pk"))
    known = {identifier.kind for identifier in identifiers}
    context = {
        "identifiers": [
            {"identifier": found, "changes": found.kind in CODED and found.verified} for found in identifiers
        ],
        "addable": [kind for kind in CODED if kind not in known],
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "self/page.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def own_name(request: PersonRequest) -> HttpResponseBase:
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        rename(request.user, form.cleaned_data["name"], origin_of(request))
        return _back(request, _("Your name was changed."))
    return render(request, "self/name.html", {"form": form}, status=status_of(form))


@signed_in(fresh=True)
@require_http_methods(["GET", "POST"])
def own_password(request: PersonRequest) -> HttpResponseBase:
    """Change the password by the old one; every other session ends."""
    person = request.user
    form = OwnPasswordForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid() and _knows_old(form, request):
        change_password(person, form.cleaned_data["password"], origin_of(request), keep=request.session.session_key)
        update_session_auth_hash(request, person)
        return _back(request, _("Your password was changed. Every other session has ended."))
    context = {"form": form, "has_password": person.has_usable_password()}
    return render(request, "self/password.html", context, status=status_of(form))


def _knows_old(form: OwnPasswordForm, request: PersonRequest) -> bool:
    try:
        if knows_password(request.user, form.cleaned_data["old"]):
            return True
        form.add_error("old", _("This is not your present password."))
    except TooOften as bound:
        form.add_error("old", too_often(bound))
    return False


@signed_in(fresh=True)
@require_http_methods(["GET", "POST"])
def own_identifier(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Another phone number or e-mail address instead of this one."""
    old = get_object_or_404(request.user.identifiers.filter(kind__in=CODED, verified=True), pk=pk)
    return _change(request, Kind(old.kind), old)


@signed_in(fresh=True)
@require_http_methods(["GET", "POST"])
def own_identifier_add(request: PersonRequest, kind: str) -> HttpResponseBase:
    """A phone number or an e-mail address for somebody who has none."""
    if kind not in CHANGES or request.user.identifiers.filter(kind=kind).exists():
        raise Http404
    return _change(request, Kind(kind), None)


def _change(request: PersonRequest, kind: Identifier.Kind, old: Identifier | None) -> HttpResponseBase:
    form = CHANGES[kind](request.user, old, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _sent(request, form, old):
        return HttpResponseRedirect(reverse("self_codes"))
    provable = request.user.identifiers.filter(kind__in=CODED, verified=True).exists()
    context = {"form": form, "old": old, "kind": kind, "provable": provable}
    return render(request, "self/identifier.html", context, status=status_of(form))


def _sent(request: PersonRequest, form: ChangeForm, old: Identifier | None) -> bool:
    value, proof = form.cleaned_data["value"], form.cleaned_data["proof"]
    if request.user.identifiers.filter(kind=form.kind, value=value).exists():
        form.add_error("value", _("You log in by this already."))
        return False
    try:
        codes = send_two_codes(request.user, proof, form.kind, value, origin_of(request))
    except TooOften as bound:
        form.add_error(None, too_often(bound))
        return False
    request.session[CHANGING] = {
        "old": old.pk if old else None,
        "kind": form.kind,
        "value": value,
        "proof": [proof.kind, proof.value],
        "keys": {"old_code": str(codes[0].key), "new_code": str(codes[1].key)},
    }
    return True


@signed_in(fresh=True)
@require_http_methods(["GET", "POST"])
def own_codes(request: PersonRequest) -> HttpResponseBase:
    """Both codes: the one that proves who one is, and the one that proves the new number or address."""
    asked = request.session.get(CHANGING)
    if asked is None:
        return HttpResponseRedirect(reverse("self"))
    proof_kind, proof_value = asked["proof"]
    sent_to = {
        "old_code": shown(proof_kind, proof_value),
        "new_code": shown(asked["kind"], asked["value"]),
    }
    form = TwoCodesForm({name: sent_to[name] for name in asked["keys"]}, request.POST or None)
    if request.method == "POST" and form.is_valid() and _both_fit(request, form):
        return _changed(request, form) or _codes_page(request, form)
    return _codes_page(request, form)


def _codes_page(request: PersonRequest, form: TwoCodesForm) -> HttpResponse:
    context = {"form": form, "minutes": profile.current().login.code_minutes, "inbox": settings.DEMO}
    return render(request, "self/codes.html", context, status=status_of(form))


def _both_fit(request: PersonRequest, form: TwoCodesForm) -> bool:
    """Use up each code that fits; one that fitted before is asked for no more."""
    asked = request.session[CHANGING]
    for name, key in list(asked["keys"].items()):
        tried = attempt(Purpose.CHANGE, uuid.UUID(key), form.cleaned_data[name])
        if tried is not None and tried.fits:
            del asked["keys"][name]
        else:
            form.add_error(name, _("This code is wrong, has been used, or is too old. Begin again for a new one."))
    request.session[CHANGING] = asked
    return not asked["keys"]


def _changed(request: PersonRequest, form: TwoCodesForm) -> HttpResponseBase | None:
    asked = request.session.pop(CHANGING)
    proof_kind, proof_value = asked["proof"]
    mine = request.user.identifiers.filter(verified=True)
    old = mine.filter(pk=asked["old"]).first()
    # What proved the person, or what is to be replaced, may have been lost meanwhile.
    if not mine.filter(kind=proof_kind, value=proof_value).exists() or (asked["old"] and old is None):
        raise Http404
    try:
        change_identifier(request.user, old, Kind(asked["kind"]), asked["value"], origin_of(request))
    except TakenError:
        form.add_error(None, _("Somebody else logs in by this number or address already."))
        return None
    return _back(request, _("Your log-in was changed. The old number or address gets a notice."))


def _back(request: PersonRequest, said: str) -> HttpResponseRedirect:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("self"))
