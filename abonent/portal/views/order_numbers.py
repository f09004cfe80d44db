"""«Смена номеров» of many lines, each to the number that a file names (S13)."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import numbers_list
from abonent.files.keeping import store
from abonent.orders import intake
from abonent.orders.actions.change_number import ALLOWED
from abonent.orders.selection import Source, offered
from abonent.portal.exporting import as_excel
from abonent.portal.forms.renumbering import NumbersFileForm

UNPROCESSABLE = 422
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs(Right.CHANGE_NUMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order_numbers(request: SeatRequest) -> HttpResponse:
    sent = NumbersFileForm(request.POST, request.FILES) if request.method == "POST" else None
    if sent is not None and sent.is_valid():
        file = sent.cleaned_data["file"]
        kept = store(file.file, name=file.name, mime=XLSX)
        order = intake.place(request.seat, "give_numbers", {}, Source(file=kept), key=sent.order_key(kept.sha256))
        return redirect("order", order.pk)
    context = {"form": sent or NumbersFileForm()}
    return render(request, "subscribers/numbers.html", context, status=UNPROCESSABLE if sent else 200)


@needs(Right.CHANGE_NUMBERS)
@require_safe
def order_numbers_sample(request: SeatRequest) -> FileResponse:
    """The numbers beside themselves, as the upload takes them: to be changed in Excel and sent back."""
    return as_excel(numbers_list.report(offered(request.seat).filter(status__in=ALLOWED)), "numbers")
