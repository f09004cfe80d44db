"""One table's geometry in a PDF: where its columns stand, and the operators of its rows, made column by column."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from abonent.formats.pdf_file import number
from abonent.formats.pdf_text import REGULAR, SEMIBOLD, Fonts, Setter, literal
from abonent.formats.report import Cell, Column, Kind, Row
from abonent.formats.text import cached, clean, for_people, moment

SHORT_SIDE, LONG_SIDE, MARGIN = 595.28, 841.89, 36.0
SIZES = (8.0, 7.5, 7.0, 6.5, 6.0)  # the largest at which the columns fit is taken
FIGURE = 0.648  # of the em: a column's width is told in figures
PADDING = 5.0
HEADING_LINES = 3
MAX_TITLE_WORD = 20  # figures

Render = Callable[[Cell], bytes]


@dataclass(frozen=True, slots=True)
class Paper:
    width: float
    height: float

    @property
    def room(self) -> float:
        return self.width - 2 * MARGIN


PORTRAIT = Paper(SHORT_SIDE, LONG_SIDE)
LANDSCAPE = Paper(LONG_SIDE, SHORT_SIDE)


class TableLayout:
    """Column positions for one set of columns, shared by every section that has the same ones."""

    def __init__(self, columns: tuple[Column, ...], language: str, fonts: Fonts) -> None:
        self.columns = columns
        shares = [_share(column, fonts) for column in columns]
        figures = sum(shares)
        padding = 2 * PADDING * len(columns)
        self.paper = PORTRAIT if figures * FIGURE * SIZES[0] + padding <= PORTRAIT.room else LANDSCAPE
        fitting = (size for size in SIZES if figures * FIGURE * size + padding <= self.paper.room)
        self.size = next(fitting, SIZES[-1])
        self.row_height = self.size + 5.5
        unit = (self.paper.room - padding) / figures
        self._widths = [share * unit for share in shares]
        self.plain = Setter(fonts, REGULAR, self.size)
        self.bold = Setter(fonts, SEMIBOLD, self.size)
        self._renders = [
            self._render(column, width, language) for column, width in zip(columns, self._widths, strict=True)
        ]
        self._row = self._row_template()
        self.heading, self.heading_height = self._heading()
        self._language = language

    def rows(self, chunk: list[Row]) -> list[bytes]:
        """The operators of each row; each starts at the row's origin and ends at the next one's."""
        shown = [map(render, cells) for render, cells in zip(self._renders, zip(*chunk, strict=True), strict=True)]
        return [self._row % row for row in zip(*shown, strict=True)]

    def total(self, row: Row) -> bytes:
        texts = [for_people(column, self._language)(cell) for column, cell in zip(self.columns, row, strict=True)]
        limits = self._total_limits(texts)
        cells = (
            (self.bold.show_right if column.kind.numeric else self.bold.show_left)(text, limit) if text else b""
            for column, text, limit in zip(self.columns, texts, limits, strict=True)
        )
        return self._row % tuple(cells)

    def _total_limits(self, texts: list[str]) -> Iterator[float]:
        """A total's label may run on over the empty cells to its right."""
        for index in range(len(texts)):
            width, following = self._widths[index], index + 1
            while following < len(texts) and not texts[following]:
                width += self._widths[following] + 2 * PADDING
                following += 1
            own = self._widths[index] if self.columns[index].kind.numeric else width
            yield 1000 * own / self.size

    def _anchors(self) -> Iterator[float]:
        """Where each cell's text starts, or ends if it is a number."""
        left = 0.0
        for column, width in zip(self.columns, self._widths, strict=True):
            yield left + PADDING + (width if column.kind.numeric else 0)
            left += width + 2 * PADDING

    def _row_template(self) -> bytes:
        parts, at = [], 0.0
        for anchor in self._anchors():
            step = round(anchor - at, 2)
            parts.append(b"%b 0 Td %%b" % number(step))
            at = round(at + step, 2)
        parts.append(b"%b %b Td\n" % (number(-at), number(-self.row_height)))
        return b" ".join(parts)

    def _render(self, column: Column, width: float, language: str) -> Render:
        limit = 1000 * width / self.size
        if column.kind is Kind.DATETIME:
            return _Moments(self.plain, language, limit).render
        read = for_people(column, language)
        show = self.plain.show_right if column.kind.numeric else self.plain.show_left
        if column.kind in {Kind.PHONE, Kind.DATE}:
            show = self.plain.show_whole

        def render(value: Cell) -> bytes:
            text = read(value)
            return show(text, limit) if text else b""

        return cached(render)

    def _heading(self) -> tuple[bytes, float]:
        """The operators of the repeated header row, from its top, and its height."""
        limits = [1000 * width / self.size for width in self._widths]
        titles = [
            self.bold.wrap(clean(column.title), limit, HEADING_LINES)
            for column, limit in zip(self.columns, limits, strict=True)
        ]
        leading = self.size + 1.5
        height = max(map(len, titles), default=1) * leading + 6
        parts = []
        for anchor, column, lines in zip(self._anchors(), self.columns, titles, strict=True):
            show = self.bold.show_right if column.kind.numeric else self.bold.show_left
            parts.append(b"%b 0 Td" % number(anchor))
            first = (len(lines) - 1) * leading
            parts.append(b"0 %b Td" % number(first))
            parts += [b"%b 0 %b Td" % (show(line, 1e9), number(-leading)) for line in lines]
            parts.append(b"%b %b Td" % (number(-anchor), number(len(lines) * leading - first)))
        return b" ".join(parts) + b"\n", height


def _share(column: Column, fonts: Fonts) -> float:
    """A column's width in figures: what it asks for, or the longest word of its title."""
    setter = Setter(fonts, SEMIBOLD, SIZES[0])
    longest = max((setter.width(setter.drawable(word)) for word in clean(column.title).split(" ")), default=0)
    return max(column.width, min(longest / (1000 * FIGURE), MAX_TITLE_WORD))


class _Moments:
    """Instants are nearly all different; their days, hours, minutes and seconds are not, and are remembered apart."""

    def __init__(self, setter: Setter, language: str, limit: float) -> None:
        self._setter = setter
        self._language = language
        self._limit = limit
        sample = moment(datetime(2000, 1, 1), language)  # noqa: DTZ001  # a sample of the width alone
        self._fits = setter.width(setter.drawable(sample)) <= limit
        setter.string("0123456789:")  # the font will be asked for them
        self._days: dict[int, bytes] = {}
        self._hours = [literal(f"{hour:02}:")[1:-1] for hour in range(24)]
        self._minutes = [literal(f"{minute:02}:")[1:-1] for minute in range(60)]
        self._seconds = [literal(f"{second:02}")[1:] + b" Tj" for second in range(60)]

    def render(self, value: Cell) -> bytes:
        if not isinstance(value, datetime) or not self._fits:
            return self._setter.show_whole(moment(value, self._language), self._limit) if value is not None else b""
        try:
            day = self._days[value.toordinal()]
        except KeyError:
            day = self._days[value.toordinal()] = self._setter.string(moment(value, self._language)[:11])[:-1]
        return day + self._hours[value.hour] + self._minutes[value.minute] + self._seconds[value.second]
