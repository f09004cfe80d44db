"""Who gets what on the list and the card of subscribers (S7, S8, L9)."""

from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, LOGIN, NOT_ALLOWED, OK, Answers, Made, Row

NO_GET = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)


def columns(_cast: Cast) -> Made:
    return Made(data={"column": ["name", "spent"]})


ROWS: dict[str, Row] = {
    "subscribers_columns": Row(get=NO_GET, post=Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN), made=columns),
    # What is typed finds nothing of the owner's for a stranger.
    "subscriber_choice": Row(get=Answers(OK, FORBIDDEN, OK, LOGIN), post=NO_GET),
}
