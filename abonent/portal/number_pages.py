"""What the page «Операции с номерами» shows: a tree within the seat, and the current selection (V2)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from abonent.access.guard import SeatRequest
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


def whole_page(request: SeatRequest, naming: NamingForm, status: int, renamed: int = 0) -> HttpResponse:
    """The page with a form of its dialog: `renamed` is the id of the selection that it renames, 0 for a new one."""
    context = _tree_context(request) | selection_context(request) | {"naming": naming, "renamed": renamed}
    return render(request, "numbers/page.html", context, status=status)


def level_below(request: SeatRequest, tree: Tree, ref: Ref | None) -> Level:
    if ref is None:
        raise LookupError
    return tree.below(ref, request.GET.get("after", ""))


def top_level(request: SeatRequest, tree: Tree) -> Level:
    find, after = _find(request), request.GET.get("after", "")
    if find:
        return tree.found(find, after)
    return tree.roots(after) if after else tree.begun()


def _find(request: SeatRequest) -> str:
    return request.GET.get("find", "").strip()[:MAX_QUERY]


def tree_of(request: SeatRequest) -> Tree:
    asked = request.GET.get("tree", "")
    hierarchy = Hierarchy(asked) if asked in Hierarchy.values else Hierarchy.BILLING
    only = selection.lines(request.seat) if request.GET.get("only") == SELECTED else None
    return Tree.of(request.seat, hierarchy, only)


def level_url(request: SeatRequest, tree: Tree) -> str:
    query = {"tree": tree.hierarchy.value, "find": _find(request), "only": SELECTED if tree.narrowed else ""}
    return f"{reverse('numbers_tree')}?{urlencode({name: value for name, value in query.items() if value})}"


def _tree_context(request: SeatRequest) -> dict[str, object]:
    tree = tree_of(request)
    here = tree.hierarchy.value
    switch = [
        {"label": known.label, "url": f"?tree={known.value}", "current": known == tree.hierarchy}
        for known in hierarchies(request.seat)
    ]
    return {
        "hierarchy": tree.hierarchy,
        "hierarchies": switch,
        "tree": here,
        "selected_alone": tree.narrowed,
        "selected_url": f"?tree={here}" if tree.narrowed else f"?tree={here}&only={SELECTED}",
        "find": _find(request),
        "level": top_level(request, tree),
        "level_url": level_url(request, tree),
    }


def selection_context(request: SeatRequest) -> dict[str, object]:
    """What `numbers/selection.html` needs."""
    found = selection.summary(request.seat)
    return {
        "summary": found,
        "saved": selection.saved(request.seat),
        "statuses": Subscriber.Status.choices,
        "starts": orders_for(request.seat, by="selection"),
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
