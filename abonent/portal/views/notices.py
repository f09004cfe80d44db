"""Notices: what the seat was told, opening one, and choosing what to be told of (V1)."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.entering import offered_seats
from abonent.access.guard import PersonRequest, signed_in, to_page
from abonent.access.models import Identifier, Seat
from abonent.lib import clock
from abonent.notices import choosing
from abonent.notices.kinds import Channel, Kind
from abonent.notices.models import Notice
from abonent.notices.words import text_of
from abonent.portal.forms.notices import NoticeChoicesForm
from abonent.portal.notice_pages import ICONS, leads_to, told_numbers
from abonent.portal.numbered import numbered

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Row:
    notice: Notice
    text: str
    icon: str
    unread: bool


@signed_in
@require_safe
def notices(request: PersonRequest) -> HttpResponseBase:
    """What the seat was told, the newest first; `?unread=1` what is not read yet."""
    if request.seat is None:
        return to_page(request, "seats")
    shown = Notice.objects.within(request.seat).shown()
    only = request.GET.get("unread") == "1"
    page = numbered(request, shown.unread() if only else shown, _summary)
    unread = set(shown.unread().filter(pk__in=[notice.pk for notice in page.rows]).values_list("pk", flat=True))
    rows = [Row(one, text_of(one), ICONS[Kind(one.kind)], one.pk in unread) for one in page.rows]
    context = {"rows": rows, "pager": page.pager, "narrowed": only}
    return render(request, "notices/list.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: PersonRequest, pk: int) -> HttpResponseBase:
    """Go on to what it is about. Posted, from the list, it is read then; a letter's link changes nothing by itself."""
    if request.seat is None:
        return to_page(request, "seats")
    known = Notice.objects.within(request.seat).filter(pk=pk)
    found = known.first()
    if found is None:
        return _of_another_role(request, pk)
    if request.method == "POST":
        known.filter(read=None).order_by().update(read=clock.now())
    return HttpResponseRedirect(leads_to(found))


@signed_in
@require_safe
def notice_numbers(request: PersonRequest, pk: int) -> HttpResponseBase:
    """The numbers that one notice tells of."""
    if request.seat is None:
        return to_page(request, "seats")
    found = get_object_or_404(Notice.objects.within(request.seat), pk=pk)
    rows = told_numbers(request.seat, found)
    context = {"notice": found, "text": text_of(found), "rows": rows, "means": found.kind == Kind.UNUSUAL_SPEND}
    return render(request, "notices/numbers.html", context)


@signed_in
@require_POST
def notices_read(request: PersonRequest) -> HttpResponseBase:
    """«Mark all as read», of this seat."""
    if request.seat is None:
        return to_page(request, "seats")
    Notice.objects.within(request.seat).shown().filter(read=None).order_by().update(read=clock.now())
    return redirect("notices")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notice_choices(request: PersonRequest) -> HttpResponseBase:
    """Of what, how, and from which figures on."""
    if request.seat is None:
        return to_page(request, "seats")
    posted = request.POST if request.method == "POST" else None
    form = NoticeChoicesForm(choosing.choices_of(request.seat), _reachable(request.seat), posted)
    if posted is not None and form.is_valid():
        if choosing.choose(request.seat, form.wishes(), origin_of(request)):
            messages.success(request, _("Your choice is saved."))
        return redirect("notice_choices")
    reachable = {channel.value: channel in form.reachable for channel in Channel}
    context = {"form": form, "rows": form.rows(), "reachable": reachable, "has_sms": bool(settings.SMS_URL)}
    return render(request, "notices/choices.html", context, status=UNPROCESSABLE if form.errors else 200)


def _of_another_role(request: PersonRequest, pk: int) -> HttpResponse:
    """A letter's link may lead to what another role of the same person was told: it says which one to take."""
    for seat in offered_seats(request.user, None):
        if request.method != "POST" and Notice.objects.within(seat).filter(pk=pk).exists():
            return render(request, "notices/other_role.html", {"seat": seat, "next": request.path})
    raise Http404


def _reachable(seat: Seat) -> frozenset[Channel]:
    """By which ways this person can be told at all."""
    kinds = set(seat.person.identifiers.filter(verified=True).values_list("kind", flat=True))
    found = {Channel.PAGE}
    if Identifier.Kind.EMAIL in kinds:
        found.add(Channel.MAIL)
    if Identifier.Kind.PHONE in kinds and settings.SMS_URL:
        found.add(Channel.SMS)
    return frozenset(found)


def _summary(count: int) -> str:
    return ngettext("%(count)d notice", "%(count)d notices", count) % {"count": count}
