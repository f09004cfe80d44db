"""What a line of the table says, and how the addresses of the product are found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast

OK = 200
GONE_ON = 302
FORBIDDEN = 403
MISSING = 404
NOT_ALLOWED = 405
INVALID = 422
UNAVAILABLE = 503
# Not a status: redirected to the log-in, which leads back.
LOGIN = -302

ROLES = ("owner", "colleague", "stranger", "anonymous")


@dataclass(frozen=True, slots=True)
class Answers:
    """What each of the four gets."""

    owner: int
    colleague: int
    stranger: int
    anonymous: int

    def of(self, role: str) -> int:
        return int(getattr(self, role))


def everybody(status: int) -> Answers:
    return Answers(status, status, status, status)


@dataclass(frozen=True, slots=True)
class Made:
    """The real object of a line: what stands in its address, a valid form, and what the session already holds."""

    kwargs: dict[str, object] = field(default_factory=dict)
    data: dict[str, object] = field(default_factory=dict)
    session: dict[str, object] = field(default_factory=dict)


def nothing(_cast: Cast) -> Made:
    return Made()


@dataclass(frozen=True, slots=True)
class Row:
    """One address: the answers to GET and to POST, and how its object is made. The people are names in the cast."""

    get: Answers
    post: Answers
    made: Callable[[Cast], Made] = nothing
    owner: str = "anna"
    colleague: str = "kolya"
    stranger: str = "stas"


def name_of(line: str) -> str:
    """The name of the address that a line of the table is about: `order_new` of `order_new/plans`."""
    return line.partition("/")[0]


def location(line: str, kwargs: dict[str, object]) -> str:
    return reverse(name_of(line), kwargs=kwargs)


def addresses(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """The name of every address that the resolver knows, with its namespace; the bare route where it has no name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield space + (pattern.name or f"route {pattern.pattern}")
