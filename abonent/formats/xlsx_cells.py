"""Cells of a workbook: each value becomes what follows `<c r="A1"`, and the styles that those cells ask for."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from xml.sax.saxutils import escape

from abonent.formats.report import MEGABYTE, Cell, Column, Kind
from abonent.formats.text import Encoder, cached, clean, for_machines, plain

EMPTY = "/>"
MAX_TEXT = 32_767  # UTF-16 units in a cell
MAX_DIGITS = 15  # of a number; Excel would turn the rest into zeros, so a longer one is text
FIRST_DAY = date(1900, 3, 1).toordinal()  # before it, Excel counts a 29 February 1900 that never was
EPOCH = date(1899, 12, 30).toordinal()
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
CellEncoder = Encoder[str]


class Styles:
    """Cell formats, numbered in the order in which they were first asked for."""

    def __init__(self) -> None:
        self._formats: dict[tuple[str, bool, bool], int] = {("General", False, False): 0}

    def number(self, form: str, *, bold: bool = False, heading: bool = False) -> int:
        return self._formats.setdefault((form, bold, heading), len(self._formats))

    def xml(self) -> str:
        forms = sorted({form for form, _, _ in self._formats} - {"General"})
        ids = {"General": 0} | {form: 164 + index for index, form in enumerate(forms)}
        formats = "".join(f'<numFmt numFmtId="{ids[form]}" formatCode="{escape(form)}"/>' for form in forms)
        cells = "".join(
            f'<xf numFmtId="{ids[form]}" fontId="{int(bold)}" fillId="0" borderId="{int(heading)}" xfId="0"'
            f' applyNumberFormat="1" applyFont="1" applyBorder="1"{_WRAPPED if heading else "/>"}'
            for form, bold, heading in self._formats
        )
        return _STYLES.format(form_count=len(forms), forms=formats, cell_count=len(self._formats), cells=cells)


_WRAPPED = ' applyAlignment="1"><alignment vertical="bottom" wrapText="1"/></xf>'
_STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<numFmts count="{form_count}">{forms}</numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color auto="1"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="{cell_count}">{cells}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def column_letters(index: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def text_cell(text: str, style: int) -> str:
    """A cell of text; `text` is clean."""
    if not text:
        return EMPTY
    if len(text) * 2 > MAX_TEXT:
        text = _bounded(text)
    text = escape(_ESCAPE_LOOKALIKE.sub("_x005F_", text))
    return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _bounded(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    return units[: 2 * (MAX_TEXT - 1)].decode("utf-16-le", "ignore") + "…"


def number_cell(text: str, style: int) -> str:
    if sum(map(str.isdigit, text)) > MAX_DIGITS:
        return text_cell(text, style)
    return f' s="{style}"><v>{text}</v></c>'


def cell_encoder(column: Column, styles: Styles, language: str, *, bold: bool = False) -> CellEncoder:
    """What encodes the values of a column; a value of another type than the column's becomes text."""
    number = partial(styles.number, bold=bold)
    day = "yyyy-mm-dd" if language.startswith("en") else "dd.mm.yyyy"
    text = number("@")
    builders: dict[Kind, Callable[[], CellEncoder]] = {
        Kind.TEXT: lambda: _Texts(text).encode,
        Kind.PHONE: lambda: _Texts(text).encode,
        Kind.INTEGER: lambda: _Numbers(number("#,##0"), text, column.digits).encode_integer,
        Kind.AMOUNT: lambda: _Numbers(number(_amount_form(column.digits)), text, column.digits).encode_amount,
        Kind.DURATION: lambda: _Numbers(number("[h]:mm:ss"), text, 0).encode_duration,
        Kind.VOLUME: lambda: _Numbers(number("#,##0.000"), text, 0).encode_volume,
        Kind.DATE: lambda: _Moments(number(day), text, column).encode_day,
        Kind.DATETIME: lambda: _Moments(number(f"{day} hh:mm:ss"), text, column).encode_moment,
    }
    encode = builders[column.kind]()
    return encode if column.kind is Kind.DATETIME else cached(encode)


def _amount_form(digits: int) -> str:
    return "#,##0." + "0" * digits if digits else "#,##0"


class _Texts:
    def __init__(self, style: int) -> None:
        self._style = style

    def encode(self, value: Cell) -> str:
        return EMPTY if value is None else text_cell(clean(value), self._style)


class _Numbers:
    def __init__(self, style: int, text: int, digits: int) -> None:
        self._style = style
        self._text = text
        self._digits = digits

    def encode_integer(self, value: Cell) -> str:
        return number_cell(str(value), self._style) if isinstance(value, int) else self._other(value)

    def encode_amount(self, value: Cell) -> str:
        return (
            number_cell(plain(value, self._digits), self._style)
            if isinstance(value, int | Decimal)
            else self._other(value)
        )

    def encode_duration(self, value: Cell) -> str:
        return f' s="{self._style}"><v>{value / 86400!r}</v></c>' if isinstance(value, int) else self._other(value)

    def encode_volume(self, value: Cell) -> str:
        """Megabytes; the division is by a power of two, so the bytes can be had back exactly."""
        return f' s="{self._style}"><v>{value / MEGABYTE!r}</v></c>' if isinstance(value, int) else self._other(value)

    def _other(self, value: Cell) -> str:
        return EMPTY if value is None else text_cell(clean(value), self._text)


class _Moments:
    def __init__(self, style: int, text: int, column: Column) -> None:
        self._opening = f' s="{style}"><v>'
        self._text = text
        self._read = for_machines(column)
        self._seconds = _fractions() if column.kind is Kind.DATETIME else ()

    def encode_moment(self, value: Cell) -> str:
        if isinstance(value, datetime) and (day := value.toordinal()) >= FIRST_DAY:
            second = value.hour * 3600 + value.minute * 60 + value.second
            return f"{self._opening}{day - EPOCH}{self._seconds[second]}"
        return self._other(value)

    def encode_day(self, value: Cell) -> str:
        if isinstance(value, date) and (day := value.toordinal()) >= FIRST_DAY:
            return f"{self._opening}{day - EPOCH}</v></c>"
        return self._other(value)

    def _other(self, value: Cell) -> str:
        return EMPTY if value is None else text_cell(self._read(value), self._text)


@cache
def _fractions() -> tuple[str, ...]:
    """Each second as a part of its day, with the cell's end: an instant is a day's number and one of these."""
    return tuple(f"{second / 86400:.9f}"[1:] + "</v></c>" for second in range(86400))
