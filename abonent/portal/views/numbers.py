"""«Операции с номерами»: a tree on the left, the current selection on the right (V2)."""

import tempfile
from dataclasses import dataclass

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import subscriber_list
from abonent.formats.writers import WRITERS
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Hierarchy, Level, Ref
from abonent.hierarchy.tree import Tree, hierarchies
from abonent.portal.filters import MAX_QUERY, SubscriberFilter
from abonent.portal.forms.selections import NamingForm
from abonent.portal.pages import page_of
from abonent.portal.starting import documents_for, orders_for
from abonent.portal.views.subscribers import STATES
from abonent.subscribers.models import Subscriber

SELECTED = "selected"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the selection; the folder is named to those who may see folders."""

    subscriber: Subscriber
    state: str
    folder: str


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def numbers(request: SeatRequest) -> HttpResponse:
    if request.headers.get("HX-Target") == "selected-lines":
        return render(request, "numbers/lines.html", lines_context(request))
    return whole_page(request, NamingForm(), 200)


def whole_page(request: SeatRequest, naming: NamingForm, status: int, renamed: int = 0) -> HttpResponse:
    """The page with a form of its dialog: `renamed` is the id of the selection that it renames, 0 for a new one."""
    context = _tree_context(request) | selection_context(request) | {"naming": naming, "renamed": renamed}
    return render(request, "numbers/page.html", context, status=status)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def numbers_tree(request: SeatRequest) -> HttpResponse:
    """A level of the tree: of `node`, or the top, from `after` on; with `find`, what fits it instead."""
    tree, ref = _tree(request), request.GET.get("node", "")
    try:
        level = _level(request, tree, Ref.parse(ref)) if ref else _top(request, tree)
    except LookupError as missing:
        raise Http404 from missing
    context = {"level": level, "level_url": _level_url(request, tree), "node_ref": ref}
    return render(request, "numbers/level.html", context)


def _level(request: SeatRequest, tree: Tree, ref: Ref | None) -> Level:
    if ref is None:
        raise LookupError
    return tree.below(ref, request.GET.get("after", ""))


def _top(request: SeatRequest, tree: Tree) -> Level:
    find, after = _find(request), request.GET.get("after", "")
    if find:
        return tree.found(find, after)
    return tree.roots(after) if after else tree.begun()


def _find(request: SeatRequest) -> str:
    return request.GET.get("find", "").strip()[:MAX_QUERY]


def _tree(request: SeatRequest) -> Tree:
    asked = request.GET.get("tree", "")
    hierarchy = Hierarchy(asked) if asked in Hierarchy.values else Hierarchy.BILLING
    only = selection.lines(request.seat) if request.GET.get("only") == SELECTED else None
    return Tree.of(request.seat, hierarchy, only)


def _level_url(request: SeatRequest, tree: Tree) -> str:
    query = {"tree": tree.hierarchy.value, "find": _find(request), "only": SELECTED if tree.narrowed else ""}
    return f"{reverse('numbers_tree')}?{urlencode({name: value for name, value in query.items() if value})}"


def _tree_context(request: SeatRequest) -> dict[str, object]:
    tree = _tree(request)
    here = tree.hierarchy.value
    switch = [
        {"label": known.label, "url": f"?tree={known.value}", "current": known == tree.hierarchy}
        for known in hierarchies(request.seat)
    ]
    return {
        "hierarchy": tree.hierarchy,
        "hierarchies": switch,
        "tree": here,
        "only_selected": tree.narrowed,
        "selected_url": f"?tree={here}" if tree.narrowed else f"?tree={here}&only={SELECTED}",
        "find": _find(request),
        "level": _top(request, tree),
        "level_url": _level_url(request, tree),
    }


def selection_context(request: SeatRequest) -> dict[str, object]:
    """What `numbers/selection.html` needs."""
    found = selection.summary(request.seat)
    return {
        "summary": found,
        "saved": selection.saved(request.seat),
        "statuses": Subscriber.Status.choices,
        "starts": orders_for(request.seat),
        "documents": documents_for(request.seat),
        **(lines_context(request, found.count) if found.count else {}),
    }


def lines_context(request: SeatRequest, count: int | None = None) -> dict[str, object]:
    """A page of the selection, by number, narrowed by the filter in the address; `count` of all where it is known."""
    narrowed = SubscriberFilter.of(request.GET)
    found = narrowed.apply(selection.lines(request.seat))
    known = None if narrowed.is_set else count
    page = page_of(request, found.select_related("tariff", "account", "folder"), known)
    names_folders = request.seat.subscriber_ids is None
    return {
        "rows": [_line(subscriber, names_folders=names_folders) for subscriber in page.rows],
        "pager": page.pager,
        "matching": page.matching,
        "filter": narrowed,
        "line_actions": [{"label": _("Take out of the selection"), "url": reverse("selection_remove"), "main": True}],
    }


def _line(subscriber: Subscriber, *, names_folders: bool) -> Line:
    folder = subscriber.folder.name if names_folders and subscriber.folder else "–"
    return Line(subscriber, STATES[Subscriber.Status(subscriber.status)], folder)


@needs(Right.SEE_SUBSCRIBERS)
@require_safe
def selection_export(request: SeatRequest) -> FileResponse:
    """The current selection as Excel."""
    writer = WRITERS["xlsx"]
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    found = selection.lines(request.seat).order_by("number", "pk")
    writer.write(subscriber_list.report(found), stream, lambda _rows: None)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename="selection.xlsx", content_type=writer.mime)
