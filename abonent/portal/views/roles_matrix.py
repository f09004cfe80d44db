"""Who may do what, and why: one place with reasons, every folder with counts, and the table of roles × rights (V8)."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from abonent.access import own_roles
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import CLIENT_RIGHTS, RIGHT_GROUPS, RIGHT_NAMES, Right
from abonent.access.who_may import over_each_folder, who_may
from abonent.hierarchy.paths import Paths
from abonent.lib.search import search_key
from abonent.portal.forms.who_may import FOLDER, WhoMayForm
from abonent.portal.numbered import numbered_list
from abonent.portal.reasons import Reader, reasoned

ASK, FOLDERS, TABLE = "", "folders", "table"
UNPROCESSABLE = 422
_MAX_QUERY = 100


@dataclass(frozen=True, slots=True)
class FolderRow:
    """A folder, and how many people may do it in the whole of it now."""

    path: str
    people: int
    url: str


@needs(Right.MANAGE_ROLES)
@require_safe
def roles_matrix(request: SeatRequest) -> HttpResponse:
    show = request.GET.get("show", ASK)
    page = {FOLDERS: _folders, TABLE: _table}.get(show, _ask)
    return page(request)


def _tabs(right: Right, show: str) -> list[dict[str, object]]:
    labels = {ASK: _("In one place"), FOLDERS: _("In every folder"), TABLE: _("Roles and rights")}
    return [
        {"label": label, "url": f"?{urlencode({'show': key, 'right': right})}", "current": key == show}
        for key, label in labels.items()
    ]


def _ask(request: SeatRequest) -> HttpResponse:
    paths = Paths.of(request.seat)
    form = WhoMayForm(request.seat, paths, request.GET)
    right, context = Right.CHANGE_TARIFFS, {"form": form, "show": ASK}
    if form.is_valid() and form.place is not None:
        right = form.right_asked
        found = numbered_list(request, who_may(right, form.place), _people)
        reader = Reader.of(request.seat, paths, form.folder_asked)
        context |= {
            "answers": [reasoned(answer, right, reader) for answer in found.rows],
            "answered": True,
            "pager": found.pager,
        }
    context["tabs"] = _tabs(right, ASK)
    return render(request, "roles/ask.html", context, status=UNPROCESSABLE if form.errors and request.GET else 200)


def _folders(request: SeatRequest) -> HttpResponse:
    right = _right_of(request)
    paths, query = Paths.of(request.seat), request.GET.get("q", "").strip()[:_MAX_QUERY]
    found = over_each_folder(request.seat.client, right) if request.seat.client else {}
    key = search_key(query)
    matching = [pk for pk in paths.in_order if not key or key in search_key(paths.path(pk))]
    page = numbered_list(request, matching, _folder_count)
    rows = [
        FolderRow(paths.path(pk), len(found.get(pk, ())), f"?{urlencode({'right': right, 'over': f'{FOLDER}-{pk}'})}")
        for pk in page.rows
    ]
    context = {
        "rows": rows,
        "pager": page.pager,
        "query": query,
        "right": right,
        "right_groups": _right_groups(),
        "show": FOLDERS,
        "tabs": _tabs(right, FOLDERS),
    }
    return render(request, "roles/folders.html", context)


def _table(request: SeatRequest) -> HttpResponse:
    known = own_roles.roles_of(request.seat)
    groups = [
        (head, [(RIGHT_NAMES[right], [right in role.rights for role in known]) for right in rights])
        for head, rights in RIGHT_GROUPS
    ]
    context = {"roles": known, "groups": groups, "show": TABLE, "tabs": _tabs(_right_of(request), TABLE)}
    return render(request, "roles/matrix.html", context)


def _right_of(request: SeatRequest) -> Right:
    asked = request.GET.get("right", "")
    return next((right for right in CLIENT_RIGHTS if right.value == asked), Right.CHANGE_TARIFFS)


def _right_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    return [(str(head), [(right.value, str(RIGHT_NAMES[right])) for right in rights]) for head, rights in RIGHT_GROUPS]


def _people(count: int) -> str:
    return ngettext("%(count)d role of a person", "%(count)d roles of people", count) % {"count": count}


def _folder_count(count: int) -> str:
    return ngettext("%(count)d folder", "%(count)d folders", count) % {"count": count}
