"""Changing the current selection, and keeping selections by name (V2)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, is_fragment, needs
from abonent.access.rights import Right
from abonent.hierarchy import selection
from abonent.hierarchy.models import Selection
from abonent.hierarchy.selection import NameRefused, Wanted
from abonent.portal.filters import SubscriberFilter
from abonent.portal.forms.selections import NamingForm, picked_refs, wanted_to_add
from abonent.portal.number_pages import selection_context, whole_page


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def selection_add(request: SeatRequest) -> HttpResponse:
    """Put in nodes of the tree, or all that fits its filter; foreign ones add nothing."""
    added = selection.add(request.seat, wanted_to_add(request.POST))
    if not added:
        return _changed(request, _("Nothing was added: these numbers are in the selection already."))
    return _changed(request, ngettext("%(n)d number added", "%(n)d numbers added", added) % {"n": added})


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def selection_remove(request: SeatRequest) -> HttpResponse:
    """Take out what is ticked or dragged back, all that fits the filter (`all`), or everything (`clear`)."""
    if request.POST.get("clear"):
        gone = selection.clear(request.seat)
    elif request.POST.get("all"):
        gone = selection.take_out(request.seat, Wanted(fitting=SubscriberFilter.of(request.POST, request.seat).apply))
    else:
        gone = selection.take_out(request.seat, Wanted(picked_refs(request.POST)))
    return _changed(request, ngettext("%(n)d number taken out", "%(n)d numbers taken out", gone) % {"n": gone})


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def selection_saved(request: SeatRequest) -> HttpResponse:
    """Keep the current selection under a name."""
    naming = NamingForm(request.POST)
    kept = _save(request, naming) if naming.is_valid() else None
    if kept is None:
        return whole_page(request, naming, 422)
    messages.success(request, _("The selection is saved as “%(name)s”.") % {"name": kept.name})
    return _to_page()


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def selection_opening(request: SeatRequest, pk: int) -> HttpResponse:
    """Make a saved selection the current one."""
    kept = _kept(request, pk)
    count = selection.restore(request.seat, kept)
    text = ngettext("“%(name)s” is open: %(n)d number", "“%(name)s” is open: %(n)d numbers", count)
    messages.success(request, text % {"name": kept.name, "n": count})
    return _to_page()


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def selection_name(request: SeatRequest, pk: int) -> HttpResponse:
    kept = _kept(request, pk)
    naming = NamingForm(request.POST)
    if naming.is_valid() and _rename(request, naming, kept):
        return _to_page()
    return whole_page(request, naming, 422, kept.pk)


@needs(Right.SEE_SUBSCRIBERS)
@require_POST
def selection_deletion(request: SeatRequest, pk: int) -> HttpResponse:
    kept = _kept(request, pk)
    selection.forget(kept, origin_of(request))
    messages.success(request, _("“%(name)s” is deleted.") % {"name": kept.name})
    return _to_page()


def _save(request: SeatRequest, naming: NamingForm) -> Selection | None:
    try:
        return selection.save(request.seat, naming.cleaned_data["name"], origin_of(request))
    except NameRefused as refused:
        naming.add_error("name", str(refused))
        return None


def _rename(request: SeatRequest, naming: NamingForm, kept: Selection) -> bool:
    try:
        selection.rename(kept, naming.cleaned_data["name"], origin_of(request))
    except NameRefused as refused:
        naming.add_error("name", str(refused))
        return False
    return True


def _kept(request: SeatRequest, pk: int) -> Selection:
    return get_object_or_404(Selection.objects.within(request.seat).exclude(name=selection.CURRENT), pk=pk)


def _changed(request: SeatRequest, news: str) -> HttpResponse:
    """The selection anew, and what happened; trees that show what is selected read themselves again."""
    if not is_fragment(request):
        messages.success(request, news)
        return _to_page()
    response = render(request, "numbers/changed.html", selection_context(request) | {"news": news})
    response.headers["HX-Trigger"] = "selection-changed"
    return response


def _to_page() -> HttpResponse:
    return HttpResponseRedirect(reverse("numbers"))
