"""What a kind of document is, and what it hands to a format: plain typed data, no format known."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.formats.invoice import Cover
from abonent.formats.report import Report
from abonent.profile.calendar import Answer

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
Params = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Document:
    """Collected data. `rows` is how many rows the report will have, for a progress that is true.

    Where a format has pages with a layout, it writes the `cover` and then the `annex` (what the cover does not hold,
    `annex_rows` long) instead of the report.
    """

    report: Report
    rows: int
    cover: Cover | None = None
    annex: Report | None = None
    annex_rows: int = 0


class Ordered(Protocol):
    """What a kind is told of a request."""

    @property
    def account(self) -> Account: ...
    @property
    def params(self) -> Params: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. Every text that its functions return is in the language then active.

    `right` is what a seat needs to order and to read it. `why_not` asks the rule calendar. `collect` holds open what
    the rows are read from. `describe` says what exactly was ordered, `file_name` is without an extension, `subject`
    heads the letter.
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
