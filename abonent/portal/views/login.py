"""Logging in by the four ways of the seeds, choosing and switching seats, logging out (S0.1, S0.2, S0.4)."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import check_for_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent import profile
from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.credentials import Claim, by_password, redeem, send_code
from abonent.access.entering import enter, leave, offered_seats, take_seat, via_of
from abonent.access.guard import PersonRequest, public, signed_in
from abonent.access.typed import Typed, drop_typed
from abonent.lib import phones
from abonent.portal.forms.login import (
    AccountPasswordForm,
    CodeForm,
    EmailForm,
    IdentifierForm,
    PhoneForm,
    PhonePasswordForm,
)
from abonent.portal.returning import after_login, next_page, status_of, too_often, with_next

ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Way:
    """A tab of the log-in page; without a password it sends a code."""

    url_name: str
    label: Promise | str
    manages: Promise | str
    form: type[IdentifierForm]
    by_code: bool


# Translators: «Управление абонентами мобильной связи»
MOBILE = gettext_lazy("For managing mobile subscribers")
WAYS = (
    Way("login", "SMS", MOBILE, PhoneForm, by_code=True),
    # Translators: «Пароль»
    Way("login_password", gettext_lazy("Password"), MOBILE, PhonePasswordForm, by_code=False),
    Way(
        "login_account",
        # Translators: «Лицевой счет»
        gettext_lazy("Account number"),
        # Translators: «Управление абонентами фиксированной связи»
        gettext_lazy("For managing fixed-line subscribers"),
        AccountPasswordForm,
        by_code=False,
    ),
    Way("login_email", "Email", "", EmailForm, by_code=True),
)


@never_cache
@require_http_methods(["GET", "POST"])
@public
def login(request: HttpRequest) -> HttpResponseBase:
    """SMS: a phone number, to which a code is sent."""
    return _way(request, WAYS[0])


@never_cache
@require_http_methods(["GET", "POST"])
@public
def login_password(request: HttpRequest) -> HttpResponseBase:
    """A phone number with the permanent password."""
    return _way(request, WAYS[1])


@never_cache
@require_http_methods(["GET", "POST"])
@public
def login_account(request: HttpRequest) -> HttpResponseBase:
    """An account number with its password."""
    return _way(request, WAYS[2])


@never_cache
@require_http_methods(["GET", "POST"])
@public
def login_email(request: HttpRequest) -> HttpResponseBase:
    """An e-mail address, to which a code is sent."""
    return _way(request, WAYS[3])


def _way(request: HttpRequest, way: Way) -> HttpResponseBase:
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_page(request))
    form = way.form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        claim = Claim(way.form.kind, form.cleaned_data["value"], origin_of(request))
        try:
            answer = _ask(request, claim) if way.by_code else _check(request, claim, form.cleaned_data["password"])
        except TooOften as bound:
            form.add_error(None, too_often(bound))
        else:
            if answer is not None:
                return answer
            # The same words whether the name or the secret is wrong, or nobody has that name.
            form.add_error(None, _("The number or the password is wrong."))
    tabs = [{"label": tab.label, "url": with_next(request, tab.url_name), "current": tab is way} for tab in WAYS]
    return render(request, "access/login.html", {"form": form, "way": way, "tabs": tabs}, status=status_of(form))


def _ask(request: HttpRequest, claim: Claim) -> HttpResponse:
    key = send_code(claim)
    request.session[ASKED] = {"key": str(key), "kind": claim.kind, "value": claim.value}
    return HttpResponseRedirect(with_next(request, "login_code"))


def _check(request: HttpRequest, claim: Claim, password: str) -> HttpResponseBase | None:
    found = by_password(claim, password)
    return enter(request, found, "password", after_login(request, found.person)) if found else None


@never_cache
@require_http_methods(["GET", "POST"])
@public
def login_code(request: HttpRequest) -> HttpResponseBase:
    """Type the code that was sent to the number or address; it works once."""
    asked = request.session.get(ASKED)
    if asked is None or request.user.is_authenticated:
        return HttpResponseRedirect(with_next(request, "login"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        found = redeem(uuid.UUID(asked["key"]), form.cleaned_data["code"], origin_of(request))
        if found is not None:
            del request.session[ASKED]
            return enter(request, found, "code", after_login(request, found.person))
        form.add_error("code", _("This code is wrong, has been used, or is too old. Ask for a new one."))
    by_phone = asked["kind"] == PhoneForm.kind
    context = {
        "form": form,
        "sent_to": phones.pretty(asked["value"]) if by_phone else asked["value"],
        "value": asked["value"],
        "minutes": profile.current().login.code_minutes,
        "again": with_next(request, "login" if by_phone else "login_email"),
        "inbox": settings.DEMO,
    }
    return render(request, "access/code.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def seats(request: PersonRequest) -> HttpResponseBase:
    """Choose the seat to act from, or switch to another one without logging out (S0.4)."""
    offered = offered_seats(request.user, via_of(request, request.user))
    if request.method == "POST":
        chosen = next((seat for seat in offered if str(seat.pk) == request.POST.get("seat")), None)
        if chosen is None:
            raise Http404
        take_seat(request, chosen)
        return HttpResponseRedirect(next_page(request))
    if request.seat is not None and "next" in request.GET:
        return HttpResponseRedirect(next_page(request))
    return render(request, "access/seats.html", {"seats": offered, "next": next_page(request), "now": request.seat})


@never_cache
@require_safe
@signed_in
def resume(request: PersonRequest) -> HttpResponseBase:
    """What was typed before the session ended, ready to be sent again."""
    typed = Typed.of(request, request.user)
    if typed is None:
        return HttpResponseRedirect("/")
    if request.seat is None or request.seat.pk != typed.seat_id:
        known = [seat for seat in offered_seats(request.user, None) if seat.pk == typed.seat_id]
        return render(request, "access/resume.html", {"typed": typed, "seat": known[0] if known else None})
    return render(request, "access/resume.html", {"typed": typed, "seat": request.seat, "ready": True})


@require_POST
@signed_in
def resume_drop(request: PersonRequest) -> HttpResponseBase:
    """Forget what was typed."""
    drop_typed(request)
    return HttpResponseRedirect("/")


@require_POST
@signed_in
def logout(request: PersonRequest) -> HttpResponseBase:
    leave(request, request.user)
    return HttpResponseRedirect(reverse("login"))


@require_POST
@public
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Speak this language from now on: kept with the person, and in a cookie for whoever is not logged in."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES) or not check_for_language(code):
        raise Http404
    if request.user.is_authenticated:
        request.user.language = code
        request.user.save(update_fields=["language"])
    answer = HttpResponseRedirect(next_page(request))
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return answer
