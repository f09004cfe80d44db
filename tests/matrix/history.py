"""Who gets what at the history of actions (`table.py` says how to read a line)."""

from tests.matrix.row import FORBIDDEN, GONE_ON, LOGIN, NOT_ALLOWED, OK, Answers, Row

LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
CHANGES = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
# The stranger has the own company's journal checked.
CHECK = Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN)
# The operator's own chain is Olga's: whoever is at a client gets 403.
STAFF = Answers(OK, FORBIDDEN, FORBIDDEN, LOGIN)
STAFF_SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, FORBIDDEN, LOGIN)
STAFF_CHECK = Answers(GONE_ON, FORBIDDEN, FORBIDDEN, LOGIN)

ROWS: dict[str, Row] = {
    "history": Row(get=LIST, post=SHOWS),
    "history_export": Row(get=LIST, post=SHOWS),
    "history_check": Row(get=CHANGES, post=CHECK),
    "history_proof": Row(get=LIST, post=SHOWS),
    "operator_history": Row(get=STAFF, post=STAFF_SHOWS, owner="olga"),
    "operator_history_export": Row(get=STAFF, post=STAFF_SHOWS, owner="olga"),
    "operator_history_check": Row(get=STAFF_SHOWS, post=STAFF_CHECK, owner="olga"),
    "operator_history_proof": Row(get=STAFF, post=STAFF_SHOWS, owner="olga"),
}
