"""PDF: pages of tables, whose cells stand at the places of their titles, and the cover of an invoice, which is tagged.

A table's title is set in 10 points, its column titles bold above a rule, its totals bold below one; both are repeated
on each page. The heading has 15 and 8.5 points, the foot stands below everything.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import BinaryIO

import pikepdf

from abonent.expenses.formats.content import Closing, Fact, Form, Item, Opening, Section, Stray, Unreadable, Why
from abonent.expenses.formats.matching import fact, is_total, kind_of, match
from abonent.expenses.formats.pdf_content import Block, Font, Rule, Shown, content_of, fonts_of, painted
from abonent.expenses.formats.pdf_tagged import Told, is_structured, tagged
from abonent.expenses.formats.table import Cells

FOOT = 4600  # hundredths of a point: what stands lower is the page's foot
TITLE, SECTION, HEADING_FACTS = 1500, 1000, 850  # sizes; tables are smaller
RULE = 70  # the thickness of the line under the titles of columns and above the totals
MARGIN = 3600
_NEAR = 100
# A part that is not what it should be (a number where a font is named) shows itself as one of these.
_DAMAGE = (pikepdf.PdfError, TypeError, AttributeError, LookupError, ArithmeticError, ValueError, RuntimeError)
_DATE_LENGTH = 16  # D: and a moment up to the second


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The document, page by page; a text that was too wide for its column ends with …, as it does on paper."""
    try:
        with pikepdf.open(stream, attempt_recovery=False) as pdf:
            yield from _Reading(pdf, zone).items()
    except pikepdf.PasswordError as error:
        raise Unreadable(Why.LOCKED) from error
    except _DAMAGE as error:
        raise Unreadable(Why.BROKEN) from error


class _Reading:
    def __init__(self, pdf: pikepdf.Pdf, zone: tzinfo) -> None:
        self._pdf = pdf
        self._zone = zone
        self._fonts: dict[tuple[int, int], Font] = {}
        self._facts: list[Fact] = []
        self._told: set[str] = set()
        self._opened = False
        self._section: Section | None = None
        self._cells: Cells | None = None
        self._ended = False
        self._anchors: dict[int, int] = {}
        self._title = ""
        self._heads: list[str] = []
        self._heading: list[Block] = []
        self._ruled = False
        self._rows = 0

    def items(self) -> Iterator[Item]:
        yield from self._cover()
        for number, page in enumerate(self._pdf.pages, start=1):
            content = content_of(page)
            if not is_structured(page, content):
                yield from self._page(page, content, f"page {number}")
        yield from self._open(())
        yield Closing(self._rows)

    def _page(self, page: pikepdf.Page, content: bytes, place: str) -> Iterator[Item]:
        self._title, self._heading, self._ruled = "", [], False
        for item in painted(content, fonts_of(page, self._fonts)):
            if isinstance(item, Rule):
                yield from self._rule(item)
            elif item.y < FOOT or (not item.text and len(item.lines) == 1):
                continue
            elif item.size > HEADING_FACTS:
                yield from self._big(item)
            elif item.size == HEADING_FACTS:
                yield from self._fact(item, place)
            else:
                yield from self._in_table(item, place)

    def _big(self, block: Block) -> Iterator[Item]:
        if block.size == SECTION:
            self._title = block.text
        elif block.size != TITLE:
            yield Stray("a page", block.text)

    def _fact(self, block: Block, place: str) -> Iterator[Item]:
        """Labels stand at the margin, values and their further lines right of them."""
        if self._opened:
            if block.text not in self._told:
                yield Stray(place, block.text)
            return
        self._told.add(block.text)
        if block.x == MARGIN:
            self._facts.append(Fact("", block.text, ""))
        elif self._facts:
            last = self._facts[-1]
            self._facts[-1] = Fact("", last.label, f"{last.value} {block.text}".strip())

    def _rule(self, rule: Rule) -> Iterator[Item]:
        """A rule after bold text ends the titles of columns, one before it begins the totals."""
        if rule.thick != RULE:
            return
        if self._heading:
            yield from self._begin(self._heading[0])
            self._heading = []
        else:
            self._ruled = True

    def _in_table(self, block: Block, place: str) -> Iterator[Item]:
        if block.bold and not self._ruled:
            self._heading.append(block)
            return
        if self._cells is None:
            yield Stray(place, block.text)
            return
        # The last line begins where the last row ended.
        for line in block.lines[:-1]:
            texts, strays = self._texts(line, place)
            if self._ruled:
                self._ended = True
                yield self._cells.totals(texts)
            else:
                self._rows += 1
                yield self._cells.row(texts)
            yield from strays
        self._ruled = False

    def _texts(self, line: list[Shown], place: str) -> tuple[list[str], list[Stray]]:
        texts, strays = [""] * len(self._heads), []
        for shown in line:
            column = self._anchors.get(shown.x)
            if column is None:
                column = self._nearest(shown.x)
            if column is None or texts[column]:
                strays.append(Stray(place, shown.text))
            else:
                texts[column] = shown.text
        return texts, strays

    def _nearest(self, x: int) -> int | None:
        """The column whose texts stand at `x`; places are rounded, so they may differ a little."""
        nearest = min(self._anchors, key=lambda known: abs(known - x), default=None)
        if nearest is None or abs(nearest - x) > _NEAR:
            return None
        self._anchors[x] = self._anchors[nearest]
        return self._anchors[x]

    def _begin(self, block: Block) -> Iterator[Item]:
        """The titles of a table; on a further page they are the same again."""
        titles: dict[int, list[str]] = {}
        for shown in (shown for line in block.lines for shown in line):
            titles.setdefault(shown.x, []).append(shown.text)
        heads = [" ".join(words) for words in titles.values()]
        section = self._section
        if section and not self._ended and (heads, self._title) == (self._heads, section.title):
            return
        self._heads, self._anchors, self._ended = heads, {x: place for place, x in enumerate(titles)}, False
        found = match(self._title, heads)
        yield from self._open(found.kinds)
        self._section, self._cells = found.section, Cells(found.section, self._zone)
        yield found.section

    def _cover(self) -> Iterator[Item]:
        """The tagged pages: a heading, tables, and texts of which those after a known label are its value."""
        title, label, tables = "", "", list[tuple[str, Told]]()
        for told in tagged(self._pdf, self._fonts):
            if told.rows:
                tables.append((title, told))
            elif told.role in {"H1", "H2"}:
                title = told.text
            elif label:
                self._facts.append(fact(label, told.text))
                label = ""
            elif fact(told.text, "").key:
                label = told.text
            else:
                self._facts.append(Fact("", "", told.text))
        if tables:
            self._annex_facts()
        for title, told in tables:
            yield from self._table(title, told.rows)

    def _annex_facts(self) -> None:
        """The heading of the annex, which comes after tables of the cover, belongs to the heading of the whole."""
        for page in self._pdf.pages:
            content = content_of(page)
            if is_structured(page, content):
                continue
            for item in painted(content, fonts_of(page, self._fonts)):
                if isinstance(item, Block) and item.y > FOOT and item.size < HEADING_FACTS:
                    return
                if isinstance(item, Block) and item.size == HEADING_FACTS:
                    deque(self._fact(item, ""), maxlen=0)

    def _table(self, title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[Item]:
        found = match(title, rows[0])
        yield from self._open(found.kinds)
        yield found.section
        cells, last = Cells(found.section, self._zone), len(rows) - 1
        for place, row in enumerate(rows[1:], start=1):
            if len(row) > cells.width:
                yield Stray(f"{title}, row {place}", " ".join(row[cells.width :]))
            if place == last and found.totals and any(map(is_total, row)):
                yield cells.totals(row[: cells.width])
            else:
                self._rows += 1
                yield cells.row(row[: cells.width])

    def _open(self, kinds: Sequence[str]) -> Iterator[Item]:
        if self._opened:
            return
        self._opened = True
        told = self._pdf.docinfo
        title = str(told.get("/Title", ""))
        yield Opening(
            Form.PDF,
            kind_of(title, kinds),
            title,
            str(self._pdf.Root.get("/Lang", "")),
            _formed(str(told.get("/CreationDate", ""))),
            tuple(one if one.key or not one.label else fact(one.label, one.value) for one in self._facts),
        )


def _formed(told: str) -> datetime | None:
    """`D:20261103090507+03'00'`."""
    try:
        digits, zone = told[:_DATE_LENGTH].removeprefix("D:"), told[_DATE_LENGTH:].replace("'", "").removesuffix("Z")
        return datetime.strptime(f"{digits}{zone or '+0000'}", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None
