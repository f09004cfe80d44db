"""The only check that a face uses: who may call a view. Every view carries exactly one of the three decorators."""

from collections.abc import Callable
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


class Guarded(Generic[P]):
    """A view with its guard. `kind` is public, signed_in or needs; the architecture test looks for it on every view."""

    kind: str
    right: Right | None
    fresh: bool

    def __init__(
        self,
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
        kind: str,
        right: Right | None = None,
        *,
        fresh: bool = False,
    ) -> None:
        update_wrapper(self, view)
        self.view = view
        self.kind = kind
        self.right = right
        self.fresh = fresh

    def __call__(self, request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        refusal = self.refusal(request)
        return self.view(request, *args, **kwargs) if refusal is None else refusal

    def refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """None where the view may go on; a missing right is PermissionDenied."""
        if self.kind == "public":
            return None
        if not request.user.is_authenticated:
            keep_typed(request)
            return to_page(request, str(settings.LOGIN_URL))
        return self.seat_refusal(request) or self.proof_refusal(request)

    def seat_refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """A seat that wants a second factor is not in force before it is given: the way leads there."""
        if self.right is None:
            return None
        seat: Seat | None = getattr(request, "seat", None)
        if seat is None and getattr(request, "locked_seat", None) is not None:
            keep_posted(request, request.user, Why.SECOND_FACTOR)
            return to_page(request, settings.SECOND_FACTOR_URL)
        if seat is None:
            return to_page(request, settings.SEATS_URL)
        if not seat.has(self.right):
            note_refusal(request, seat, self.right)
            raise PermissionDenied(self.right)
        return None

    def proof_refusal(self, request: HttpRequest) -> HttpResponseBase | None:
        """For a sensitive action the last proof has to be new; what is posted waits meanwhile."""
        if self.fresh and not is_fresh(request, request.user):
            keep_posted(request, request.user, Why.PROOF)
            return to_page(request, settings.PROOF_URL)
        return None


def needs(
    right: Right, *, fresh: bool = False
) -> Callable[[Callable[Concatenate[SeatRequest, P], HttpResponseBase]], Guarded[P]]:
    """Only for a seat with `right`: anonymous → log-in, no seat → the choice of seats, no right → 403 (journaled).

    With `fresh` (people, roles, where invoices go, …) whoever logged in longer ago than the profile's
    `login.fresh_minutes` is asked for a proof again (`/login/again/`) and led back; a form that was posted is kept, and
    offered to be sent. Tests that log in by `tests.conftest.logged_in` have just proven who they are.
    """

    def guard(view: Callable[Concatenate[SeatRequest, P], HttpResponseBase]) -> Guarded[P]:
        return Guarded(view, "needs", right, fresh=fresh)  # type: ignore[arg-type]  # the guard makes it a SeatRequest

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
        return Guarded(inner, "signed_in", fresh=fresh)  # type: ignore[arg-type]  # the guard makes it a PersonRequest

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
