"""What a kind of document is, and what it hands to a format: plain typed data, no format known."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.formats import ubl
from abonent.formats.invoice import Cover
from abonent.formats.report import Report
from abonent.profile.calendar import YES, Answer

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Params = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Document:
    """Collected data. `rows` is how many rows the report will have, for a progress that is true.

    Where a format has pages with a layout, it writes the `cover` and then the `annex` (what the cover does not hold,
    `annex_rows` long) instead of the report, and attaches what is `electronic`.
    """

    report: Report
    rows: int
    cover: Cover | None = None
    annex: Report | None = None
    annex_rows: int = 0
    electronic: ubl.Invoice | None = None


class Ordered(Protocol):
    """What a kind is told of a request."""

    @property
    def account(self) -> Account: ...
    @property
    def params(self) -> Params: ...
    @property
    def language(self) -> str: ...


def of_whole_accounts(_account: Account, params: Params, seat: Seat) -> Params | Answer:
    """For a document about an account as a whole: nothing for a seat that sees single numbers alone."""
    if seat.is_narrow:
        raise PermissionDenied
    return params


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. Every text that its functions return is in the language then active.

    `right` is what a seat needs to order and to read it. `why_not` asks the rule calendar, `link_why_not` whether it
    may be had by link too. `collect` holds open what
    the rows are read from. `describe` says what exactly was ordered, `file_name` is without an extension, `subject`
    heads the letter. `bound` is the one place where what is asked is cut to what a seat may have (an answer where that
    cannot be). A kind with `masks` tells whom people call, unless its parameters say `masked`; one `by_number` can be
    ordered from a seat that sees single numbers alone.
    """

    key: str
    label: Promise
    right: Right
    formats: tuple[str, ...]
    why_not: Callable[[Account, Params], Answer]
    collect: Callable[[Ordered], AbstractContextManager[Document]]
    describe: Callable[[Ordered], str]
    file_name: Callable[[Ordered], str]
    subject: Callable[[Ordered], str]
    bound: Callable[[Account, Params, Seat], Params | Answer] = of_whole_accounts
    link_why_not: Callable[[Account, Params], Answer] = lambda _account, _params: YES
    masks: bool = False
    by_number: bool = False
