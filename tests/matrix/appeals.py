"""Who gets what at appeals (`table.py` says how to read a line)."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
