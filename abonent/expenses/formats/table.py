"""A table on its way in: what its cells of text mean, and where its rows are counted."""

from collections.abc import Callable, Sequence
from datetime import tzinfo

from abonent.expenses.formats.content import Row, Section, Totals, Value
from abonent.expenses.formats.values import parser


class Cells:
    """Reads the cells of one section, given as texts.

    A row that is shorter than the table has empty cells at its end; the caller sees to it that none is longer.
    """

    def __init__(self, section: Section, zone: tzinfo, first: Callable[[str], str] | None = None) -> None:
        self.width = len(section.columns)
        self._parsers = [parser(column.holds, zone) for column in section.columns]
        if first:
            self._parsers = [_after(first, parse) for parse in self._parsers]

    def row(self, texts: Sequence[str]) -> Row:
        return Row(self._values(texts))

    def totals(self, texts: Sequence[str]) -> Totals:
        return Totals(self._values(texts))

    def _values(self, texts: Sequence[str]) -> tuple[Value, ...]:
        if len(texts) < self.width:
            texts = [*texts, *[""] * (self.width - len(texts))]
        return tuple([parse(text) for parse, text in zip(self._parsers, texts, strict=True)])


def _after(first: Callable[[str], str], parse: Callable[[str], Value]) -> Callable[[str], Value]:
    return lambda text: parse(first(text))
