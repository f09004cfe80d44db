"""A workbook's parts: which sheets there are, which styles mean what. Nothing is inflated without being counted."""

import posixpath
import zipfile
from dataclasses import dataclass
from typing import IO

from lxml import etree

from abonent.expenses.formats.bounded import MAX_BYTES, Undeclared
from abonent.expenses.formats.content import Holds, Unreadable, Why

MAX_PARTS = 2_000
MAX_PART = 16 * 1024 * 1024  # of a part that is read as a whole
MAX_SHARED = 1_000_000
FREE, RATIO = 8 * 1024 * 1024, 100  # small files may inflate as they like, others so far; real sheets stay under 30
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Style:
    """`heading`: bold with a line beneath. `holds` is what the number's format says, None for text and the like."""

    bold: bool
    heading: bool
    holds: Holds | None


@dataclass(frozen=True, slots=True)
class SheetPart:
    name: str
    part: str


class Package:
    """The parts of a workbook in an open archive."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._limit = min(MAX_BYTES, FREE + RATIO * size)
        self._relations: dict[str, str] = {}
        if len(archive.infolist()) > MAX_PARTS:
            raise Unreadable(Why.TOO_LARGE)

    def sheets(self) -> list[SheetPart]:
        """All of them, in the order of their tabs."""
        book = self._book()
        folder, name = posixpath.split(book)
        self._relations = self._targets(f"{folder}/_rels/{name}.rels", folder)
        found = self._tree(book).iter(f"{_MAIN}sheet")
        return [SheetPart(str(one.get("name", "")), self._relations.get(str(one.get(_LINK, "")), "")) for one in found]

    def styles(self) -> list[Style]:
        """By the number that cells name."""
        part = self._named("styles.xml")
        if not part:
            return []
        tree = self._tree(part)
        codes = {str(one.get("numFmtId")): str(one.get("formatCode", "")) for one in tree.iter(f"{_MAIN}numFmt")}
        bold = [one.find(f"{_MAIN}b") is not None for one in tree.iterfind(f"{_MAIN}fonts/{_MAIN}font")]
        lined = [_is_lined(one) for one in tree.iterfind(f"{_MAIN}borders/{_MAIN}border")]
        return [_style(one, codes, bold, lined) for one in tree.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")]

    def shared(self) -> list[str]:
        """The texts that a program which saved the workbook anew has put together."""
        part = self._named("sharedStrings.xml")
        if not part:
            return []
        found = [_shared(one) for one in self._tree(part).iter(f"{_MAIN}si")]
        if len(found) > MAX_SHARED:
            raise Unreadable(Why.TOO_LARGE)
        return found

    def open(self, part: str) -> IO[bytes]:
        info = self._archive.NameToInfo.get(part)
        if info is None or info.compress_type not in _METHODS:
            raise Unreadable(Why.BROKEN, part)
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable(Why.LOCKED, part)
        return self._archive.open(info)

    def counted(self, stream: IO[bytes], limit: int | None = None) -> Undeclared:
        return Undeclared(stream, min(self._limit, limit or self._limit))

    def _book(self) -> str:
        for one in self._tree("_rels/.rels"):
            if str(one.get("Type", "")).endswith("/officeDocument"):
                return str(one.get("Target", "")).lstrip("/")
        raise Unreadable(Why.UNKNOWN)

    def _targets(self, part: str, folder: str) -> dict[str, str]:
        return {
            str(one.get("Id")): _resolved(folder, str(one.get("Target", "")))
            for one in self._tree(part)
            if one.get("TargetMode") != "External"
        }

    def _named(self, ending: str) -> str:
        return next((part for part in self._relations.values() if posixpath.basename(part) == ending), "")

    def _tree(self, part: str) -> etree._Element:
        pieces = []
        with self.open(part) as stream:
            source = self.counted(stream, MAX_PART)
            while piece := source.read():
                source.row()
                pieces.append(piece)
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
        return etree.fromstring(b"".join(pieces), parser)


def _resolved(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _is_lined(border: etree._Element) -> bool:
    bottom = border.find(f"{_MAIN}bottom")
    return bottom is not None and bottom.get("style") is not None


def _style(form: etree._Element, codes: dict[str, str], bold: list[bool], lined: list[bool]) -> Style:
    def chosen(name: str, known: list[bool]) -> bool:
        number = str(form.get(name, "0"))
        return number.isdigit() and int(number) < len(known) and known[int(number)]

    is_bold = chosen("fontId", bold)
    return Style(is_bold, is_bold and chosen("borderId", lined), _holds(codes.get(str(form.get("numFmtId")), "")))


def _holds(code: str) -> Holds | None:
    code = code.lower()
    if "yy" in code:
        return Holds.DATETIME if "hh" in code else Holds.DATE
    if "[h]" in code:
        return Holds.DURATION
    if code in {"#,##0", "0"}:
        return Holds.INTEGER
    return Holds.AMOUNT if code.startswith(("#,##0.", "0.")) else None


def _shared(item: etree._Element) -> str:
    """Without the phonetic runs of East Asian texts."""
    return "".join(one.text or "" for one in item.iter(f"{_MAIN}t") if one.getparent().tag != f"{_MAIN}rPh")  # type: ignore[union-attr]  # a text stands in an item
