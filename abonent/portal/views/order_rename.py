"""«Переименование абонентов»: in place in the list, for one number, from a file (S11, S15.3, L11)."""

from django.http import FileResponse, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import names_list
from abonent.orders.selection import offered
from abonent.portal.exporting import as_excel
from abonent.portal.naming import list_page
from abonent.portal.renaming import by_file, by_list, by_one


@needs(Right.CHANGE_NAMES)
@require_http_methods(["GET", "HEAD", "POST"])
def order_rename(request: SeatRequest) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get("for"):
        return by_one(request, asked)
    if asked.get("by") == "file":
        return by_file(request)
    return by_list(request) if request.method == "POST" else list_page(request)


@needs(Right.CHANGE_NAMES)
@require_safe
def order_rename_sample(request: SeatRequest) -> FileResponse:
    """The numbers with their present names, as the upload takes them: to be changed in Excel and sent back."""
    return as_excel(names_list.report(offered(request.seat)), "names")
