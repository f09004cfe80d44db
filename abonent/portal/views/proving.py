"""Proving once more who one is before a sensitive action: by password or by a code (V8)."""

from collections.abc import Callable

from django.conf import settings
from django.forms import Form
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from abonent.access.adapter import has_factor
from abonent.access.again import code_targets, prove_by_code, prove_by_password, send_again, sent_to
from abonent.access.bounds import TooOften
from abonent.access.guard import PersonRequest, signed_in
from abonent.lib import phones
from abonent.portal.forms.login import CodeForm
from abonent.portal.forms.proving import CodeTargetForm, PasswordAgainForm
from abonent.portal.returning import after_proof, status_of, too_often, with_next

PASSWORD, CODE = "password", "code"


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def login_again(request: PersonRequest) -> HttpResponseBase:
    """Type the password, or ask for a code."""
    ways = _ways(request)
    if request.method == "GET" and PASSWORD not in ways and CODE in ways:
        return HttpResponseRedirect(with_next(request, "login_again_code"))
    form = PasswordAgainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wrong = _("The password is wrong.")
        typed = form.cleaned_data["password"]
        if _passes(form, "password", wrong, lambda: prove_by_password(request, request.user, typed)):
            return HttpResponseRedirect(after_proof(request))
    return _page(request, form, PASSWORD)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def login_again_code(request: PersonRequest) -> HttpResponseBase:
    """Have a code sent to one of the own numbers or addresses, and type it."""
    targets = code_targets(request.user)
    if "to" in request.POST:
        where = CodeTargetForm(targets, request.POST)
        if where.is_valid():
            chosen = next(target for target in targets if target.pk == where.cleaned_data["to"])
            if _passes(where, "to", "", lambda: send_again(request, request.user, chosen)):
                return HttpResponseRedirect(with_next(request, "login_again_code"))
        return _page(request, where, CODE)
    sent = sent_to(request, request.user)
    if sent is None or "other" in request.GET:
        return _page(request, CodeTargetForm(targets), CODE)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wrong = _("This code is wrong, has been used, or is too old. Ask for a new one.")
        typed = form.cleaned_data["code"]
        if _passes(form, "code", wrong, lambda: prove_by_code(request, request.user, typed)):
            return HttpResponseRedirect(after_proof(request))
    shown = phones.pretty(sent["value"]) if sent["kind"] == "phone" else sent["value"]
    return _page(request, form, CODE, sent_to=shown)


def _passes(form: Form, field: str, wrong: str, prove: Callable[[], bool]) -> bool:
    """Whether the proof is good; if not, the form says why."""
    try:
        if prove():
            return True
    except TooOften as bound:
        wrong = too_often(bound)
    form.add_error(field, wrong)
    return False


def _ways(request: PersonRequest) -> list[str]:
    found = [PASSWORD] if request.user.has_usable_password() else []
    return [*found, CODE] if code_targets(request.user) else found


def _page(request: PersonRequest, form: Form, way: str, sent_to: str = "") -> HttpResponseBase:
    names = {
        PASSWORD: ("login_again", _("Password")),
        CODE: ("login_again_code", _("A code")),
    }
    tabs = [
        {"label": names[key][1], "url": with_next(request, names[key][0]), "current": key == way}
        for key in _ways(request)
    ]
    if has_factor(request.user):
        tabs.append({"label": _("Second factor"), "url": with_next(request, "login_second"), "current": False})
    context = {
        "form": form,
        "tabs": tabs,
        "way": way,
        "sent_to": sent_to,
        "other": with_next(request, "login_again_code", other="1"),
        "inbox": settings.DEMO,
    }
    return render(request, "access/again.html", context, status=status_of(form))
