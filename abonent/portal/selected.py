"""The current selection as the source of a document: its numbers by account, a document for each (V4, V5)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest
from abonent.access.models import Seat
from abonent.clients.models import Account
from abonent.documents.document import Kind, Params
from abonent.documents.models import DocumentRequest
from abonent.documents.ordering import NotNow, Wish, accounts_for, place
from abonent.hierarchy import selection

# What the field `source` of a document's form says.
SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class Part:
    """What of the selection stands on one account, ids ascending."""

    account: Account
    ids: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.ids)


class RefusedFor(Exception):  # noqa: N818  # an answer of the rules, not a mishap
    """Nothing was ordered: for `account` the rules say no."""

    def __init__(self, account: Account, refused: NotNow) -> None:
        super().__init__(str(refused))
        self.account = account
        self.answer = refused.answer


def parts_of(seat: Seat, kind: Kind, account: Account | None = None) -> list[Part]:
    """The selection by account, of those about which this kind can be ordered; of `account` alone where it is given."""
    lines = selection.lines(seat)
    if account is not None:
        lines = lines.filter(account=account)
    ids: dict[int, list[int]] = {}
    for pk, of_account in lines.order_by("pk").values_list("pk", "account_id"):
        ids.setdefault(of_account, []).append(pk)
    known = accounts_for(kind, seat).filter(pk__in=ids).select_related("contract")
    return [Part(one, tuple(ids[one.pk])) for one in known.order_by("number")]


def stamp(parts: Sequence[Part]) -> str:
    """What the parts are, in short: another one once the selection has changed."""
    ids = ",".join(str(pk) for part in parts for pk in part.ids)
    return hashlib.sha256(ids.encode()).hexdigest()


def place_each(
    request: SeatRequest, kind: Kind, parts: Sequence[Part], params: Callable[[Part], Params], wish: Wish
) -> list[DocumentRequest]:
    """Order a document for each part, all of them or none: RefusedFor says for which account it cannot be."""
    with transaction.atomic():
        return [_place(request, kind, part, params(part), wish) for part in parts]


def _place(request: SeatRequest, kind: Kind, part: Part, params: Params, wish: Wish) -> DocumentRequest:
    try:
        return place(kind, part.account, params, wish, request.seat, origin_of(request))
    except NotNow as refused:
        raise RefusedFor(part.account, refused) from refused
