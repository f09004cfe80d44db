"""Who may enter the back office: a seat of the operator decides, no flag on the person."""

from django.http import HttpRequest

from abonent.access.models import Seat
from abonent.access.rights import Right

# Any of these opens the door; each page behind it asks for its own.
BACK_OFFICE = (Right.OPERATOR_SUPPORT, Right.OPERATOR_CATALOG, Right.OPERATOR_JOBS, Right.OPERATOR_MONEY)


def may_enter(request: HttpRequest) -> bool:
    """Whether the seat in force is one of the operator's staff: for `AdminSite.has_permission`."""
    seat: Seat | None = getattr(request, "seat", None)
    return request.user.is_active and seat is not None and any(seat.has(right) for right in BACK_OFFICE)


def may(request: HttpRequest, right: Right) -> bool:
    """Whether the seat in force has `right`: for the permissions of a `ModelAdmin`."""
    seat: Seat | None = getattr(request, "seat", None)
    return seat is not None and seat.has(right)
