"""Case-folded search keys: the database compares what people mean (any case, ё = е, digits of a number)."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")


def search_key(text: str) -> str:
    """The form in which names are stored for search and in which queries are compared."""
    # PostgreSQL knows no NUL: a query with one is compared without it.
    folded = unicodedata.normalize("NFKC", text.replace("\0", "")).casefold().replace("ё", "е")
    return _SPACES.sub(" ", folded).strip()


def escape_like(text: str) -> str:
    """`text` as a literal inside a LIKE pattern with the escape character backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
