"""Who gets what at the notices: each their own, whatever their rights (`table.py` says how to read a line)."""

from abonent.notices.kinds import Channel, Kind
from abonent.notices.models import Notice
from abonent.notices.spending import watch_spend
from tests.cast import Cast
from tests.matrix.row import GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row
from tests.notices.world import choose

LIST = Answers(OK, OK, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN)
OWN = Answers(GONE_ON, MISSING, MISSING, LOGIN)


def numbers_told(cast: Cast) -> Made:
    """Anna's numbers have passed her limit."""
    choose(cast.anna, Kind.LIMIT_PASSED, Channel.PAGE, each="0.01")
    watch_spend()
    return Made(kwargs={"pk": Notice.objects.get(seat=cast.anna).pk})


def wrong_choice(_cast: Cast) -> Made:
    return Made(data={"limit_passed-whole": "much"})


ROWS: dict[str, Row] = {
    "notices": Row(get=LIST, post=SHOWS),
    "notices_read": Row(get=SHOWS, post=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN)),
    # A role without any kind has nothing to choose.
    "notice_choices": Row(get=LIST, post=Answers(INVALID, GONE_ON, INVALID, LOGIN), made=wrong_choice),
    "notice": Row(get=OWN, post=OWN, made=numbers_told),
    "notice_numbers": Row(get=Answers(OK, MISSING, MISSING, LOGIN), post=SHOWS, made=numbers_told),
}
