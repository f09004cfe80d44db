"""«Пользователи»: the people of the client, and who is invited (V8)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from abonent.access.giving import givable
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Invitation, Person, Role, Seat
from abonent.access.rights import Right
from abonent.audit.journal import ActorKind, entries
from abonent.lib import clock
from abonent.lib.search import search_key
from abonent.portal.numbered import numbered
from abonent.subscribers.people import people_within, seats_within

MAX_QUERY = 100
ENTERED = ("access.login", "access.switch")
ACTIVE, BLOCKED, LATER = "active", "blocked", "later"
STATES: dict[str, tuple[str, Promise]] = {
    # Translators: «Активный»
    ACTIVE: ("good", pgettext_lazy("status", "Active")),
    BLOCKED: ("bad", pgettext_lazy("status", "Blocked")),
    LATER: ("idle", gettext_lazy("Not begun")),
}


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A role of somebody, with its state and what it is over, in words."""

    seat: Seat
    state: str

    @classmethod
    def of(cls, seat: Seat) -> "SeatRow":
        if seat.blocked or not seat.person.is_active:
            return cls(seat, BLOCKED)
        return cls(seat, LATER if seat.valid_from > clock.now() else ACTIVE)

    @property
    def badge(self) -> str:
        return STATES[self.state][0]

    @property
    def label(self) -> Promise:
        return STATES[self.state][1]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list."""

    person: Person
    seats: Sequence[SeatRow]
    seen: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Filter:
    """`role` is the id of a role, 0 for any; `state` one of STATES, or empty."""

    query: str
    role: int
    state: str

    @classmethod
    def of(cls, request: SeatRequest) -> "Filter":
        role, state = request.GET.get("role", ""), request.GET.get("state", "")
        number = int(role) if role.isascii() and role.isdigit() and len(role) < 19 else 0  # noqa: PLR2004  # fits
        return cls(request.GET.get("q", "").strip()[:MAX_QUERY], number, state if state in STATES else "")

    @property
    def is_set(self) -> bool:
        return bool(self.query or self.role or self.state)

    def apply(self, manager: Seat) -> "QuerySet[Person]":
        found = people_within(manager)
        if self.query:
            found = found.filter(search_key__contains=search_key(self.query))
        seats = seats_within(manager)
        if self.role:
            found = found.filter(seats__in=seats.filter(role_id=self.role))
        if self.state == BLOCKED:
            found = found.filter(seats__in=seats.filter(blocked=True))
        elif self.state == LATER:
            found = found.filter(seats__in=seats.filter(valid_from__gt=clock.now()))
        elif self.state == ACTIVE:
            found = found.filter(seats__in=seats.in_force())
        return found.distinct().order_by("search_key", "pk")


@needs(Right.MANAGE_PEOPLE)
@require_safe
def people(request: SeatRequest) -> HttpResponse:
    """Everybody with a role within the manager's own reach, each with these roles."""
    chosen = Filter.of(request)
    theirs = seats_within(request.seat).select_related("role", "person").order_by("pk")
    found = chosen.apply(request.seat).prefetch_related(Prefetch("seats", theirs, to_attr="here"))
    page = numbered(request, found, _summary)
    entered = last_entered(request.seat, page.rows)
    context = {
        "rows": [
            Row(person, [SeatRow.of(seat) for seat in getattr(person, "here", [])], entered.get(str(person.pk)))
            for person in page.rows
        ],
        "pager": page.pager,
        "filter": chosen,
        "roles": Role.objects.within(request.seat).order_by("own_name", "pk"),
        "states": [(key, label) for key, (_badge, label) in STATES.items()],
        "tabs": tabs(request.seat, "people"),
        "may_invite": bool(givable(request.seat)),
    }
    return render(request, "people/list.html", context)


@needs(Right.MANAGE_PEOPLE)
@require_safe
def invitations(request: SeatRequest) -> HttpResponse:
    """Who was invited and has not come yet."""
    found = Invitation.objects.within(request.seat).pending().select_related("role", "by")
    page = numbered(request, found, _invited_summary)
    context = {"rows": page.rows, "pager": page.pager, "tabs": tabs(request.seat, "invitations")}
    return render(request, "people/invitations.html", context)


def tabs(manager: Seat, current: str) -> list[dict[str, object]]:
    waiting = Invitation.objects.within(manager).pending().count()
    return [
        # Translators: «Пользователи»
        {"label": _("Users"), "url": reverse("people"), "current": current == "people"},
        {
            "label": _("Invitations (%(count)d)") % {"count": waiting},
            "url": reverse("people_invitations"),
            "current": current == "invitations",
        },
    ]


def last_entered(manager: Seat, people: Sequence[Person]) -> dict[str, dt.datetime]:
    """When each of `people` last came in for the manager's client, by the person's id; what the journal knows."""
    found = entries(manager.client_id).order_by().filter(action__in=ENTERED, result="done")
    theirs = found.filter(actor_kind=ActorKind.PERSON, actor_id__in=[str(person.pk) for person in people])
    return {actor: at for actor, at in theirs.values_list("actor_id").annotate(last=Max("at"))}  # noqa: C416  # pairs


def _summary(count: int) -> str:
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


def _invited_summary(count: int) -> str:
    return ngettext("%(count)d invitation", "%(count)d invitations", count) % {"count": count}
