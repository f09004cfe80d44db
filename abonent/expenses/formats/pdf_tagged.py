"""A tagged PDF by its structure: headings, tables with their cells, and the other texts, in the order of reading."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pikepdf

from abonent.expenses.formats.content import Unreadable, Why
from abonent.expenses.formats.pdf_content import Block, Font, content_of, fonts_of, painted

MAX_ELEMENTS = 500_000
MAX_DEPTH = 60
_CONTAINERS = {"/Document", "/Div", "/Sect", "/Part", "/Art", "/THead", "/TBody", "/TFoot", "/StructTreeRoot"}


@dataclass(frozen=True, slots=True)
class Told:
    """A text with its role (`H1`, `P`…), or a table."""

    role: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


def is_structured(page: pikepdf.Page, content: bytes) -> bool:
    """Whether the structure tells what is what on a page. A page of an annex is tagged as one paragraph, whole."""
    return "/StructParents" in page.obj and not (content.startswith(b"/P ") and content.count(b"BDC") == 1)


def tagged(pdf: pikepdf.Pdf, fonts: dict[tuple[int, int], Font]) -> Iterator[Told]:
    """What the structure of the document tells of its tagged pages."""
    root = pdf.Root.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        return
    texts = _texts(pdf, fonts)
    yield from _Structure(texts).told(root, None, 0)


_Texts = Mapping[tuple[int, int], Mapping[int, list[tuple[int, str]]]]


def _texts(pdf: pikepdf.Pdf, fonts: dict[tuple[int, int], Font]) -> _Texts:
    """The pieces of marked content of each page: their heights and texts."""
    found: dict[tuple[int, int], dict[int, list[tuple[int, str]]]] = {}
    for page in pdf.pages:
        content = content_of(page)
        if not is_structured(page, content):
            continue
        pieces = found.setdefault(page.obj.objgen, {})
        for item in painted(content, fonts_of(page, fonts)):
            if not isinstance(item, Block):
                continue
            for shown in (shown for line in item.lines for shown in line):
                if shown.mark is not None:
                    pieces.setdefault(shown.mark, []).append((shown.height, shown.text))
    return found


class _Structure:
    def __init__(self, texts: _Texts) -> None:
        self._texts = texts
        self._elements = 0

    def told(self, element: pikepdf.Dictionary, page: pikepdf.Object | None, depth: int) -> Iterator[Told]:
        self._count(depth)
        role, page = str(element.get("/S", "/StructTreeRoot")), element.get("/Pg", page)
        kids = _kids(element)
        if role == "/Table":
            yield Told("Table", "", tuple(self._rows(element, page, depth)))
        elif role in _CONTAINERS and all(isinstance(kid, pikepdf.Dictionary) and "/S" in kid for kid in kids):
            for kid in kids:
                yield from self.told(kid, page, depth + 1)  # type: ignore[arg-type]  # it was looked at above
        elif text := _joined(list(self._pieces(element, page, depth))):
            yield Told(role.removeprefix("/"), text)

    def _rows(self, element: pikepdf.Dictionary, page: pikepdf.Object | None, depth: int) -> Iterator[tuple[str, ...]]:
        self._count(depth)
        page = element.get("/Pg", page)
        for kid in _kids(element):
            if not isinstance(kid, pikepdf.Dictionary):
                continue
            if kid.get("/S") == pikepdf.Name.TR:
                cells = [cell for cell in _kids(kid) if isinstance(cell, pikepdf.Dictionary)]
                yield tuple(_joined(list(self._pieces(cell, kid.get("/Pg", page), depth + 2))) for cell in cells)
            else:
                yield from self._rows(kid, page, depth + 1)

    def _pieces(
        self, element: pikepdf.Dictionary, page: pikepdf.Object | None, depth: int
    ) -> Iterator[tuple[int, str]]:
        self._count(depth)
        page = element.get("/Pg", page)
        for kid in _kids(element):
            if isinstance(kid, pikepdf.Dictionary):
                if "/MCID" in kid:
                    yield from self._marked(kid.get("/Pg", page), int(kid.MCID))
                else:
                    yield from self._pieces(kid, page, depth + 1)
            else:
                yield from self._marked(page, int(kid))

    def _marked(self, page: pikepdf.Object | None, mark: int) -> list[tuple[int, str]]:
        return list(self._texts.get(page.objgen, {}).get(mark, [])) if page is not None else []

    def _count(self, depth: int) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise Unreadable(Why.TOO_LARGE, "structure")


def _kids(element: pikepdf.Dictionary) -> list[pikepdf.Object]:
    kids = element.get("/K")
    if kids is None:
        return []
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _joined(pieces: list[tuple[int, str]]) -> str:
    """Lines are set apart by a space; pieces of one line (a figure's groups) by nothing."""
    text, height = "", None
    for at, piece in pieces:
        text += f" {piece}" if height is not None and at != height and not text.endswith(" ") else piece
        height = at
    return text.strip()
