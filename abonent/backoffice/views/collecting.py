"""«На руки»: what waits to be collected, and who took it (L5)."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.backoffice.paging import numbered
from abonent.documents.collecting import hand_over
from abonent.documents.models import DocumentRequest, DocumentRequestQuerySet
from abonent.formats.writers import WRITERS
from abonent.lib.search import search_key

MAX_QUERY = 100
PDF = "application/pdf"
WHICH: dict[str, Promise] = {
    "": gettext_lazy("Waiting"),
    "collected": gettext_lazy("Collected"),
}


class TakenForm(forms.Form):
    """Who came for it: a name, and what shows that they may."""

    taken_by = forms.CharField(label=gettext_lazy("Taken by"), max_length=200)


@dataclass(frozen=True, slots=True)
class Row:
    request: DocumentRequest
    format_label: str


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_collecting(request: SeatRequest) -> HttpResponse:
    """What waits, the longest waiting first; `?which=collected` shows what was taken, the latest first."""
    which = request.GET.get("which", "")
    which = which if which in WHICH else ""
    query = request.GET.get("q", "").strip()[:MAX_QUERY].replace("\0", "")
    rows, pager = numbered(request, _matching(_waiting(request, collected=bool(which)), query), _summary)
    context = {
        "rows": [Row(one, WRITERS[one.format].label) for one in rows],
        "pager": pager,
        "query": query,
        "which": which,
        "chips": [
            {"label": label, "url": f"?which={key}", "current": key == which, "count": None}
            for key, label in WHICH.items()
        ],
    }
    return render(request, "backoffice/collecting.html", context)


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_collecting_file(request: SeatRequest, pk: int) -> HttpResponseBase:
    """The file: a PDF opens to be printed, anything else is downloaded."""
    found = get_object_or_404(_known(request), pk=pk)
    if found.file is None:
        raise Http404
    file = found.file
    return FileResponse(file.open(), as_attachment=file.mime != PDF, filename=file.name, content_type=file.mime)


@needs(Right.OPERATOR_SUPPORT)
@require_POST
def operator_collecting_handing(request: SeatRequest, pk: int) -> HttpResponse:
    """Note who took it, once."""
    found = get_object_or_404(_known(request), pk=pk)
    form = TakenForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write who took the document."))
    elif hand_over(found, form.cleaned_data["taken_by"], request.seat, origin_of(request)):
        messages.success(request, _("It is noted who took the document."))
    else:
        messages.info(request, _("It is noted already, or the document is not made yet."))
    return redirect(reverse("operator_collecting"))


def _known(request: SeatRequest) -> DocumentRequestQuerySet:
    return DocumentRequest.objects.within(request.seat).select_related("account__contract__client", "file")


def _waiting(request: SeatRequest, *, collected: bool) -> DocumentRequestQuerySet:
    known = _known(request).filter(collected_at__isnull=not collected)
    return known.order_by("-collected_at", "-pk") if collected else known.order_by("created", "pk")


def _matching(found: DocumentRequestQuerySet, query: str) -> DocumentRequestQuerySet:
    if not query:
        return found
    of_client = Q(account__contract__client__search_key__contains=search_key(query))
    return found.filter(Q(account__number__contains=query) | of_client)


def _summary(count: int) -> str:
    return ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}
