"""What is painted on a page of a PDF: texts with their places, and rules, in the order of painting.

Only what a document of ours consists of is understood: fonts with two-byte codes and a map to Unicode, text placed by
`Td` and `Tm`, lines. Coordinates are hundredths of a point.
"""

import re
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import pikepdf

from abonent.expenses.formats.content import Unreadable, Why

MAX_PAGE = 32 * 1024 * 1024  # bytes of one page's content, inflated
_MAX_NUMBER = 20  # characters
_REMEMBERED = 20_000
_NESTING = 6  # parentheses within a string that need no backslash as long as they pair


def _literal(depth: int = _NESTING) -> bytes:
    inner = rb"[^\\()]++|\\." + (b"|" + _literal(depth - 1) if depth else b"")
    return rb"\((?:" + inner + rb")*+\)"


# The two operators that make up a table come whole, in groups 1 and 2, and 3; everything else is a token, group 4.
_STRING = _literal() + rb"|<[0-9A-Fa-f\s]*>"
_TOKEN = re.compile(
    rb"([-+.\d]+)\s+([-+.\d]+)\s+Td\b|(" + _STRING + rb")\s*Tj\b"
    rb"|(" + _STRING + rb"|<<|>>|[\[\]]|[-+.]?\d[\d.]*|/[^\s/<>\[\]()]*|[A-Za-z'\"*]+\d?)",
    re.DOTALL,
)
_MOVED, _SHOWN = 2, 3
_OPERATOR = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'\"")
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}
_BF = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]*)>")


class Font:
    """Codes of two bytes as the texts that they stand for."""

    def __init__(self, name: str, texts: Mapping[int, str]) -> None:
        self.bold = "Bold" in name
        self._texts = texts
        self.decode = lru_cache(_REMEMBERED)(self._decode)

    def _decode(self, operand: bytes) -> str:
        string = _string(operand)
        codes = array("H", string if len(string) % 2 == 0 else string[:-1])
        codes.byteswap()
        return "".join([self._texts.get(code, "\ufffd") for code in codes])


@dataclass(slots=True)
class Shown:
    """Text that begins (or, a number, ends) at `x`; `mark` is the marked content that it belongs to, at `height`."""

    x: int
    text: str
    mark: int | None = None
    height: int = 0


@dataclass(slots=True)
class Block:
    """A text object: `size` and `bold` of its first font, its lines from where it began downwards."""

    x: int = 0
    y: int = 0
    size: int = 0
    bold: bool = False
    lines: list[list[Shown]] = field(default_factory=lambda: [[]])

    @property
    def text(self) -> str:
        return "".join(shown.text for line in self.lines for shown in line)


@dataclass(slots=True)
class Rule:
    """A line that was drawn, so thick."""

    thick: int


def fonts_of(page: pikepdf.Page, known: dict[tuple[int, int], Font]) -> dict[bytes, Font]:
    """The fonts of a page by their names; `known` keeps those of the pages before."""
    found: dict[bytes, Font] = {}
    resources = page.obj.get("/Resources", pikepdf.Dictionary())
    for name, font in resources.get("/Font", pikepdf.Dictionary()).items():
        if font.objgen not in known or font.objgen == (0, 0):
            known[font.objgen] = Font(str(font.get("/BaseFont", "")), _texts(font))
        found[name.encode()] = known[font.objgen]
    return found


def content_of(page: pikepdf.Page) -> bytes:
    """The page's content, inflated no further than is allowed."""
    streams = page.obj.get("/Contents")
    if streams is None:
        return b""
    parts = list(streams) if isinstance(streams, pikepdf.Array) else [streams]
    return b"\n".join(inflated(part, MAX_PAGE // len(parts)) for part in parts)  # type: ignore[arg-type]  # the streams of a page


def inflated(stream: pikepdf.Stream, limit: int) -> bytes:
    """A stream's bytes; raises Unreadable for one that is larger, or packed in another way than ours are."""
    packing = stream.get("/Filter")
    raw = stream.read_raw_bytes()
    if packing is None:
        return raw[:limit]
    name = packing[0] if isinstance(packing, pikepdf.Array) and len(packing) == 1 else packing
    if name != pikepdf.Name.FlateDecode or "/DecodeParms" in stream:
        raise Unreadable(Why.BROKEN, "a stream")
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(raw, limit)
    except zlib.error as error:
        raise Unreadable(Why.BROKEN, "a stream") from error
    if engine.unconsumed_tail:
        raise Unreadable(Why.TOO_LARGE, "a stream")
    return data


def painted(content: bytes, fonts: Mapping[bytes, Font]) -> Iterator[Block | Rule]:
    """The blocks of text and the rules of a page, in their order."""
    return _Painting(fonts).items(content)


class _Painting:
    def __init__(self, fonts: Mapping[bytes, Font]) -> None:
        self._fonts = fonts
        self._font: Font | None = None
        self._block = Block()
        self._here: list[Shown] = self._block.lines[0]
        self._moved = True
        self._x = self._y = 0
        self._thick = 0
        self._height = 0
        self._marks: list[int | None] = []

    def items(self, content: bytes) -> Iterator[Block | Rule]:
        operands: list[bytes] = []
        for found in _TOKEN.finditer(content):
            group = found.lastindex
            if group == _MOVED:
                self._move(_number(found[1]), _number(found[2]))
            elif group == _SHOWN:
                self._show(found[3])
            elif (token := found[4])[0] not in _OPERATOR:
                operands.append(token)
            else:
                if token == b"ET":
                    yield self._block
                elif token == b"S":
                    yield Rule(self._thick)
                else:
                    self._other(token, operands)
                operands.clear()

    def _other(self, token: bytes, operands: list[bytes]) -> None:
        match token:
            case b"TJ":
                for operand in operands:
                    if operand[0] in b"(<":
                        self._show(operand)
            case b"BT":
                self._block = Block()
                self._here = self._block.lines[0]
                self._x = self._y = 0
                self._moved = True
            case b"Tm":
                self._place(_number(operands[-2]), _number(operands[-1]))
            case b"Tf":
                self._font = self._fonts.get(operands[-2])
                if not self._block.size and self._font:
                    self._block.size, self._block.bold = _number(operands[-1]), self._font.bold
            case b"BDC" | b"BMC":
                self._marks.append(_mark(operands))
            case _:
                self._style(token, operands)

    def _style(self, token: bytes, operands: list[bytes]) -> None:
        match token:
            case b"w":
                self._thick = _number(operands[-1])
            case b"cm":
                self._height = _number(operands[-1])
            case b"EMC" if self._marks:
                self._marks.pop()
            case _:
                pass

    def _place(self, x: int, y: int) -> None:
        if self._block.lines != [[]]:
            self._here = []
            self._block.lines.append(self._here)
        else:
            self._block.x, self._block.y = x, y
        self._x, self._y = x, y
        self._moved = True

    def _move(self, across: int, up: int) -> None:
        if not self._block.x and not self._block.y:
            self._block.x, self._block.y = across, up
        elif up:
            self._here = []
            self._block.lines.append(self._here)
        self._x += across
        self._y += up
        self._moved = True

    def _show(self, operand: bytes) -> None:
        """Text in another font right after some is the same text."""
        if self._font is None:
            raise Unreadable(Why.BROKEN, "a page")
        text = self._font.decode(operand)
        if self._moved or not self._here:
            self._here.append(Shown(self._x, text, self._marks[-1] if self._marks else None, self._height))
            self._moved = False
        else:
            self._here[-1].text += text


@lru_cache(_REMEMBERED)
def _number(token: bytes) -> int:
    try:
        return round(float(token) * 100) if len(token) <= _MAX_NUMBER else 0
    except ValueError as error:
        raise Unreadable(Why.BROKEN, "a page") from error


def _string(token: bytes) -> bytes:
    if token.startswith(b"<"):
        figures = b"".join(token[1:-1].split())
        return bytes.fromhex((figures + b"0" * (len(figures) % 2)).decode())
    inner = token[1:-1]
    return _ESCAPE.sub(_unescaped, inner) if b"\\" in inner else inner


def _unescaped(found: re.Match[bytes]) -> bytes:
    what = found[1]
    return bytes([int(what, 8) & 0xFF]) if what[0] in b"01234567" else _ESCAPED.get(what, what)


def _mark(operands: list[bytes]) -> int | None:
    """The number of a piece of marked content; None for what is no content of the document's (a page's foot)."""
    if b"/MCID" not in operands or operands[0] == b"/Artifact":
        return None
    place = operands.index(b"/MCID") + 1
    return int(operands[place]) if place < len(operands) and operands[place].isdigit() else None


def _texts(font: pikepdf.Object) -> dict[int, str]:
    stream = font.get("/ToUnicode")
    if not isinstance(stream, pikepdf.Stream) or font.get("/Subtype") != pikepdf.Name.Type0:
        return {}
    texts: dict[int, str] = {}
    for kind, body in _BF.findall(inflated(stream, MAX_PAGE)):
        values = _HEX.findall(body)
        if kind == b"bfchar":
            texts.update((int(code, 16), _unicode(text)) for code, text in zip(values[::2], values[1::2], strict=False))
        else:
            for first, last, text in zip(values[::3], values[1::3], values[2::3], strict=False):
                base = _unicode(text)
                for step in range(min(int(last, 16) - int(first, 16) + 1, 0x10000)):
                    texts[int(first, 16) + step] = base[:-1] + chr(ord(base[-1]) + step) if base else ""
    return texts


def _unicode(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
