"""Who gets what at roles (`table.py` says how to read a line)."""

from abonent.access.own_roles import Wish, make
from abonent.access.rights import Right
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row

LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
OBJECT = Answers(OK, FORBIDDEN, MISSING, LOGIN)
CHANGE = Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN)


def a_role(cast: Cast) -> Made:
    role = make(cast.anna, Wish("Accountant", frozenset({Right.SEE_FINANCE})))
    return Made(kwargs={"pk": role.pk}, data={"name": "Books", "rights": ["see_finance"], "version": 1})


def a_form(_cast: Cast) -> Made:
    return Made(data={"name": "Books", "rights": ["see_finance"]})


ROWS: dict[str, Row] = {
    "roles": Row(get=LIST, post=SHOWS),
    "role_new": Row(get=LIST, post=Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN), made=a_form),
    "roles_matrix": Row(get=LIST, post=SHOWS),
    "role": Row(get=OBJECT, post=SHOWS, made=a_role),
    "role_change": Row(get=OBJECT, post=CHANGE, made=a_role),
    "role_deletion": Row(get=SHOWS, post=CHANGE, made=a_role),
}
