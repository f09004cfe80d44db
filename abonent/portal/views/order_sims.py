"""«Замена SIM-карт» of many lines, from a file (S14)."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import sims_list
from abonent.files.keeping import store
from abonent.orders import intake
from abonent.orders.selection import Source, offered
from abonent.portal.exporting import as_excel
from abonent.portal.forms.renumbering import SimsFileForm
from abonent.subscribers.models import SimCard

UNPROCESSABLE = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.CHANGE_NUMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order_sims(request: SeatRequest) -> HttpResponse:
    sent = SimsFileForm(request.POST, request.FILES) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        file = sent.cleaned_data["file"]
        kept = store(file.file, name=file.name, mime=XLSX)
        order = intake.place(request.seat, "replace_sim", {}, Source(file=kept), key=sent.order_key(kept.sha256))
        return redirect("order", order.pk)
    free = SimCard.objects.within(request.seat).free().count()
    context = {"form": sent or SimsFileForm(), "free": free}
    return render(request, "subscribers/sims.html", context, status=UNPROCESSABLE if sent else 200)


@needs(Right.CHANGE_NUMBERS)
@require_safe
def order_sims_sample(request: SeatRequest) -> FileResponse:
    """The numbers with their present SIMs, as the upload takes them: to be changed in Excel and sent back."""
    return as_excel(sims_list.report(offered(request.seat)), "sims")
