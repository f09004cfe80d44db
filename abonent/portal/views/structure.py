"""The structure of folders from an Excel file and as one (V3): uploaded, judged row by row, looked at, applied."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.files.keeping import store
from abonent.hierarchy import importing
from abonent.hierarchy.exporting import report
from abonent.hierarchy.models import StructureImport, StructureRow
from abonent.hierarchy.reasons import remark
from abonent.hierarchy.refusal import FolderRefused
from abonent.portal.exporting import as_excel
from abonent.portal.forms.folders import StructureForm
from abonent.portal.forms.orders import XLSX
from abonent.portal.pages import PAGE, Pager
from abonent.portal.views.folders import must_see_numbers

UNPROCESSABLE = 422
STATES = {"fine": "good", "nothing": "idle", "refused": "bad"}
Stage = StructureImport.Stage


@dataclass(frozen=True, slots=True)
class Line:
    """A row with the badge of its verdict, and why."""

    row: StructureRow
    state: str
    remark: str


@needs(Right.CHANGE_FOLDERS)
@require_safe
def folders_export(request: SeatRequest) -> FileResponse:
    """All folders and numbers that the seat sees, in the form that can be uploaded again."""
    must_see_numbers(request.seat)
    return as_excel(report(request.seat), "folders")


@needs(Right.CHANGE_FOLDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def structure_upload(request: SeatRequest) -> HttpResponse:
    must_see_numbers(request.seat)
    if request.method != "POST":
        return render(request, "numbers/structure_upload.html", {"form": StructureForm()})
    form = StructureForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "numbers/structure_upload.html", {"form": form}, status=UNPROCESSABLE)
    file = form.cleaned_data["file"]
    begun = importing.begin(request.seat, store(file.file, name=file.name, mime=XLSX))
    return redirect("structure", begun.pk)


@needs(Right.CHANGE_FOLDERS)
@require_safe
def structure(request: SeatRequest, pk: int) -> HttpResponse:
    found = _structure(request, pk)
    context: dict[str, object] = {"structure": found}
    if found.stage == Stage.CHECKING:
        return render(request, "numbers/structure_checking.html", context | _progress(found))
    if found.stage == Stage.UNREADABLE:
        context["refusal"] = importing.FileRefused.read(found.refusal).message()
        return render(request, "numbers/structure_checking.html", context)
    return render(request, "numbers/structure.html", context | _receipt(found) | _rows(request, found))


@needs(Right.CHANGE_FOLDERS)
@require_safe
def structure_progress(request: SeatRequest, pk: int) -> HttpResponse:
    """The bar, asked for each second; once the check is done the page is fetched anew."""
    found = _structure(request, pk)
    response = render(request, "components/progress.html", _progress(found))
    if found.stage != Stage.CHECKING:
        response.headers["HX-Refresh"] = "true"
    return response


@needs(Right.CHANGE_FOLDERS)
@require_POST
def structure_application(request: SeatRequest, pk: int) -> HttpResponse:
    found = _structure(request, pk)
    try:
        importing.apply(found, request.seat, origin_of(request))
    except FolderRefused as refused:
        importing.check_again(found)
        messages.warning(request, refused.message())
        return redirect("structure", pk)
    messages.success(request, _("The structure is applied."))
    return redirect("folders")


def _structure(request: SeatRequest, pk: int) -> StructureImport:
    return get_object_or_404(StructureImport.objects.within(request.seat).select_related("file"), pk=pk)


def _progress(found: StructureImport) -> dict[str, object]:
    checking = found.stage == Stage.CHECKING
    return {
        "id": "structure-progress",
        "url": reverse("structure_progress", args=[found.pk]) if checking else "",
        "label": _("Checking the list"),
        "done": found.progress_done,
        "total": found.progress_total,
    }


def _receipt(found: StructureImport) -> dict[str, object]:
    numbers = ngettext("%(n)d number will move", "%(n)d numbers will move", found.numbers) % {"n": found.numbers}
    made = ngettext("%(n)d folder will be made", "%(n)d folders will be made", found.folders) % {"n": found.folders}
    return {"summary": f"{numbers}, {made}", "applied": found.stage == Stage.APPLIED}


def _rows(request: SeatRequest, found: StructureImport) -> dict[str, object]:
    """A page of rows, 50 after `?after=`, narrowed by `?only=` to one verdict."""
    only, after = request.GET.get("only", ""), request.GET.get("after", "")
    rows = found.rows.order_by("row")
    if only in STATES:
        rows = rows.filter(verdict=only)
    if after.isascii() and after.isdigit() and len(after) < 10:  # noqa: PLR2004  # fits the database
        rows = rows.filter(row__gt=int(after))
    shown = list(rows[: PAGE + 1])
    following = f"?only={only}&after={shown[PAGE - 1].row}" if len(shown) > PAGE else ""
    summary = ngettext("%(n)s row", "%(n)s rows", found.total) % {"n": found.total}
    counts = {"fine": found.fine, "refused": found.refused, "nothing": found.nothing}
    chips = [
        {"label": StructureRow.Verdict(key).label, "url": f"?only={key}", "current": only == key, "count": number}
        for key, number in counts.items()
        if number
    ]
    return {
        "rows": [Line(row, STATES[row.verdict], remark(row.reason, row.args)) for row in shown[:PAGE]],
        "chips": [{"label": _("All"), "url": "?", "current": not only, "count": found.total}, *chips],
        "pager": Pager(summary, f"?only={only}" if after else "", following),
    }
