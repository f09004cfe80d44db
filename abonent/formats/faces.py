"""The vendored fonts as metrics, and as the subsets that a PDF embeds."""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).with_name("fonts")
GROUP_FIGURES = {digit: chr(0xE030 + digit) for digit in range(10)}
REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Face:
    """A font's metrics in thousandths of the em. Every character is one UTF-16 unit: the fonts have no others."""

    name: str
    widths: dict[str, int]
    known: frozenset[str]
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    weight: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """A subset ready for a PDF: the TrueType file and its glyph of each character."""

    data: bytes
    glyphs: dict[str, int]


@cache
def load(name: str) -> Face:
    with TTFont(FOLDER / f"{name}.ttf", lazy=True) as font:
        scale = 1000 / font["head"].unitsPerEm
        metrics = font["hmtx"].metrics
        widths = {chr(code): round(metrics[glyph][0] * scale) for code, glyph in font.getBestCmap().items()}
        head, system = font["head"], font["OS/2"]
        return Face(
            name=name,
            widths=widths,
            known=frozenset(widths),
            ascent=round(font["hhea"].ascent * scale),
            descent=round(font["hhea"].descent * scale),
            cap_height=round(getattr(system, "sCapHeight", 1490) * scale),
            box=(
                round(head.xMin * scale),
                round(head.yMin * scale),
                round(head.xMax * scale),
                round(head.yMax * scale),
            ),
            weight=system.usWeightClass,
        )


def embed(name: str, characters: set[str]) -> Embedded:
    """The part of a font that shows `characters`; the same characters always give the same bytes."""
    options = subset.Options(
        layout_features=[], hinting=False, notdef_outline=True, glyph_names=False, recalc_timestamp=False, name_IDs=[]
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "name", "OS/2", "post"]
    with TTFont(FOLDER / f"{name}.ttf", recalcTimestamp=False) as font:
        tool = subset.Subsetter(options)
        tool.populate(text="".join(sorted(characters)))
        tool.subset(font)
        glyphs = {chr(code): font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
        data = io.BytesIO()
        font.save(data)
    return Embedded(data.getvalue(), glyphs)
