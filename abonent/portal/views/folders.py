"""«Управление иерархией»: the client's own folders beside the billing hierarchy (V3)."""

import itertools
from collections.abc import Collection, Sequence
from dataclasses import replace

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.billing import folder_report
from abonent.clients.models import Folder
from abonent.hierarchy import folders as verbs
from abonent.hierarchy.dragging import Dragged, folder_at, put_into
from abonent.hierarchy.nodes import Hierarchy, Kind, Level, Ref
from abonent.hierarchy.paths import Paths
from abonent.hierarchy.refusal import FolderRefused
from abonent.hierarchy.tree import Tree, hierarchies
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.portal.forms.folders import NameForm, PlaceForm, open_refs
from abonent.portal.forms.selections import refs_in
from abonent.profile import current

UNPROCESSABLE = 422
# So many paths are offered while one types; any other may be typed.
OFFERED_PATHS = 500


@needs(Right.CHANGE_FOLDERS)
@require_safe
def folders(request: SeatRequest) -> HttpResponse:
    """The page; with `?do=` and `?nodes=` the dialog that asks for the rest; `?folder=` shows this one in its place."""
    return _page(request, _dialog_asked(request), way=_way_to(request))


def _page(
    request: SeatRequest, dialog: dict[str, object] | None, status: int = 200, way: Sequence[Ref] = ()
) -> HttpResponse:
    """The page, with a dialog open where there is one, and open along `way`, whose end is marked."""
    seat = request.seat
    must_see_numbers(seat)
    opened = [*map(str, way)] or open_refs(request.POST if request.method == "POST" else request.GET)
    own = Tree.of(seat, Hierarchy.FOLDERS)
    billing = Tree.of(seat, Hierarchy.BILLING) if Hierarchy.BILLING in hierarchies(seat) else None
    tree_url = reverse("numbers_tree")
    context = {
        "level": _opened(own, own.begun(), opened, way),
        "shown": way[-1] if way else None,
        "level_url": f"{tree_url}?{urlencode({'tree': Hierarchy.FOLDERS.value})}",
        "billing": billing.begun() if billing else None,
        "billing_url": f"{tree_url}?{urlencode({'tree': Hierarchy.BILLING.value})}",
        "open": ",".join(opened),
        "sees_costs": seat.has(Right.SEE_FINANCE),
        "dialog": dialog,
    }
    return render(request, "numbers/folders.html", context, status=status)


@needs(Right.CHANGE_FOLDERS)
@require_POST
def folder_creation(request: SeatRequest) -> HttpResponse:
    """Make a folder below the marked one, or at the top."""
    refs = refs_in(request.POST)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            made = verbs.create(request.seat, form.cleaned_data["name"], _parent(refs), origin_of(request))
        except FolderRefused as refused:
            form.add_error("name", refused.message())
        else:
            messages.success(request, _("The folder “%(name)s” is made.") % {"name": made.name})
            return _back(request, *(str(ref) for ref in refs))
    return _page(request, _creating(request, refs, form), UNPROCESSABLE)


@needs(Right.CHANGE_FOLDERS)
@require_POST
def folder_name(request: SeatRequest, pk: int) -> HttpResponse:
    folder = _folder(request, pk)
    form = NameForm(request.POST)
    if form.is_valid():
        try:
            renamed = verbs.rename(request.seat, pk, form.cleaned_data["name"], origin_of(request))
        except FolderRefused as refused:
            form.add_error("name", refused.message())
        else:
            messages.success(request, _("The folder is called “%(name)s” now.") % {"name": renamed.name})
            return _back(request)
    return _page(request, _renaming(folder, form), UNPROCESSABLE)


@needs(Right.CHANGE_FOLDERS)
@require_POST
def folder_deletion(request: SeatRequest, pk: int) -> HttpResponse:
    folder = _folder(request, pk)
    try:
        verbs.delete(request.seat, pk, origin_of(request))
    except FolderRefused as refused:
        messages.error(request, refused.message())
    else:
        messages.success(request, _("The folder “%(name)s” is deleted.") % {"name": folder.name})
    return _back(request)


@needs(Right.CHANGE_FOLDERS)
@require_POST
def folder_moving(request: SeatRequest) -> HttpResponse:
    """Put nodes into the folder on which they were dropped (`onto`), or whose path was typed."""
    refs = refs_in(request.POST)
    dropped = "onto" in request.POST
    form = PlaceForm(request.POST)
    try:
        target = _dropped_on(request) if dropped else folder_at(request.seat, request.POST.get("path", ""))
        done = put_into(request.seat, refs, target, origin_of(request))
    except FolderRefused as refused:
        if not dropped:
            form.is_valid()
            form.add_error("path", refused.message())
            return _page(request, _moving(request, refs, form), UNPROCESSABLE)
        messages.error(request, refused.message())
        return _back(request)
    messages.success(request, _said(done))
    return _back(request, *([f"{Kind.FOLDER}:{target}"] if target else []))


@needs(Right.CHANGE_FOLDERS)
@require_safe
def folders_costs(request: SeatRequest) -> HttpResponse:
    """The costs of last month, read when the page already stands."""
    if not request.seat.has(Right.SEE_FINANCE):
        raise PermissionDenied
    month = Month.at(clock.now(), current().zone).plus(-1)
    costs = folder_report.costs_of(request.seat, month)
    context = {"month": month.first_day, "rows": folder_report.rows(request.seat, costs), "total": costs.total}
    return render(request, "numbers/folder_costs.html", context | {"billed": costs.billed})


def must_see_numbers(seat: Seat) -> None:
    """The trees show numbers: whoever may change folders and may not see numbers has no use of them."""
    if not seat.has(Right.SEE_SUBSCRIBERS):
        raise PermissionDenied


def _folder(request: SeatRequest, pk: int) -> Folder:
    found = Folder.objects.within(request.seat).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _back(request: SeatRequest, *more: str) -> HttpResponseRedirect:
    """To the page, with what was open still open, and `more` besides."""
    opened = dict.fromkeys([*more, *open_refs(request.POST)])
    return HttpResponseRedirect(
        f"{reverse('folders')}?{urlencode({'open': ','.join(opened)})}" if opened else reverse("folders")
    )


def _way_to(request: SeatRequest) -> list[Ref]:
    """From the client through the folders that the seat sees down to the one asked for; empty for a foreign one."""
    asked = Ref.parse(f"{Kind.FOLDER}:{request.GET.get('folder', '')}")
    paths = Paths.of(request.seat) if asked else None
    if asked is None or paths is None or asked.pk not in paths.folders:
        return []
    top = Ref(Kind.CLIENT, request.seat.client_id or 0)
    return [top, *(Ref(Kind.FOLDER, pk) for pk in paths.way(asked.pk))]


def _opened(tree: Tree, level: Level, opened: Collection[str], way: Sequence[Ref] = ()) -> Level:
    """The level, with what is below the opened nodes read along, and read on until `way` goes through it."""
    nodes = []
    for node in level.nodes:
        inner = node.inner
        if node.opens and inner is None and str(node.ref) in opened:
            inner = tree.below(node.ref)
        inner = inner and _read_on(tree, node.ref, inner, way)
        nodes.append(replace(node, inner=_opened(tree, inner, opened, way)) if inner else node)
    return replace(level, nodes=nodes)


def _read_on(tree: Tree, above: Ref, level: Level, way: Sequence[Ref]) -> Level:
    """The level below `above`, page after page, until what follows `above` on the way stands in it."""
    follows = dict(itertools.pairwise(way)).get(above)
    while follows and level.more and follows not in {node.ref for node in level.nodes}:
        page = tree.below(above, level.more)
        level = Level([*level.nodes, *page.nodes], page.more)
    return level


def _parent(refs: Collection[Ref]) -> int | None:
    """The folder among the nodes, which is to be the parent; the client, or nothing, is the top."""
    return next((ref.pk for ref in refs if ref.kind == Kind.FOLDER), None)


def _dropped_on(request: SeatRequest) -> int | None:
    ref = Ref.parse(request.POST.get("onto", ""))
    if ref is None or ref.kind not in {Kind.FOLDER, Kind.CLIENT}:
        raise Http404
    return ref.pk if ref.kind == Kind.FOLDER else None


def _said(done: Dragged) -> str:
    parts = []
    if done.folders:
        parts.append(ngettext("%(n)d folder moved", "%(n)d folders moved", done.folders) % {"n": done.folders})
    if done.numbers:
        parts.append(ngettext("%(n)d number moved", "%(n)d numbers moved", done.numbers) % {"n": done.numbers})
    return ", ".join(parts) or _("Everything was there already.")


def _dialog_asked(request: SeatRequest) -> dict[str, object] | None:
    asked, refs = request.GET.get("do", ""), refs_in(request.GET)
    marked = [ref.pk for ref in refs if ref.kind == Kind.FOLDER]
    if asked == "create":
        return _creating(request, refs, NameForm())
    if asked == "move" and refs:
        return _moving(request, refs, PlaceForm())
    if asked in {"rename", "delete"}:
        if len(refs) != 1 or not marked:
            messages.info(request, _("Mark one folder first."))
            return None
        folder = _folder(request, marked[0])
        return _renaming(folder, NameForm({"name": folder.name})) if asked == "rename" else _deleting(request, folder)
    return None


def _creating(request: SeatRequest, refs: Collection[Ref], form: forms.Form) -> dict[str, object]:
    paths, parent = Paths.of(request.seat), _parent(refs)
    text = _("In “%(path)s”.") % {"path": paths.path(parent)} if parent in paths.folders else _("At the top.")
    return {
        "title": _("New folder"),
        "text": text,
        "url": reverse("folder_creation"),
        "form": form,
        "button": _("Make the folder"),
        "nodes": f"{Kind.FOLDER}:{parent}" if parent else "",
    }


def _renaming(folder: Folder, form: forms.Form) -> dict[str, object]:
    return {
        "title": _("Rename “%(name)s”") % {"name": folder.name},
        "url": reverse("folder_name", args=[folder.pk]),
        "form": form,
        "button": _("Rename"),
    }


def _moving(request: SeatRequest, refs: Collection[Ref], form: forms.Form) -> dict[str, object]:
    paths = Paths.of(request.seat)
    return {
        "title": _("Move into a folder"),
        "text": ngettext("%(n)d thing is marked.", "%(n)d things are marked.", len(refs)) % {"n": len(refs)},
        "url": reverse("folder_moving"),
        "form": form,
        "button": _("Move"),
        "nodes": ",".join(map(str, refs)),
        "paths": [paths.path(key) for key in paths.in_order[:OFFERED_PATHS]],
    }


def _deleting(request: SeatRequest, folder: Folder) -> dict[str, object] | None:
    """What goes is said before; why it cannot be done, too."""
    try:
        gone = verbs.going(request.seat, folder.pk)
    except FolderRefused as refused:
        messages.error(request, refused.message())
        return None
    where = _("“%(path)s”") % {"path": gone.parent} if gone.parent else _("the top")
    numbers = ngettext("%(n)d number", "%(n)d numbers", gone.numbers) % {"n": gone.numbers}
    below = ngettext("%(n)d folder", "%(n)d folders", gone.folders) % {"n": gone.folders}
    text = _("%(numbers)s and %(folders)s in it go to %(where)s. Costs of the past stay with the deleted folder.")
    return {
        "title": _("Delete the folder “%(name)s”?") % {"name": folder.name},
        "text": text % {"numbers": numbers, "folders": below, "where": where},
        "url": reverse("folder_deletion", args=[folder.pk]),
        "button": _("Delete the folder"),
    }
