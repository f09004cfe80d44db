"""The plumbing of a PDF that is written as a stream: objects, the page tree, embedded fonts.

Offsets are all that is remembered, for the cross-reference table at the end.
"""

import hashlib
import zlib
from array import array
from collections.abc import Iterable
from typing import BinaryIO

from abonent.formats.faces import Face, embed

LEVEL = 3  # higher levels shrink a table by a tenth and take thrice as long
BRANCH = 64  # pages under one node of the page tree, so that viewers find a page quickly


class PdfFile:
    """Objects are written once, in any order of their numbers; only their offsets are remembered (8 bytes each)."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._offsets = array("Q", [0])
        self._position = 0
        self._digest = hashlib.sha256()
        self._write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def reserve(self) -> int:
        self._offsets.append(0)
        return len(self._offsets) - 1

    def put(self, number: int, body: bytes) -> None:
        self._offsets[number] = self._position
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def add(self, body: bytes) -> int:
        number = self.reserve()
        self.put(number, body)
        return number

    def put_stream(self, number: int, data: bytes, entries: bytes = b"", level: int = LEVEL) -> None:
        packed = zlib.compress(data, level)
        head = b"<< %b /Filter /FlateDecode /Length %d >>" % (entries, len(packed))
        self.put(number, b"%b\nstream\n%b\nendstream" % (head, packed))

    def add_stream(self, data: bytes, entries: bytes = b"", level: int = LEVEL) -> int:
        number = self.reserve()
        self.put_stream(number, data, entries, level)
        return number

    def finish(self, root: int, info: int) -> None:
        start, count = self._position, len(self._offsets)
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % count)
        for first in range(1, count, 4096):
            part = self._offsets[first : first + 4096]
            self._write(b"".join(b"%010d 00000 n \n" % offset for offset in part))
        mark = self._digest.hexdigest()[:32].encode()
        trailer = b"<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%b> <%b>] >>" % (count, root, info, mark, mark)
        self._write(b"trailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (trailer, start))

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self._position += len(data)


class PageTree:
    """Two levels of nodes; a page knows its node's number before that node is written."""

    def __init__(self, file: PdfFile, resources: int) -> None:
        self._file = file
        self._resources = resources
        self._root = file.reserve()
        self._nodes: list[tuple[int, int]] = []
        self._node = 0
        self._kids: list[int] = []
        self.count = 0

    def add(self, content: bytes, width: float, height: float) -> None:
        if not self._kids:
            self._node = self._file.reserve()
        stream = self._file.add_stream(content)
        page = b"<< /Type /Page /Parent %d 0 R /Resources %d 0 R /MediaBox [0 0 %b %b] /Contents %d 0 R >>"
        self._kids.append(self._file.add(page % (self._node, self._resources, number(width), number(height), stream)))
        self.count += 1
        if len(self._kids) == BRANCH:
            self._close_node()

    def finish(self) -> int:
        if self._kids:
            self._close_node()
        kids = references(node for node, _ in self._nodes)
        self._file.put(self._root, b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, self.count))
        return self._root

    def _close_node(self) -> None:
        body = b"<< /Type /Pages /Parent %d 0 R /Kids [%b] /Count %d >>"
        self._file.put(self._node, body % (self._root, references(self._kids), len(self._kids)))
        self._nodes.append((self._node, len(self._kids)))
        self._kids = []


def references(numbers: Iterable[int]) -> bytes:
    return b" ".join(b"%d 0 R" % item for item in numbers)


def number(value: float) -> bytes:
    """A coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").encode()


def text_string(text: str) -> bytes:
    """A text string of the document's information."""
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().encode()


def put_font(file: PdfFile, slot: int, face: Face, characters: set[str]) -> None:
    """Write a font as object `slot`. Codes are UTF-16 units, so the map to glyphs is part of the font.

    No page carries it.
    """
    part = embed(face.name, characters)
    tag = hashlib.sha256("".join(sorted(characters)).encode()).digest()[:6]
    name = bytes(65 + byte % 26 for byte in tag) + b"+" + face.name.encode()
    descriptor = _put_descriptor(file, face, name, part.data)
    mapping = array("H", [0]) * (max(map(ord, characters), default=0) + 1)
    for character, glyph in part.glyphs.items():
        mapping[ord(character)] = glyph
    mapping.byteswap()
    to_glyphs = file.add_stream(mapping.tobytes(), level=9)
    widths = b" ".join(b"%d [%d]" % (ord(item), face.widths[item]) for item in sorted(characters))
    system = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    body = b"/BaseFont /%b %b /FontDescriptor %d 0 R /DW 0 /W [%b] /CIDToGIDMap %d 0 R"
    filled = body % (name, system, descriptor, widths, to_glyphs)
    descendant = file.add(b"<< /Type /Font /Subtype /CIDFontType2 %b >>" % filled)
    unicode = file.add_stream(_to_unicode(sorted(characters)), level=9)
    body = b"/BaseFont /%b /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R" % (
        name,
        descendant,
        unicode,
    )
    file.put(slot, b"<< /Type /Font /Subtype /Type0 %b >>" % body)


def _put_descriptor(file: PdfFile, face: Face, name: bytes, data: bytes) -> int:
    program = file.add_stream(data, b"/Length1 %d" % len(data), level=9)
    body = (
        b"<< /Type /FontDescriptor /FontName /%b /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 "
        b"/Ascent %d /Descent %d /CapHeight %d /StemV %d /FontFile2 %d 0 R >>"
    )
    stem = 80 if face.weight < 500 else 120  # noqa: PLR2004  # the boundary between regular and bold weights
    return file.add(body % (name, *face.box, face.ascent, face.descent, face.cap_height, stem, program))


def _to_unicode(characters: list[str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for first in range(0, len(characters), 100):
        part = characters[first : first + 100]
        lines.append(f"{len(part)} beginbfchar")
        lines += [f"<{ord(item):04X}> <{_meaning(ord(item)):04X}>" for item in part]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()


def _meaning(code: int) -> int:
    """A figure with a gap behind it reads as the figure."""
    return code - 0xE000 if 0xE030 <= code <= 0xE039 else code  # noqa: PLR2004  # the twins that tools/fonts.py adds
