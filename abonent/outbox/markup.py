"""The text of an HTML letter; nothing of the markup is ever shown.

The library's parser takes quadratic time on what is never closed, and anybody may write to the mailbox. Here each step
goes on from where the last one ended, and what is not closed ends the text.
"""

import html
import re
from collections.abc import Iterator

MAX_LENGTH = 200_000
_BLOCKS = frozenset({"address", "article", "blockquote", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "hr", "li"})
_MORE_BLOCKS = frozenset({"ol", "p", "pre", "section", "table", "tr", "ul"})
_SILENT = frozenset({"script", "style", "head", "title", "template"})
_NAME = re.compile(r"/?[a-z][a-z0-9]{0,20}")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Python refuses to read a number of thousands of digits.
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{8,};?")


def plain_text(markup: str) -> str:
    """The words of a page, a line for each block; a quotation begins with `>`, as in a plain letter."""
    lines = [" ".join(line.split()) for line in "".join(_pieces(markup[:MAX_LENGTH])).split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def _pieces(markup: str) -> Iterator[str]:
    lowered = markup.lower()
    # A letter that changes its length in lower case would shift all places.
    if len(lowered) != len(markup):
        lowered = markup
    at = 0
    while (tag := lowered.find("<", at)) >= 0:
        yield _words(markup[at:tag])
        at = _after(lowered, tag)
        if at < 0:
            return
        yield _break(_name(lowered, tag))
    yield _words(markup[at:])


def _after(lowered: str, tag: int) -> int:
    """Where the text goes on after the tag, comment or silent element that begins there; -1 if nowhere."""
    name = _name(lowered, tag)
    if lowered.startswith("<!--", tag):
        return _end(lowered, "-->", tag)
    if name in _SILENT:
        closing = lowered.find(f"</{name}", tag)
        return _end(lowered, ">", closing) if closing >= 0 else -1
    return _end(lowered, ">", tag)


def _end(lowered: str, mark: str, at: int) -> int:
    found = lowered.find(mark, at)
    return found + len(mark) if found >= 0 else -1


def _name(lowered: str, tag: int) -> str:
    found = _NAME.match(lowered, tag + 1)
    return found[0] if found else ""


def _break(name: str) -> str:
    if name == "blockquote":
        return "\n> "
    return "\n" if name.removeprefix("/") in _BLOCKS | _MORE_BLOCKS else ""


def _words(text: str) -> str:
    """Line breaks of the source are blanks; what names a sign becomes it."""
    return html.unescape(_LONG_REFERENCE.sub("", text)).replace("\n", " ").replace("\r", " ")
