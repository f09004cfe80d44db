"""Who gets what at the history of actions (`table.py` says how to read a line)."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
