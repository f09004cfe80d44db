"""Setting text in a PDF: which font has a character, how wide a text is, what fits, and the operators that show it."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from abonent.formats.faces import GROUP_FIGURES, REPLACEMENT, Face, load
from abonent.formats.pdf_file import number
from abonent.formats.text import GROUP_GAP

REGULAR, SEMIBOLD, FALLBACK = "Inter-Regular", "Inter-SemiBold", "DejaVuSans"
ELLIPSIS = "…"
_FIGURE_BEFORE_GAP = re.compile(f"([0-9]){GROUP_GAP}")
_NARROWEST = 1.6  # times: a text that is wider would no longer be read easily
_WIDEST = 1100  # thousandths of the em: what nearly every character stays under, so that short texts need no measuring


@dataclass(slots=True)
class Fonts:
    """The fonts of one document, each with the characters it was asked for."""

    used: dict[str, set[str]] = field(default_factory=lambda: {REGULAR: set(), SEMIBOLD: set(), FALLBACK: set()})
    names: dict[str, bytes] = field(default_factory=lambda: {REGULAR: b"/F1", SEMIBOLD: b"/F2", FALLBACK: b"/F3"})


class Setter:
    """Sets text in one font and size; characters that the font lacks come from the fallback, else as U+FFFD."""

    def __init__(self, fonts: Fonts, name: str, size: float) -> None:
        self._fonts = fonts
        self._face: Face = load(name)
        self._spare: Face = load(FALLBACK)
        self.size = size
        self.select = b"%b %b Tf " % (fonts.names[name], number(size))
        self._select_spare = b"%b %b Tf " % (fonts.names[FALLBACK], number(size))

    def drawable(self, text: str) -> str:
        """The text with what no font has replaced, and with figures that carry their gap."""
        if GROUP_GAP in text:
            text = _FIGURE_BEFORE_GAP.sub(lambda found: GROUP_FIGURES[int(found[1])], text)
        if self._face.known.issuperset(text):
            return text
        return "".join(item if item in self._face.known or item in self._spare.known else REPLACEMENT for item in text)

    def width(self, text: str) -> int:
        """Thousandths of the font size; `text` is drawable."""
        own, spare = self._face.widths, self._spare.widths
        if self._face.known.issuperset(text):
            return sum(map(own.__getitem__, text))
        return sum(own[item] if item in own else spare[item] for item in text)

    def fit(self, text: str, limit: float) -> str:
        """The drawable text, cut with … where it is wider than `limit` thousandths."""
        text = self.drawable(text)
        if len(text) * _WIDEST <= limit or self.width(text) <= limit:
            return text
        room = limit - self.width(ELLIPSIS)
        kept = []
        for item in text:
            room -= self.width(item)
            if room < 0:
                break
            kept.append(item)
        return "".join(kept).rstrip() + ELLIPSIS

    def wrap(self, text: str, limit: float, lines: int) -> list[str]:
        """At most `lines` lines of whole words; the last one is cut where the rest does not fit."""
        words, result, line = self.drawable(text).split(" "), list[str](), ""
        while words:
            longer = f"{line} {words[0]}" if line else words[0]
            if line and self.width(longer) > limit:
                if len(result) == lines - 1:
                    break
                result.append(line)
                line = ""
                continue
            line = longer
            words.pop(0)
        return [self.fit(item, limit) for item in [*result, " ".join([line, *words])]]

    def string(self, text: str) -> bytes:
        """The PDF string of a text that this font has in full."""
        self._fonts.used[self._face.name].update(text)
        return literal(text)

    def show(self, text: str) -> bytes:
        """Operators that show a drawable text from the current position on."""
        if self._face.known.issuperset(text):
            return b"%b Tj" % self.string(text)
        parts = []
        for own, run in groupby(text, self._face.known.__contains__):
            part = "".join(run)
            if own:
                parts.append(b"%b Tj" % self.string(part))
            else:
                self._fonts.used[FALLBACK].update(part)
                parts.append(b"%b%b Tj %b" % (self._select_spare, literal(part), self.select))
        return b" ".join(parts)

    def show_left(self, text: str, limit: float) -> bytes:
        return self.show(self.fit(text, limit))

    def show_whole(self, text: str, limit: float) -> bytes:
        """A phone number or a date: set narrower where it is too wide, so that no figure is lost.

        What is far too long is cut.
        """
        text = self.drawable(text)
        if len(text) * _WIDEST <= limit or (width := self.width(text)) <= limit:
            return self.show(text)
        if width > limit * _NARROWEST:
            return self.show_left(text, limit)
        return b"%b Tz %b 100 Tz" % (number(100 * limit / width), self.show(text))

    def show_right(self, text: str, limit: float) -> bytes:
        """The same, ending at the current position. A number is never cut: a long one is set narrower."""
        text = self.drawable(text)
        if not self._face.known.issuperset(text):
            text = self.fit(text, limit)
            return b"[%d] TJ %b" % (self.width(text), self.show(text))
        width = self.width(text)
        shown = b"[%d %b] TJ" % (width, self.string(text))
        return shown if width <= limit else b"%b Tz %b 100 Tz" % (number(100 * limit / width), shown)


def literal(text: str) -> bytes:
    """A string operand of two-byte codes."""
    data = text.encode("utf-16-be")
    return b"(%b)" % data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")
