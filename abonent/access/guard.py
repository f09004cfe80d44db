"""The only check that a face uses: who may call a view. Every view carries exactly one of the three decorators."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, Generic, ParamSpec, overload
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from abonent.access.address import origin_of
from abonent.access.models import Person, Seat
from abonent.access.proof import is_fresh
from abonent.access.rights import Right
from abonent.access.typed import Why, keep_posted, keep_typed
from abonent.audit.journal import record

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody who is logged in, perhaps without a seat."""

    user: Person
    seat: Seat | None


class SeatRequest(HttpRequest):
    """What a view behind `@needs` receives: the person, and the seat in force, read from the database just now."""

    user: Person
    seat: Seat


@dataclass(frozen=True, slots=True)
class Need:
    """What a page asks of whoever opens it: a right of the seat (None: no seat), and whether the last proof is new.

    One of the `others` does as well as the right.
    """

    right: Right | None = None
    fresh: bool = False
    others: tuple[Right, ...] = ()

    def is_met(self, seat: Seat) -> bool:
        return self.right is None or any(seat.has(right) for right in (self.right, *self.others))


class Guarded(Generic[P]):
    """A view with its guard. `kind` is public, signed_in or needs; the architecture test looks for it on every view.

    `need` may depend on what the address names.
    """

    kind: str
    need: Need | Callable[P, Need]

    def __init__(
        self,
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
        kind: str,
        need: Right | Need | Callable[P, Need] | None = None,
    ) -> None:
        update_wrapper(self, view)
        self.view = view
        self.kind = kind
        self.need = Need(need) if need is None or isinstance(need, Right) else need

    def __call__(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        refusal = self.refusal(request, *args, **kwargs)
        return self.view(request, *args, **kwargs) if refusal is None else refusal

    def refusal(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase | None:
        """None where the view may go on; a missing right is PermissionDenied."""
        if self.kind == "public":
            return None
        if not request.user.is_authenticated:
            keep_typed(request)
            return to_page(request, str(settings.LOGIN_URL))
        need = self.need if isinstance(self.need, Need) else self.need(*args, **kwargs)
        return self.seat_refusal(request, need) or self.proof_refusal(request, need)

    def seat_refusal(self, request: HttpRequest, need: Need) -> HttpResponseBase | None:
        """A seat that wants a second factor is not in force before it is given: the way leads there."""
        if need.right is None:
            return None
        seat: Seat | None = getattr(request, "seat", None)
        if getattr(request, "locked_seat", None) is not None:
            keep_posted(request, request.user, Why.SECOND_FACTOR)
            return to_page(request, settings.SECOND_FACTOR_URL)
        if seat is None:
            return to_page(request, settings.SEATS_URL)
        allow(request, seat, need)
        return None

    def proof_refusal(self, request: HttpRequest, need: Need) -> HttpResponseBase | None:
        return prove(request, need)


def allow(request: HttpRequest, seat: Seat, need: Need) -> None:
    """Refuse (journaled) a seat that has not the right."""
    if need.right is not None and not need.is_met(seat):
        note_refusal(request, seat, need.right)
        raise PermissionDenied(need.right)


def prove(request: HttpRequest, need: Need) -> HttpResponse | None:
    """For a sensitive action the last proof has to be new; what is posted waits meanwhile."""
    if need.fresh and not is_fresh(request, request.user):
        keep_posted(request, request.user, Why.PROOF)
        return to_page(request, settings.PROOF_URL)
    return None


def demand(request: SeatRequest, right: Right, *, fresh: bool = False) -> HttpResponse | None:
    """What hangs on the object of a page, within its view: a right (else 403), and perhaps a new proof: the way there.

    None where the view may go on.
    """
    need = Need(right, fresh)
    allow(request, request.seat, need)
    return prove(request, need)


SeatView = Callable[Concatenate[SeatRequest, P], HttpResponseBase]


@overload
def needs(of: Callable[P, Need]) -> Callable[[SeatView[P]], Guarded[P]]: ...


@overload
def needs(of: Right, *others: Right, fresh: bool = False) -> Callable[[SeatView[P]], Guarded[P]]: ...


def needs(of: Right | Callable[P, Need], *others: Right, fresh: bool = False) -> Callable[[SeatView[P]], Guarded[P]]:
    """Only for a seat with the right, or one of the others.

    Anonymous → log-in, no seat → the choice of seats, no right → 403 (journaled).

    With `fresh` (people, roles, where invoices go, …) whoever logged in longer ago than the profile's
    `login.fresh_minutes` is asked for a proof again (`/login/again/`) and led back; a form that was posted is kept, and
    offered to be sent. Tests that log in by `tests.conftest.logged_in` have just proven who they are.

    Where the right depends on what the address names, a function of the same arguments says what is needed. It is asked
    once somebody is logged in; what it does not know is an Http404.
    """

    def guard(view: SeatView[P]) -> Guarded[P]:
        need = Need(of, fresh, others) if isinstance(of, Right) else of
        return Guarded(view, "needs", need)  # type: ignore[arg-type]  # the guard makes it a SeatRequest

    return guard


PersonView = Callable[Concatenate[PersonRequest, P], HttpResponseBase]


@overload
def signed_in(view: PersonView[P]) -> Guarded[P]: ...


@overload
def signed_in(*, fresh: bool) -> Callable[[PersonView[P]], Guarded[P]]: ...


def signed_in(
    view: PersonView[P] | None = None, *, fresh: bool = False
) -> Guarded[P] | Callable[[PersonView[P]], Guarded[P]]:
    """For anybody logged in, with or without a seat; `@signed_in(fresh=True)` where the last proof has to be new."""

    def guard(inner: PersonView[P]) -> Guarded[P]:
        return Guarded(inner, "signed_in", Need(fresh=fresh))  # type: ignore[arg-type]  # the guard makes it a PersonRequest

    return guard if view is None else guard(view)


def public(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> Guarded[P]:
    """For everybody: says so, so that a view without a guard is an oversight and fails the build."""
    return Guarded(view, "public")


def note_refusal(request: HttpRequest, seat: Seat, right: Right) -> None:
    """Put into the journal that `seat` asked for what it may not have."""
    record(
        seat.actor(),
        "access.refused",
        target=("page", request.path, request.path),
        client_id=seat.client_id,
        after={"right": right, "method": request.method},
        result="refused",
        origin=origin_of(request),
    )


def wanted_page(request: HttpRequest) -> str:
    """The page to come back to: for a fragment or a form, the page that holds it."""
    if request.method in {"GET", "HEAD"} and not is_fragment(request):
        return request.get_full_path()
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if shown.netloc not in {"", request.get_host()}:
        return "/"
    return safe_next(request, f"{shown.path or '/'}?{shown.query}" if shown.query else shown.path or "/")


def safe_next(request: HttpRequest, address: str) -> str:
    """`address` if it is a page of this site, else the front page."""
    local = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, None, require_https=request.is_secure()
    )
    return address if local else "/"


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def to_page(request: HttpRequest, url_name: str) -> HttpResponse:
    """Send the browser to the page `url_name`, which then leads back; htmx does so for the whole window."""
    address = f"{reverse(url_name)}?{urlencode({'next': wanted_page(request)})}"
    return go(request, address)


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Redirect the window to `address`."""
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
