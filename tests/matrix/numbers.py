"""Who gets what at the trees, the selection and the folders (`table.py` says how to read a line)."""

from tests.matrix.row import Row

ROWS: dict[str, Row] = {}
