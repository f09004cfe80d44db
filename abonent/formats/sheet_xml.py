"""The XML parts of an .xlsx file as expat tells them, without entities, with every count bounded."""

import posixpath
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

from abonent.formats.refusal import Filled, Limits, Reason, WorkbookRefused

MAX_ELEMENTS = 1_800_000  # a list of 100,000 numbers has 300,000 to 500,000, with three names each 1,700,000
MAX_BLANK = 800_000  # cells with a look and nothing in them: eight beside each of 100,000 numbers
MAX_STRINGS = 450_000  # 100,000 numbers with three names each, none of them twice
MAX_STRING_TOTAL = 16 * 1024 * 1024  # characters
MAX_TEXT = 32_767
MAX_DEPTH = 100  # a cell's text stands seven deep; expat keeps every open tag
MAX_PENDING = 1024 * 1024  # bytes of one tag: expat keeps it whole in memory
MAX_DIGITS = 15
MAX_EXPONENT = 30
MAX_INDEX = 9  # digits of a shared string's number
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Attributes = dict[str, str]


class Guard:
    """Counts the elements of all parts together, and the cells that turned out to be empty."""

    def __init__(self) -> None:
        self.elements = 0
        self.closed = 0
        self.blank = 0


class _Part:
    """An expat parser with our limits; a subclass says what it does with elements by their local names."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._fed = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.buffer_size = 64 * 1024
        self._parser.StartDoctypeDeclHandler = self._refuse_declaration
        self._parser.EntityDeclHandler = self._refuse_declaration
        self._parser.StartElementHandler = self.start
        self._parser.EndElementHandler = self.end
        self._parser.CharacterDataHandler = self.text

    def feed(self, piece: bytes) -> None:
        self._parse(piece, final=False)
        self._fed += len(piece)
        if self._fed - self._parser.CurrentByteIndex > MAX_PENDING:
            raise WorkbookRefused(Reason.TOO_COMPLEX)
        many = self._guard.elements > MAX_ELEMENTS or self._guard.blank > MAX_BLANK
        if many or self._guard.elements - self._guard.closed > MAX_DEPTH:
            raise WorkbookRefused(Reason.TOO_COMPLEX)

    def close(self) -> None:
        self._parse(b"", final=True)

    def start(self, _name: str, _attributes: Attributes, /) -> None:
        self._guard.elements += 1

    def end(self, _name: str, /) -> None:
        self._guard.closed += 1

    def text(self, data: str, /) -> None: ...

    def _parse(self, piece: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(piece, final)
        except (expat.ExpatError, ValueError) as error:
            raise WorkbookRefused(Reason.BROKEN) from error

    def _refuse_declaration(self, *_: object) -> None:
        raise WorkbookRefused(Reason.DECLARATIONS)


class Relations(_Part):
    """Where a part's relationships lead, as names in the archive."""

    def __init__(self, guard: Guard, base: str) -> None:
        super().__init__(guard)
        self._base = base
        self.by_id: dict[str, str] = {}
        self.by_type: list[tuple[str, str]] = []

    def start(self, name: str, attributes: Attributes) -> None:
        self._guard.elements += 1
        if local(name) != "Relationship" or attributes.get("TargetMode") == "External":
            return
        target = attributes.get("Target", "")
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(self._base, target))
        self.by_id[attributes.get("Id", "")] = whole
        self.by_type.append((attributes.get("Type", ""), whole))


class Sheets(_Part):
    """The relationship of the first sheet that is not hidden."""

    first_visible = ""

    def start(self, name: str, attributes: Attributes) -> None:
        self._guard.elements += 1
        if local(name) == "sheet" and not self.first_visible and attributes.get("state", "visible") == "visible":
            self.first_visible = next(
                (value for key, value in attributes.items() if local(key) == "id" and key != "id"), ""
            )


class Strings(_Part):
    """The shared strings, without the phonetic runs of East Asian texts."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(guard)
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._inside = False
        self._phonetic = False
        self._total = 0

    def start(self, name: str, _attributes: Attributes) -> None:
        self._guard.elements += 1
        name = local(name)
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._phonetic = True
        elif name == "t":
            self._inside = not self._phonetic

    def end(self, name: str) -> None:
        self._guard.closed += 1
        name = local(name)
        if name == "si":
            self.found.append(unescaped("".join(self._pieces)).strip())
            if len(self.found) > MAX_STRINGS:
                raise WorkbookRefused(Reason.TOO_COMPLEX)
        elif name == "rPh":
            self._phonetic = False
        elif name == "t":
            self._inside = False

    def text(self, data: str) -> None:
        if self._inside:
            self._total += len(data)
            if self._total > MAX_STRING_TOTAL:
                raise WorkbookRefused(Reason.INFLATES_TOO_FAR)
            self._pieces.append(data)


class SheetRows(_Part):
    """The filled rows of a sheet; `take` hands out those that are complete."""

    def __init__(self, guard: Guard, strings: list[str], limits: Limits) -> None:
        super().__init__(guard)
        self._strings = strings
        self._limits = limits
        self._ready: list[Filled] = []
        self._cells: list[tuple[int, str]] = []
        self._columns: dict[str, int] = {}
        self._total = 0
        self._row = 0
        self._filled_row = 0
        self._column = -1
        self._type = "n"
        self._value: list[str] = []
        self._length = 0
        self._reading = False
        self._starts: dict[str, Callable[[Attributes], None]] = {"row": self._start_row, "c": self._start_cell}
        self._texts = {"v", "t"}

    def take(self) -> list[Filled]:
        ready, self._ready = self._ready, []
        return ready

    def start(self, name: str, attributes: Attributes) -> None:
        self._guard.elements += 1
        name = local(name)
        if name in self._texts:
            self._reading = True
        elif name in self._starts:
            self._starts[name](attributes)

    def end(self, name: str) -> None:
        self._guard.closed += 1
        name = local(name)
        if name in self._texts:
            self._reading = False
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._cells:
            self._end_row()

    def text(self, data: str) -> None:
        if self._reading:
            self._length += len(data)
            if self._length > MAX_TEXT:
                raise WorkbookRefused(Reason.TEXT_TOO_LONG, self._row, self._column)
            self._value.append(data)

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        self._row = int(number) if number else self._row + 1
        self._column = -1
        self._cells = []

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        self._column = self._place(place) if place else self._column + 1
        self._type = attributes.get("t", "n")
        self._value = []
        self._length = 0

    def _place(self, place: str) -> int:
        name = place.rstrip("0123456789")
        if name not in self._columns:
            if not (name.isascii() and name.isalpha() and len(name) <= 3):  # noqa: PLR2004  # XFD is the last one
                raise WorkbookRefused(Reason.BROKEN, self._row)
            index = 0
            for letter in name.upper():
                index = index * 26 + ord(letter) - 64
            self._columns[name] = index - 1
        return self._columns[name]

    def _end_cell(self) -> None:
        raw = "".join(self._value).strip()
        if not raw:
            self._guard.blank += 1
            return
        text = self._shown(raw)
        if not text:
            return
        self._bound(text)
        if self._column >= self._limits.columns:
            raise WorkbookRefused(Reason.TOO_MANY_COLUMNS, self._row, self._column)
        self._cells.append((self._column, text))

    def _bound(self, text: str) -> None:
        """A shared string counts as often as it is named: a small file could name a long one 100,000 times."""
        if len(text) > MAX_TEXT:
            raise WorkbookRefused(Reason.TEXT_TOO_LONG, self._row, self._column)
        self._total += len(text)
        if self._total > MAX_STRING_TOTAL:
            raise WorkbookRefused(Reason.INFLATES_TOO_FAR)

    def _end_row(self) -> None:
        if self._row > self._limits.rows + 1:
            raise WorkbookRefused(Reason.TOO_MANY_ROWS, self._row)
        if self._row <= self._filled_row:
            raise WorkbookRefused(Reason.BROKEN, self._row)
        self._filled_row = self._row
        self._ready.append((self._row, self._cells))
        self._cells = []

    def _shown(self, raw: str) -> str:
        if self._type == "s":
            if not raw.isdecimal() or len(raw) > MAX_INDEX or int(raw) >= len(self._strings):
                raise WorkbookRefused(Reason.BROKEN, self._row, self._column)
            return self._strings[int(raw)]
        if self._type != "n":
            return unescaped(raw)
        return raw if raw.isdigit() and len(raw) <= MAX_DIGITS else exact_digits(raw)


def local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def unescaped(text: str) -> str:
    """Excel writes what XML cannot hold as `_x000D_`; what is no character by itself becomes U+FFFD."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    letter = chr(int(found[1], 16))
    return "\ufffd" if letter == "\0" or unicodedata.category(letter) == "Cs" else letter


def exact_digits(raw: str) -> str:
    """`375291234567` of `3.75291234567E11` or of `375291234567.0`; what is no number stays as it is.

    Excel keeps no more than 15 digits: a longer number comes as Excel shows it, `8.93750100000000E+18`, so that nobody
    takes the zeros in place of the others for what was typed.
    """
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return raw
    if not number.is_finite() or abs(number.adjusted()) > MAX_EXPONENT:
        return raw
    if number.adjusted() >= MAX_DIGITS:
        return f"{number:.{MAX_DIGITS - 1}E}"
    return f"{number.to_integral_value():f}" if number == number.to_integral_value() else f"{number.normalize():f}"
