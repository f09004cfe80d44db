"""Who gets what at the pages about one's own log-in (`table.py` says how to read a line)."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
