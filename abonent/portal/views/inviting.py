"""Inviting people, and what an invitation's link opens (V8)."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from abonent.access import inviting
from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.entering import enter, offered_seats, take_seat
from abonent.access.giving import givable
from abonent.access.grants import RefusedError
from abonent.access.guard import SeatRequest, needs, public
from abonent.access.models import Invitation, Person
from abonent.access.rights import Right
from abonent.portal.forms.own import PersonForm
from abonent.portal.forms.people import InviteForm
from abonent.portal.returning import status_of, too_often
from abonent.subscribers.people import seen_by

GONE = 410


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_http_methods(["GET", "POST"])
def people_invite(request: SeatRequest) -> HttpResponseBase:
    """Whom, into which role, over what, from when to when."""
    form = InviteForm(request.seat, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = inviting.invite(request.seat, form.cleaned_data["to"], form.grant, seen_by, origin_of(request))
        except TooOften as bound:
            form.add_error(None, too_often(bound))
        except RefusedError as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The invitation is on its way to %(to)s.") % {"to": sent.shown})
            return HttpResponseRedirect(reverse("people_invitations"))
    context = {"form": form, "roles": givable(request.seat)}
    return render(request, "people/invite.html", context, status=status_of(form))


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def invitation_resend(request: SeatRequest, key: uuid.UUID) -> HttpResponseBase:
    """A new link; the old one leads nowhere."""
    found = _pending(request, key)
    origin = origin_of(request)
    return _do(
        request,
        lambda: inviting.resend(request.seat, found, seen_by, origin),
        _("A new link is on its way to %(to)s; the old one leads nowhere now.") % {"to": found.shown},
    )


@needs(Right.MANAGE_PEOPLE, fresh=True)
@require_POST
def invitation_revoke(request: SeatRequest, key: uuid.UUID) -> HttpResponseBase:
    found = _pending(request, key)
    origin = origin_of(request)
    return _do(request, lambda: inviting.revoke(request.seat, found, origin), _("The invitation was taken back."))


def _pending(request: SeatRequest, key: uuid.UUID) -> Invitation:
    return get_object_or_404(Invitation.objects.within(request.seat).pending(), pk=key)


def _do(request: SeatRequest, verb: Callable[[], object], said: str) -> HttpResponseBase:
    try:
        verb()
    except TooOften as bound:
        messages.error(request, too_often(bound))
    except RefusedError as no:
        messages.error(request, str(no))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("people_invitations"))


@never_cache
@require_http_methods(["GET", "POST"])
@public
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """What the link opens: somebody new says who they are, somebody known logs in and accepts."""
    found = inviting.opened(token)
    closed = inviting.why_closed(found, seen_by) if found else _("This link leads nowhere. Open the newest one.")
    if found is None or closed:
        return _dead(request, closed)
    holder = inviting.holder_of(found)
    if holder is None:
        return _new(request, found)
    if request.user.is_authenticated:
        return _known(request, found, holder)
    return render(request, "people/log_in_first.html", {"invitation": found, "login_url": _login_url(request)})


def _new(request: HttpRequest, found: Invitation) -> HttpResponseBase:
    """Nobody has this number or address yet; whoever is logged in here is somebody else, and stays who they are."""
    if request.user.is_authenticated:
        return render(request, "people/somebody_else.html", {"invitation": found}, status=403)
    form = PersonForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if request.method == "POST" and form.is_valid():
        data, origin = form.cleaned_data, origin_of(request)
        try:
            identifier, _seat = inviting.accept_new(found, data["name"], data["password"], seen_by, origin)
        except RefusedError as no:
            return _dead(request, str(no))
        return enter(request, identifier, "code", reverse("seats") + "?next=%2F")
    return render(request, "people/accept_new.html", {"form": form, "invitation": found}, status=status_of(form))


def _known(request: HttpRequest, found: Invitation, holder: Person) -> HttpResponseBase:
    person = request.user
    if not isinstance(person, Person) or person != holder:
        return render(request, "people/somebody_else.html", {"invitation": found}, status=403)
    if request.method == "POST":
        try:
            seat = inviting.accept(found, holder, seen_by, origin_of(request))
        except RefusedError as no:
            return _dead(request, str(no))
        if seat in offered_seats(holder, None):
            take_seat(request, seat)
        return HttpResponseRedirect("/")
    return render(request, "people/accept.html", {"invitation": found})


def _dead(request: HttpRequest, text: str) -> HttpResponseBase:
    return render(request, "access/dead_end.html", {"heading": _("Invitation"), "text": text}, status=GONE)


def _login_url(request: HttpRequest) -> str:
    return f"{reverse('login')}?{urlencode({'next': request.path})}"
