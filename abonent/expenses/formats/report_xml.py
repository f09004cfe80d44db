"""XML as `docs/formats/report.xsd` has it."""

from collections.abc import Iterator
from datetime import tzinfo
from typing import BinaryIO

from lxml import etree

from abonent.expenses.formats.bounded import Undeclared
from abonent.expenses.formats.content import (
    Closing,
    Column,
    Fact,
    Form,
    Holds,
    Item,
    Opening,
    Section,
    Stray,
    Unreadable,
    Why,
)
from abonent.expenses.formats.table import Cells
from abonent.expenses.formats.values import moment

NAMESPACE = "urn:abonent:report:1"
_N = f"{{{NAMESPACE}}}"
_TAGS = [f"{_N}{name}" for name in ("report", "fact", "section", "columns", "row", "totals")]
_READ = set(_TAGS[3:])
_OF_CELLS = {_TAGS[4], _TAGS[5]}


def read(stream: BinaryIO, zone: tzinfo) -> Iterator[Item]:
    """The document, row by row."""
    source = Undeclared(stream)
    events = etree.iterparse(
        source, events=("start", "end"), tag=_TAGS, resolve_entities=False, load_dtd=False, no_network=True,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        yield from _Reading(source, zone).items(events)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Why.BROKEN, f"line {error.lineno}") from error


class _Reading:
    def __init__(self, source: Undeclared, zone: tzinfo) -> None:
        self._source = source
        self._zone = zone
        self._root: etree._Element | None = None
        self._facts: list[Fact] = []
        self._opened = False
        self._section: etree._Element | None = None
        self._cells: Cells | None = None
        self._keys: dict[str, int] = {}
        self._names: list[str] = []
        self._rows = 0

    def items(self, events: etree.iterparse) -> Iterator[Item]:
        for event, element in events:
            parent = element.getparent()
            if parent is not None and parent.tag in _OF_CELLS:
                continue  # a column may be called `row` too
            if event == "start":
                yield from self._start(element)
            elif element.tag == _TAGS[4]:
                self._rows += 1
                yield from self._row(element)
            else:
                yield from self._end(element)
        yield from self._open()
        yield Closing(self._rows)

    def _start(self, element: etree._Element) -> Iterator[Item]:
        if element.tag == _TAGS[0] and self._root is None:
            self._root = element
        elif element.tag == _TAGS[2]:
            yield from self._open()
            self._section, self._cells = element, None

    def _open(self) -> Iterator[Item]:
        if self._opened:
            return
        if self._root is None:
            raise Unreadable(Why.UNKNOWN)
        self._opened = True
        told, formed = self._root.attrib, moment(str(self._root.get("formed", "")), self._zone)
        yield Opening(
            form=Form.XML,
            kind=str(told.get("kind", "")),
            title=str(told.get("title", "")),
            language=str(told.get("language", "")),
            formed=None if formed is None or isinstance(formed, str) else formed,  # type: ignore[arg-type]
            facts=tuple(self._facts),
        )

    def _end(self, element: etree._Element) -> Iterator[Item]:
        match etree.QName(element).localname:
            case "fact" if not self._opened:
                told = element.attrib
                self._facts.append(Fact(str(told.get("key", "")), str(told.get("label", "")), element.text or ""))
            case "columns":
                yield self._begin(element)
            case "totals" if self._cells:
                texts, strays = self._texts(element)
                yield self._cells.totals(texts)
                yield from strays
            case "section":
                yield from self._rest(element)
            case "report":
                yield from (self._stray(item) for item in element if item.tag not in {_TAGS[1], _TAGS[2]})
            case _:
                yield self._stray(element)
        self._source.row()

    def _begin(self, element: etree._Element) -> Section:
        section = self._section
        if section is None or self._root is None:
            raise Unreadable(Why.BROKEN, f"line {element.sourceline}")
        columns = tuple(_column(item) for item in element)
        self._names = [f"{_N}{column.key}" for column in columns]
        self._keys = {name: place for place, name in enumerate(self._names)}
        began = Section(str(section.get("key", "")), str(section.get("title", "")), columns)
        self._cells = Cells(began, self._zone)
        return began

    def _row(self, element: etree._Element) -> Iterator[Item]:
        self._source.row()
        if self._cells is None:
            yield self._stray(element)
        elif [cell.tag for cell in element] == self._names:
            yield self._cells.row([cell.text or "" for cell in element])
        else:
            texts, strays = self._texts(element)
            yield self._cells.row(texts)
            yield from strays
        yield from self._forget(element)

    def _texts(self, element: etree._Element) -> tuple[list[str], list[Stray]]:
        """Cells by their names, whatever their order; one that is named after no column, or twice, is a stray."""
        texts, strays, seen = [""] * len(self._names), [], set()
        for cell in element:
            place = self._keys.get(str(cell.tag))
            if place is None or place in seen or len(cell):
                strays.append(self._stray(cell))
            else:
                seen.add(place)
                texts[place] = cell.text or ""
        return texts, strays

    def _forget(self, row: etree._Element) -> Iterator[Stray]:
        """Drop a row that was read, and what stands before it: the tree keeps nothing."""
        row.clear()
        parent = row.getparent()
        while parent is not None and (before := row.getprevious()) is not None:
            if before.tag not in _READ:
                yield self._stray(before)
            parent.remove(before)

    def _rest(self, section: etree._Element) -> Iterator[Stray]:
        """What stood in a section beside columns, rows and totals."""
        yield from (self._stray(item) for item in section if item.tag not in _READ)
        section.clear()

    def _stray(self, element: etree._Element) -> Stray:
        return Stray(f"line {element.sourceline}", "".join(map(str, element.itertext())))


def _column(element: etree._Element) -> Column:
    kind = str(element.get("kind", ""))
    holds = Holds(kind) if kind in set(Holds) else Holds.TEXT
    return Column(str(element.get("key", "")), str(element.get("title", "")), holds)
