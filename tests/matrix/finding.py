"""Who gets what at the menu, the map, the search and the notices (`table.py` says how to read a line)."""

from tests.matrix.row import LOGIN, NOT_ALLOWED, OK, Answers, Row

# Everybody who is logged in finds what the own rights open; the walk looks for anything else.
OWN = Answers(OK, OK, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN)

ROWS: dict[str, Row] = {
    "menu": Row(get=OWN, post=SHOWS),
    "site_map": Row(get=OWN, post=SHOWS),
    "search": Row(get=OWN, post=SHOWS),
}
