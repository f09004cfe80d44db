"""A report as a PDF, written page by page in constant memory.

What is on a page is compressed, written and forgotten.
"""

from typing import BinaryIO

from django.utils.translation import gettext, override

from abonent.formats.faces import load
from abonent.formats.pdf_file import PageTree, PdfFile, number, put_font, text_string
from abonent.formats.pdf_table import MARGIN, PORTRAIT, Paper, TableLayout
from abonent.formats.pdf_text import REGULAR, SEMIBOLD, Fonts, Setter
from abonent.formats.report import Column, Progress, Report, Section, in_chunks
from abonent.formats.text import clean, moment

FOOT = 30.0  # from the paper's edge to the baseline of the page number
FLOOR = FOOT + 16  # the lowest that a table may reach
INK, MUTED = b"0.09 g ", b"0.42 g "
HAIRLINE, RULE = b"0.88 G 0.4 w ", b"0.35 G 0.7 w "


def write(report: Report, stream: BinaryIO, progress: Progress) -> None:
    """Write `report`; rows are read once, and a page is on the stream before the next one is begun."""
    with override(report.language):
        _Pages(report, stream, progress).run()


class _Pages:
    def __init__(self, report: Report, stream: BinaryIO, progress: Progress) -> None:
        self._report = report
        self._progress = progress
        self._fonts = Fonts()
        self._small = Setter(self._fonts, REGULAR, 7)
        self._text = Setter(self._fonts, REGULAR, 8.5)
        self._strong = Setter(self._fonts, SEMIBOLD, 10)
        self._title = Setter(self._fonts, SEMIBOLD, 15)
        self._file = PdfFile(stream)
        self._resources = self._file.reserve()
        self._total = self._file.reserve()
        self._slots = {name: self._file.reserve() for name in self._fonts.names}
        self._pages = PageTree(self._file, self._resources)
        self._layouts: dict[tuple[Column, ...], TableLayout] = {}
        self._paper = PORTRAIT
        self._parts: list[bytes] = []
        self._y = 0.0
        self._rows = 0

    def run(self) -> None:
        for section in self._report.sections:
            self._section(section)
        if self._pages.count == 0 and not self._parts:
            self._begin(PORTRAIT)
        self._end_page()
        self._finish()

    def _section(self, section: Section) -> None:
        layout = self._layout(section.columns)
        needed = layout.heading_height + 3 * layout.row_height + (18 if section.title else 0)
        if not self._parts:
            self._begin(layout.paper)
        elif self._paper is not layout.paper or self._y - needed < FLOOR:
            self._turn(layout.paper)
        else:
            self._y -= 14
        self._head(section, layout)
        for chunk in in_chunks(section.rows):
            self._fill(layout.rows(chunk), section, layout)
            self._rows += len(chunk)
            self._progress(self._rows)
        self._close(section, layout)

    def _layout(self, columns: tuple[Column, ...]) -> TableLayout:
        if columns not in self._layouts:
            self._layouts[columns] = TableLayout(columns, self._report.language, self._fonts)
        return self._layouts[columns]

    def _fill(self, rows: list[bytes], section: Section, layout: TableLayout) -> None:
        done = 0
        while done < len(rows):
            room = int((self._y - FLOOR) / layout.row_height)
            if room <= 0:
                self._turn(layout.paper)
                self._head(section, layout)
                continue
            self._block(rows[done : done + room], layout, HAIRLINE)
            done += room

    def _close(self, section: Section, layout: TableLayout) -> None:
        row = section.total_row()
        if row is None:
            return
        if self._y - layout.row_height < FLOOR:
            self._turn(layout.paper)
            self._head(section, layout)
        self._line(self._y, RULE)
        self._block([layout.total(row)], layout, b"", layout.bold)

    def _block(self, rows: list[bytes], layout: TableLayout, line: bytes, setter: Setter | None = None) -> None:
        """Rows from the present height down, with a line under each."""
        height, count = layout.row_height, len(rows)
        first = self._y - height + (height - layout.size) / 2 + 1.2
        select = (setter or layout.plain).select
        self._parts.append(b"BT %b%b1 0 0 1 %b %b Tm\n" % (INK, select, number(MARGIN), number(first)))
        self._parts += rows
        self._parts.append(b"ET\n")
        if line:
            left, right = number(MARGIN), number(self._paper.width - MARGIN)
            heights = (number(self._y - height * index) for index in range(1, count + 1))
            self._parts.append(line + b"".join(b"%b %b m %b %b l " % (left, y, right, y) for y in heights) + b"S\n")
        self._y -= height * count

    def _head(self, section: Section, layout: TableLayout) -> None:
        if section.title:
            self._y -= 14
            title = self._strong.show_left(clean(section.title), 1000 * self._paper.room / self._strong.size)
            self._put(self._strong, title, MARGIN, self._y, INK)
            self._y -= 4
        self._y -= layout.heading_height
        self._put(layout.bold, layout.heading, MARGIN, self._y + 5, INK)
        self._line(self._y, RULE)

    def _begin(self, paper: Paper) -> None:
        self._paper = paper
        self._y = paper.height - MARGIN
        if self._pages.count == 0:
            self._opening()

    def _opening(self) -> None:
        for line in self._title.wrap(clean(self._report.title), 1000 * self._paper.room / self._title.size, 3):
            self._y -= 16
            self._put(self._title, self._title.show(line), MARGIN, self._y, INK)
            self._y -= 4
        self._y -= 6
        size = self._text.size
        labels = [
            self._text.fit(clean(fact.label), 1000 * self._paper.room * 0.4 / size) for fact in self._report.facts
        ]
        left = max((self._text.width(label) for label in labels), default=0) * size / 1000 + 14
        for label, fact in zip(labels, self._report.facts, strict=True):
            self._fact(label, clean(fact.value), left)
        self._y -= 8

    def _fact(self, label: str, value: str, left: float) -> None:
        size = self._text.size
        lines = self._text.wrap(value, 1000 * (self._paper.room - left) / size, 4)
        self._put(self._text, self._text.show(label), MARGIN, self._y - size - 3, MUTED)
        for line in lines:
            self._y -= size + 4
            self._put(self._text, self._text.show(line), MARGIN + left, self._y + 1, INK)

    def _put(self, setter: Setter, shown: bytes, x: float, y: float, ink: bytes) -> None:
        self._parts.append(b"BT %b%b%b %b Td %b ET\n" % (ink, setter.select, number(x), number(y), shown))

    def _line(self, y: float, style: bytes) -> None:
        left, right = number(MARGIN), number(self._paper.width - MARGIN)
        self._parts.append(b"%b%b %b m %b %b l S\n" % (style, left, number(y), right, number(y)))

    def _turn(self, paper: Paper) -> None:
        self._end_page()
        self._begin(paper)

    def _end_page(self) -> None:
        """The foot; how many pages there are is known at the end alone.

        That figure is therefore a form, which is written last.
        """
        before = self._small.drawable(_page_words(self._report.pages_before + self._pages.count + 1)[0])
        self._put(self._small, self._small.show(before), MARGIN, FOOT, MUTED)
        at = MARGIN + self._small.width(before) * self._small.size / 1000
        self._parts.append(b"q 1 0 0 1 %b %b cm /Total Do Q\n" % (number(at), number(FOOT)))
        formed = moment(self._report.formed, self._report.language)
        right = self._small.show_right(f"{self._small.fit(clean(self._report.title), 40_000)} · {formed}", 60_000)
        self._put(self._small, right, self._paper.width - MARGIN, FOOT, MUTED)
        self._pages.add(b"".join(self._parts), self._paper.width, self._paper.height)
        self._parts = []

    def _finish(self) -> None:
        after = self._small.drawable(_page_words(0, self._report.pages_before + self._pages.count)[1])
        shown = b"BT %b%b%b ET" % (MUTED, self._small.select, self._small.show(after))
        form = b"/Type /XObject /Subtype /Form /BBox [-1 -10 200 20] /Resources %d 0 R"
        fonts = b" ".join(
            b"%b %d 0 R" % (self._fonts.names[name], slot)
            for name, slot in self._slots.items()
            if self._fonts.used[name]
        )
        self._file.put_stream(self._total, shown, form % self._file.add(b"<< /Font << %b >> >>" % fonts))
        self._file.put(self._resources, b"<< /Font << %b >> /XObject << /Total %d 0 R >> >>" % (fonts, self._total))
        for name, slot in self._slots.items():
            if self._fonts.used[name]:
                put_font(self._file, slot, load(name), self._fonts.used[name])
            else:
                self._file.put(slot, b"null")
        self._file.finish(self._catalog(), self._info())

    def _catalog(self) -> int:
        body = b"<< /Type /Catalog /Pages %d 0 R /Lang (%b) /ViewerPreferences << /DisplayDocTitle true >> >>"
        return self._file.add(body % (self._pages.finish(), self._report.language.encode("ascii", "replace")))

    def _info(self) -> int:
        formed = f"{self._report.formed:D:%Y%m%d%H%M%S%z}"
        zone = f"{formed[:-2]}'{formed[-2:]}'"
        body = b"<< /Title %b /Producer (Abonent) /CreationDate (%b) >>"
        return self._file.add(body % (text_string(clean(self._report.title)), zone.encode()))


def _page_words(page: int, total: int = 0) -> tuple[str, str]:
    """The page number's words before and from the total on."""
    # Translators: the foot of a document's page; both numbers must stay
    pattern = gettext("Page %(page)d of %(total)d")
    mark = pattern.partition("%(total)d")
    return mark[0] % {"page": page}, (mark[1] + mark[2]) % {"total": total}
