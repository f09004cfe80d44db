"""The cover of an invoice: what stands on it, in words of the caller's, and its PDF.

Every label is data: this knows no language, no country and no currency. Amounts come formatted (`text.amount`), so
that the cover says what the caller's page says.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial

from abonent.formats.typst import ARCHIVAL, TEMPLATES, Attachment, Standard, compile_document

MAX_SUBSCRIBERS = 300  # beyond, typst takes seconds and gigabytes: the breakdown is an annex by the streaming writer
TEMPLATE = TEMPLATES / "invoice.typ"
# How many letters of a word surely fit: into half a page, into a fact, into the first columns of the breakdown.
_HALF_PAGE, _FACT, _COLUMNS = 20, 14, (18, 14, 8)
_PIECE = 3
# A number of a bank account (IBAN, ISO 13616) at its longest: of digits and Latin letters so many fit into half a page.
_ACCOUNT = re.compile(r"[A-Z0-9]{1,34}")


@dataclass(frozen=True, slots=True)
class Party:
    """The operator or the client: a name and its requisites, a line each."""

    role: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Texts as they are to be printed. The first `text_columns` are set left, the others right."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    total: tuple[str, ...]
    text_columns: int = 1


@dataclass(frozen=True, slots=True)
class Due:
    """The figure that one looks for: what is to be paid, and until when."""

    label: str
    amount: str
    until: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A code to pay by: its SVG, what it says to those who cannot see it, and a line beneath."""

    svg: str
    alternative: str
    note: str


@dataclass(frozen=True, slots=True)
class Cover:
    """All that stands on a cover.

    `summary`: label, quantity, net, VAT, gross for each kind of charge; `taxes`: rate, net, VAT, gross for each rate;
    `subscribers`: number, name, tariff, fees, usage, net, VAT, gross (at most 300 rows, else none). `page`: «Page
    {page} of {total}»; `pages_after` are those of an annex, which count too.
    """

    language: str
    title: str
    operator: Party
    client: Party
    facts: tuple[tuple[str, str], ...]
    due: Due
    summary: Table
    words: tuple[str, ...]
    page: str
    notes: tuple[str, ...] = ()
    taxes: Table | None = None
    payment: Payment | None = None
    subscribers: Table | None = None
    pages_after: int = 0


def render(
    cover: Cover, formed: datetime, *, attachments: Sequence[Attachment] = (), standards: Sequence[Standard] = ARCHIVAL
) -> bytes:
    """The cover as PDF/A-3a and PDF/UA-1. Raises ValueError for a breakdown that belongs into an annex."""
    if cover.subscribers and len(cover.subscribers.rows) > MAX_SUBSCRIBERS:
        raise ValueError(f"at most {MAX_SUBSCRIBERS} subscribers stand on a cover")
    return compile_document(TEMPLATE, asdict(_broken(cover)), formed, standards=standards, attachments=attachments)


def _broken(cover: Cover) -> Cover:
    """The cover with its long words in pieces, so that none lies over what stands beside it."""
    return replace(
        cover,
        operator=_broken_party(cover.operator),
        client=_broken_party(cover.client),
        facts=tuple((label, breakable(value, _FACT)) for label, value in cover.facts),
        subscribers=cover.subscribers and _broken_rows(cover.subscribers),
    )


def _broken_party(party: Party) -> Party:
    lines = tuple(" ".join(map(_of_requisites, line.split())) for line in party.lines)
    return replace(party, name=breakable(party.name, _HALF_PAGE), lines=lines)


def _of_requisites(word: str) -> str:
    """The number of a bank account is copied and retyped: it stands in one piece."""
    return word if _ACCOUNT.fullmatch(word) else _pieces(word, _HALF_PAGE)


def _broken_rows(table: Table) -> Table:
    texts = len(_COLUMNS)
    rows = [(*map(breakable, row[:texts], _COLUMNS), *row[texts:]) for row in table.rows]
    return replace(table, rows=rows)


def breakable(text: str, longest: int) -> str:
    """The text with the words above `longest` letters in pieces, a line end between two (`invoice.typ` knows)."""
    if len(text) <= longest and "\n" not in text:
        return text
    return " ".join(map(partial(_pieces, longest=longest), text.split()))


def _pieces(word: str, longest: int) -> str:
    if len(word) <= longest:
        return word
    return "\n".join(word[at : at + _PIECE] for at in range(0, len(word), _PIECE))
