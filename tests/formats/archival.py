"""Whether a PDF keeps the rules of PDF/A-3 (level u) that a file of ours could break; what a validator would look at.

ISO 19005-3 has more rules than these; the others are about what we never write (forms, films, actions, signatures).
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

OPERATORS = frozenset(
    [
        *("b", "B", "b*", "B*", "BDC", "BMC", "BT", "c", "cm", "CS", "cs", "d", "Do", "DP", "EMC", "ET", "f", "f*"),
        *("G", "g", "gs", "h", "i", "j", "J", "K", "k", "l", "m", "M", "MP", "n", "q", "Q", "re", "RG", "rg", "ri"),
        *("s", "S", "SC", "sc", "SCN", "scn", "sh", "T*", "Tc", "Td", "TD", "Tf", "Tj", "TJ", "TL", "Tm", "Tr", "Ts"),
        *("Tw", "Tz", "v", "w", "W", "W*", "y", "'", '"'),
    ]
)
_SHOWING = {"Tj", "TJ", "'", '"'}
_BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
_REFUSED = ("/AA", "/OpenAction", "/AcroForm", "/Perms", "/Requirements")


@dataclass(frozen=True, slots=True)
class Font:
    """An embedded font: the glyph and the width of each code, as told by the PDF and by the font's own program."""

    glyphs: bytes | None
    told: dict[int, float]
    own: list[float]
    meant: frozenset[int]

    def broken(self, code: int) -> str:
        glyph = code if self.glyphs is None else int.from_bytes(self.glyphs[2 * code : 2 * code + 2], "big")
        if not 0 < glyph < len(self.own):
            return f"code {code:04x} shows no glyph"
        if abs(self.told.get(code, 1000.0) - self.own[glyph]) > 1:
            return f"code {code:04x} is not as wide as its glyph"
        return "" if code in self.meant else f"code {code:04x} means no character"


def violations(data: bytes) -> list[str]:
    """Each broken rule in words; nothing for a file that may say that it is PDF/A-3u."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = [*_of_file(pdf), *_of_attachments(pdf)]
        known: dict[Any, Font] = {}
        for number, page in enumerate(pdf.pages, 1):
            found += [f"page {number}: {text}" for text in _of_page(page, known)]
    return sorted(set(found))


def _of_file(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted or "/ID" not in pdf.trailer:
        yield "encrypted, or without an ID"
    yield from (f"the catalog has {key}" for key in _REFUSED if key in pdf.Root)
    intents = [one for one in pdf.Root.get("/OutputIntents", []) if one.S == Name.GTS_PDFA1]
    if not intents or intents[0].DestOutputProfile.N != 3:  # red, green and blue
        yield "no colours to print by"
    with pdf.open_metadata(update_docinfo=False) as metadata:
        if metadata.get("pdfaid:part") != "3":
            yield "does not say that it is PDF/A-3"


def _of_attachments(pdf: pikepdf.Pdf) -> Iterator[str]:
    associated = [one.objgen for one in pdf.Root.get("/AF", [])]
    for name, spec in pdf.attachments.items():
        entries = spec.obj
        if entries.objgen not in associated or "/AFRelationship" not in entries:
            yield f"{name} is not associated with the document"
        if "/F" not in entries or "/UF" not in entries or "/Subtype" not in entries.EF.F:
            yield f"{name} has no name or no type"


def _of_page(page: pikepdf.Page, known: dict[Any, Font]) -> Iterator[str]:
    if "/AA" in page.obj or len(page.obj.get("/Annots", [])):
        yield "annotations or actions"
    yield from _of_content(page.obj, page.resources, known)


def _of_content(content: pikepdf.Object, resources: pikepdf.Object, known: dict[Any, Font]) -> Iterator[str]:
    for state in resources.get("/ExtGState", {}).values():
        if "/SMask" in state or state.get("/CA", 1) != 1 or state.get("/ca", 1) != 1:
            yield "something shines through"
    fonts = {name: _font(font, known) for name, font in resources.get("/Font", {}).items()}
    shown: Font | None = None
    for instruction in pikepdf.parse_content_stream(content):
        operands, said = instruction.operands, str(instruction.operator)
        if said not in OPERATORS:
            yield f"the operator {said}"
        elif said == "Tf":
            shown = fonts[str(operands[0])]
        elif said in _SHOWING and shown is not None:
            yield from filter(None, map(shown.broken, _codes(list(operands))))
        elif said == "Do":
            form = resources.XObject[str(operands[0])]
            if form.Subtype == Name.Form:
                yield from _of_content(form, form.get("/Resources", Dictionary()), known)


def _codes(operands: list[Any]) -> set[int]:
    strings = operands[0] if isinstance(operands[0], Array | list) else [operands[-1]]
    texts = [bytes(one) for one in strings if isinstance(one, pikepdf.String)]
    return {int.from_bytes(text[at : at + 2], "big") for text in texts for at in range(0, len(text), 2)}


def _font(font: pikepdf.Object, known: dict[Any, Font]) -> Font:
    key = font.objgen
    if key not in known:
        assert font.Subtype == Name.Type0
        assert font.Encoding == Name("/Identity-H")
        below = font.DescendantFonts[0]
        assert below.Subtype == Name.CIDFontType2
        program = TTFont(io.BytesIO(below.FontDescriptor.FontFile2.read_bytes()))
        scale = 1000 / program["head"].unitsPerEm
        own = [program["hmtx"].metrics[name][0] * scale for name in program.getGlyphOrder()]
        mapped = None if below.CIDToGIDMap == Name.Identity else below.CIDToGIDMap.read_bytes()
        known[key] = Font(mapped, _widths(below), own, _meant(font.ToUnicode.read_bytes()))
    return known[key]


def _widths(font: pikepdf.Object) -> dict[int, float]:
    told, entries = dict[int, float](), list(font.get("/W", []))
    while entries:
        first, second = int(entries.pop(0)), entries.pop(0)
        if isinstance(second, Array | list):
            told.update({first + place: float(width) for place, width in enumerate(second)})
        else:
            told.update(dict.fromkeys(range(first, int(second) + 1), float(entries.pop(0))))
    return told


def _meant(table: bytes) -> frozenset[int]:
    codes = set[int]()
    for kind, body in _BLOCK.findall(table):
        numbers = [int(number, 16) for number in _HEX.findall(body)]
        if kind == b"char":
            codes |= {code for code, meaning in zip(numbers[::2], numbers[1::2], strict=True) if meaning}
        else:
            for first, last in zip(numbers[::3], numbers[1::3], strict=True):
                codes |= set(range(first, last + 1))
    return frozenset(codes)
