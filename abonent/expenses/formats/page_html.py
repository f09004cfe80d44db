"""HTML: a page with `h1`, a list of facts, and for each table an `h2` and a `table` whose foot has the totals."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import BinaryIO

from lxml import etree

from abonent.expenses.formats.bounded import Counted
from abonent.expenses.formats.content import Closing, Fact, Form, Item, Opening, Stray, Unreadable, Why
from abonent.expenses.formats.matching import fact, kind_of, match
from abonent.expenses.formats.table import Cells
from abonent.expenses.formats.values import moment

_PIECE = 64 * 1024
_PART = 1024 * 1024  # bytes for one parser: it keeps all that it was fed
_ROW_END = b"</tr>"
_READ = ("html", "h1", "dt", "dd", "h2", "tr", "footer")


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The document, row by row; the moment when it was formed is the page's foot."""
    source = Counted(stream)
    reading = _Reading(source, zone)
    try:
        for part in _parts(source):
            yield from reading.part(part)
    except etree.LxmlError as error:
        raise Unreadable(Why.BROKEN) from error
    yield from reading.close()


def _parts(source: Counted) -> Iterator[bytes]:
    """The page in parts that end with a row."""
    part = b""
    while piece := source.read(_PIECE):
        part += piece
        cut = part.rfind(_ROW_END) + len(_ROW_END) if len(part) >= _PART else 0
        if cut >= _PART // 2:
            yield part[:cut]
            part = part[cut:]
    yield part


class _Reading:
    def __init__(self, source: Counted, zone: tzinfo) -> None:
        self._source = source
        self._zone = zone
        self._language = ""
        self._title = ""
        self._label = ""
        self._facts: list[Fact] = []
        self._opened = False
        self._section_title = ""
        self._cells: Cells | None = None
        self._place = ""
        self._rows = 0
        self._formed: datetime | None = None

    def part(self, data: bytes) -> Iterator[Item]:
        """A part of the page: one that is not the first goes on where the last row stood."""
        parser = etree.HTMLPullParser(events=("start", "end"), tag=_READ, encoding="utf-8", no_network=True)
        if self._place:
            parser.feed(f"<table><{self._place}>".encode())
        parser.feed(data)
        parser.close()
        yield from self._items(parser.read_events())

    def _items(self, events: Iterator[tuple[str, object]]) -> Iterator[Item]:
        for event, element in events:
            if not isinstance(element, etree._Element):  # noqa: SLF001  # lxml has no public name for it
                continue
            if event == "start":
                if element.tag == "html":
                    self._language = str(element.get("lang", self._language))
            elif element.tag == "tr":
                self._source.row()
                yield from self._line(element)
                _forget(element)
            else:
                yield from self._other(element)

    def close(self) -> Iterator[Item]:
        if self._formed is None:
            raise Unreadable(Why.BROKEN if self._opened else Why.UNKNOWN)
        if not self._opened:
            yield self._opening("")
        yield Closing(self._rows, self._formed)

    def _other(self, element: etree._Element) -> Iterator[Item]:
        text = _text(element)
        match element.tag:
            case "h1":
                self._title = text
            case "dt":
                self._label = text
            case "dd":
                self._facts.append(fact(self._label, text))
            case "h2":
                self._section_title = text
            case "footer":
                formed = moment(text, self._zone)
                if isinstance(formed, datetime):
                    self._formed = formed
                else:
                    yield Stray("footer", text)
            case _:
                pass

    def _line(self, element: etree._Element) -> Iterator[Item]:
        parent = element.getparent()
        place = self._place = str(parent.tag) if parent is not None else ""
        texts = [_text(cell) for cell in element]
        if place == "thead":
            found = match(self._section_title, texts)
            if not self._opened:
                self._opened = True
                yield self._opening(kind_of(self._title, found.kinds))
            self._section_title, self._cells = "", Cells(found.section, self._zone)
            yield found.section
        elif self._cells is None or len(texts) > self._cells.width:
            yield Stray(f"line {element.sourceline}", " ".join(texts))
        elif place == "tfoot":
            yield self._cells.totals(texts)
        else:
            self._rows += 1
            yield self._cells.row(texts)

    def _opening(self, kind: str) -> Opening:
        return Opening(Form.HTML, kind, self._title, self._language, None, tuple(self._facts))


def _text(element: etree._Element) -> str:
    """What is shown; the gaps between thousands are margins, so figures are whole."""
    return "".join(map(str, element.itertext())) if len(element) else element.text or ""


def _forget(row: etree._Element) -> None:
    """Drop a row that was read and those before it; what else stood among them is a table's own."""
    row.clear()
    parent = row.getparent()
    while parent is not None and (before := row.getprevious()) is not None:
        parent.remove(before)
