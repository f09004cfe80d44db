"""Make the fonts of the documents from the published packages of Inter and DejaVu.

Run `npm pack inter-ui dejavu-fonts-ttf` in a folder, then `python tools/fonts.py FOLDER`. What it changes:

- figures are tabular without asking, since a document is columns of figures;
- each figure has a twin with a gap behind it (U+E030…U+E039; feature `ss20`): thousands are set apart by the *width*
  of a glyph, so `1 234,50` is copied and extracted as `1234,50`;
- layout features that documents never ask for, and their alternate glyphs, are dropped; so is hinting.
"""

import hashlib
import io
import sys
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

TARGET = Path(__file__).resolve().parent.parent / "abonent" / "formats" / "fonts"
FIGURES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
GROUP_FIGURE = 0xE030
PRIVATE_USE = range(0xE000, 0xF900)
ONE_UNIT = range(0x10000)  # what is one unit in UTF-16: the PDF writer's codes
GAP = 320  # of 2048 units in the em: a thin space
KEPT_FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]
WEIGHTS = {"Inter-Regular": 400, "Inter-SemiBold": 600}


def read_package(folder: Path, name: str, members: list[str]) -> dict[str, bytes]:
    (archive,) = folder.glob(f"{name}-*.tgz")
    with tarfile.open(archive) as package:
        found = {member: package.extractfile(f"package/{member}") for member in members}
        return {member: stream.read() for member, stream in found.items() if stream is not None}


def make_inter(source: bytes, family: str) -> TTFont:
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    font.flavor = None
    characters = {code for code in font.getBestCmap() if code not in PRIVATE_USE}
    use_tabular_figures(font)
    add_group_figures(font)
    characters |= {GROUP_FIGURE + digit for digit in range(10)}
    reduced = reduce(font, characters, KEPT_FEATURES)
    addOpenTypeFeaturesFromString(reduced, group_feature())
    drop_names(reduced, family)
    return reduced


def use_tabular_figures(font: TTFont) -> None:
    for table in font["cmap"].tables:
        for digit, name in enumerate(FIGURES):
            table.cmap[ord("0") + digit] = f"{name}.tf"


def add_group_figures(font: TTFont) -> None:
    order = list(font.getGlyphOrder())
    for digit, name in enumerate(FIGURES):
        twin = f"{name}.group"
        glyph = Glyph()
        component = GlyphComponent()
        component.glyphName, component.x, component.y, component.flags = f"{name}.tf", 0, 0, 0x0204
        glyph.numberOfContours, glyph.components = -1, [component]
        font["glyf"].glyphs[twin] = glyph
        width, bearing = font["hmtx"][f"{name}.tf"]
        font["hmtx"][twin] = (width + GAP, bearing)
        order.append(twin)
        for table in font["cmap"].tables:
            table.cmap[GROUP_FIGURE + digit] = twin
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)


def group_feature() -> str:
    rules = "\n".join(f"  sub {name}.tf by {name}.group;" for name in FIGURES)
    return f"languagesystem DFLT dflt;\nfeature ss20 {{\n{rules}\n}} ss20;\n"


def reduce(font: TTFont, characters: set[int], features: list[str]) -> TTFont:
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = True
    options.recalc_timestamp = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    tool = subset.Subsetter(options)
    tool.populate(unicodes=characters)
    tool.subset(font)
    return font


def drop_names(font: TTFont, family: str) -> None:
    """Name the font apart from Inter: the licence reserves no name, but this is no longer Inter in full."""
    weight = family.partition("-")[2]
    names = {1: "Abonent Sans", 2: weight, 4: f"Abonent Sans {weight}", 6: f"AbonentSans-{weight}"}
    font["name"].names = [record for record in font["name"].names if record.nameID in {0, 5, 13, 14}]
    for name_id, text in names.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = WEIGHTS[family]


def save(font: TTFont, name: str) -> str:
    path = TARGET / f"{name}.ttf"
    font["post"].formatType = 3.0
    font.save(path)
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"


def main(folder: Path) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    inter = read_package(folder, "inter-ui", [*(f"web/{name}.woff2" for name in WEIGHTS), "LICENSE.txt"])
    dejavu = read_package(folder, "dejavu-fonts-ttf", ["ttf/DejaVuSans.ttf", "LICENSE"])
    (TARGET / "OFL-Inter.txt").write_bytes(inter["LICENSE.txt"])
    (TARGET / "LICENSE-DejaVu.txt").write_bytes(dejavu["LICENSE"])
    fonts = {name: make_inter(inter[f"web/{name}.woff2"], name) for name in WEIGHTS}
    known = set(fonts["Inter-Regular"].getBestCmap())
    rest = TTFont(io.BytesIO(dejavu["ttf/DejaVuSans.ttf"]), recalcTimestamp=False)
    wanted = {code for code in rest.getBestCmap() if code not in known and code in ONE_UNIT and code not in PRIVATE_USE}
    fonts["DejaVuSans"] = reduce(rest, wanted | {0xFFFD}, [])
    sums = [save(font, name) for name, font in fonts.items()]
    (TARGET / "SHA256SUMS").write_text("\n".join(sums) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
