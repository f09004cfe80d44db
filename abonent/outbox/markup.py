"""The text of an HTML letter; nothing of the markup is ever shown."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset({"address", "article", "blockquote", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "hr", "li"})
_MORE_BLOCKS = frozenset({"ol", "p", "pre", "section", "table", "tr", "ul"})
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_QUOTES = frozenset({"blockquote"})
_EMPTY_LINES = re.compile(r"\n{3,}")
# The parser takes quadratic time on what is never closed; a letter of a person closes what it opens.
_MAX = 200_000
_MAX_OPENERS = 2_000


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCKS or tag in _MORE_BLOCKS:
            # A quotation is told from what is new as in a plain letter.
            self.pieces.append("\n> " if tag in _QUOTES else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self._silent:
            self._silent -= 1
        elif tag in _MORE_BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(" ".join(data.split()) if data.strip() else " ")


def plain_text(html: str) -> str:
    """The words of `html`, a line for each block. What is no sane HTML comes back empty."""
    bounded = html[:_MAX]
    if bounded.count("<!") > _MAX_OPENERS or bounded.count("<?") > _MAX_OPENERS:
        return ""
    parser = _Text()
    parser.feed(bounded)
    parser.close()
    lines = [line.strip() for line in "".join(parser.pieces).split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
