"""«Операции с номерами»: a tree on the left, the current selection on the right (V2)."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import subscriber_list
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Ref
from abonent.portal.exporting import exported
from abonent.portal.forms.selections import NamingForm
from abonent.portal.number_pages import level_below, level_url, lines_context, top_level, tree_of, whole_page


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def numbers(request: SeatRequest) -> HttpResponse:
    if request.headers.get("HX-Target") == "selected-lines":
        return render(request, "numbers/lines.html", lines_context(request))
    return whole_page(request, NamingForm(), 200)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def numbers_tree(request: SeatRequest) -> HttpResponse:
    """A level of the tree: of `node`, or the top, from `after` on; with `find`, what fits it instead."""
    tree, ref = tree_of(request), request.GET.get("node", "")
    try:
        level = level_below(request, tree, Ref.parse(ref)) if ref else top_level(request, tree)
    except LookupError as missing:
        raise Http404 from missing
    context = {"level": level, "level_url": level_url(request, tree), "node_ref": ref}
    return render(request, "numbers/level.html", context)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def selection_export(request: SeatRequest) -> FileResponse:
    """The current selection as a file."""
    found = selection.lines(request.seat).order_by("number", "pk")
    return exported(request, subscriber_list.report(found), "selection")
