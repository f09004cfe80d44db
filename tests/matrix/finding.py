"""Who gets what at the menu, the map, the search and the notices (`table.py` says how to read a line)."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
