"""«Роли»: those of the seeds, and a client's own: shown, made, copied, changed, deleted (V8)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access import own_roles
from abonent.access.address import origin_of
from abonent.access.giving import Refusal
from abonent.access.grants import RefusedError
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Role, Seat
from abonent.access.rights import CLIENT_RIGHTS, RIGHT_GROUPS, RIGHT_NAMES, Right
from abonent.portal.forms.roles import RoleForm, initial_of
from abonent.subscribers.models import Subscriber

UNPROCESSABLE = 422
_NAME = 80


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of the list; `people` have it at this client."""

    role: Role
    people: int

    @property
    def rights(self) -> int:
        return len(self.role.rights)


@needs(Right.MANAGE_ROLES)
@require_safe
def roles(request: SeatRequest) -> HttpResponse:
    people = own_roles.people_with(request.seat)
    rows = [RoleRow(known, people.get(known.pk, 0)) for known in own_roles.roles_of(request.seat)]
    context = {
        "built_in": [row for row in rows if row.role.is_built_in],
        "own": [row for row in rows if not row.role.is_built_in],
        "all_rights": len(CLIENT_RIGHTS),
    }
    return render(request, "roles/list.html", context)


@needs(Right.MANAGE_ROLES)
@require_safe
def role(request: SeatRequest, pk: int) -> HttpResponse:
    """What a role gives, who has it, and what may be done with it."""
    shown = _role(request, pk)
    context = {
        "role": shown,
        "groups": _groups(shown),
        "holders": own_roles.holders(request.seat, shown),
        "refusal": None if shown.is_built_in else _may_change(request.seat, shown),
    }
    return render(request, "roles/role.html", context)


@needs(Right.MANAGE_ROLES, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def role_new(request: SeatRequest) -> HttpResponseBase:
    """A new role: empty, or a copy of the one that `?copy=` names."""
    if request.method != "POST":
        return _form_page(request, RoleForm(request.seat, initial=_copied(request)))
    form = RoleForm(request.seat, request.POST)
    if form.is_valid():
        try:
            made = own_roles.make(request.seat, form.wish, origin_of(request))
        except RefusedError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("The role “%(name)s” is made. Now give it to somebody.") % {"name": made.name})
            return redirect("role", made.pk)
    return _form_page(request, form)


@needs(Right.MANAGE_ROLES, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def role_change(request: SeatRequest, pk: int) -> HttpResponseBase:
    shown = _own_role(request, pk)
    refusal = _may_change(request.seat, shown)
    if refusal is not None:
        messages.error(request, refusal.message)
        return redirect("role", pk)
    if request.method != "POST":
        return _form_page(
            request, RoleForm(request.seat, initial=initial_of(shown, request.seat, name=shown.name)), shown
        )
    form = RoleForm(request.seat, request.POST)
    if form.is_valid():
        try:
            _change(request, shown, form)
        except RefusedError as refused:
            form.refuse(refused)
            # What they are told of is what they have read now: the next press decides on that.
            shown.refresh_from_db()
        else:
            messages.success(request, _("The role is changed, for everybody who has it."))
            return redirect("role", pk)
    return _form_page(request, form, shown)


@needs(Right.MANAGE_ROLES, fresh=True)
@require_POST
def role_deletion(request: SeatRequest, pk: int) -> HttpResponseRedirect:
    shown = _own_role(request, pk)
    try:
        own_roles.delete(request.seat, shown, origin_of(request))
    except RefusedError as refused:
        messages.error(request, refused.refusal.message)
        return redirect("role", pk)
    messages.success(request, _("The role “%(name)s” is deleted.") % {"name": shown.name})
    return redirect("roles")


def _role(request: SeatRequest, pk: int) -> Role:
    return get_object_or_404(Role.objects.within(request.seat), pk=pk)


def _own_role(request: SeatRequest, pk: int) -> Role:
    """One of the client's own: a built-in one cannot be changed, by any address."""
    shown = _role(request, pk)
    if shown.is_built_in:
        raise Http404
    return shown


def _may_change(seat: Seat, shown: Role) -> Refusal | None:
    return own_roles.may_change(seat, shown, seen=_seen(seat, shown))


def _seen(seat: Seat, shown: Role) -> list[int]:
    """Of the single numbers that people with this role are bound to, those within the seat."""
    numbers = own_roles.numbers_of_holders(shown)
    return list(Subscriber.objects.within(seat).filter(pk__in=numbers).values_list("pk", flat=True))


def _change(request: SeatRequest, shown: Role, form: RoleForm) -> None:
    seen = _seen(request.seat, shown)
    version = form.cleaned_data["version"] or 0
    own_roles.change(request.seat, shown, form.wish, version, seen=seen, origin=origin_of(request))


def _copied(request: SeatRequest) -> dict[str, object]:
    asked = request.GET.get("copy", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 19):  # noqa: PLR2004  # fits the database
        return {}
    shown = _role(request, int(asked))
    name = _("%(name)s, a copy") % {"name": shown.name}
    return initial_of(shown, request.seat, name=name[:_NAME])


def _groups(shown: Role) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Heads with their rights, and whether the role has each."""
    rights = shown.rights
    return [
        (str(name), [(str(RIGHT_NAMES[right]), right in rights) for right in group]) for name, group in RIGHT_GROUPS
    ]


def _form_page(request: SeatRequest, form: RoleForm, shown: Role | None = None) -> HttpResponse:
    conflict = shown is not None and form.is_bound and form.data.get("version") != str(shown.version)
    context = {
        "form": form,
        "role": shown,
        "version": shown.version if shown else 0,
        "people": len(own_roles.holders(request.seat, shown)) if shown else 0,
        "now": _groups(shown) if shown and conflict else [],
        "own_role": request.seat.role,
    }
    return render(request, "roles/form.html", context, status=UNPROCESSABLE if form.errors else 200)
