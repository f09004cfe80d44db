"""Who gets what at the pages about one's own log-in (`table.py` says how to read a line)."""

from abonent.access.models import LoginSession
from abonent.access.sessions import name_of
from tests.cast import Cast
from tests.conftest import logged_in
from tests.matrix.row import GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row, everybody

EACH_OWN = Row(get=Answers(OK, OK, OK, LOGIN), post=Answers(INVALID, INVALID, INVALID, LOGIN))
# For everybody; an empty form asks for nothing.
FORM = Row(get=everybody(OK), post=everybody(INVALID))
# Without a code that was asked for, there is nothing to type.
LATER = Row(get=everybody(GONE_ON), post=everybody(GONE_ON))


def own_phone(cast: Cast) -> Made:
    return Made(kwargs={"pk": cast.anna.person.identifiers.get(kind="phone").pk})


def no_email(cast: Cast) -> Made:
    """Anna alone has no address yet."""
    cast.anna.person.identifiers.filter(kind="email").delete()
    return Made(kwargs={"kind": "email"})


def session_of_anna(cast: Cast) -> Made:
    made = logged_in(cast.anna).session.session_key
    return Made(data={"session": name_of(LoginSession.objects.get(pk=made))})


ROWS: dict[str, Row] = {
    # The own log-in: each their own, whatever their rights.
    "self": Row(get=Answers(OK, OK, OK, LOGIN), post=Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN)),
    "self_name": EACH_OWN,
    "self_password": EACH_OWN,
    "self_identifier": Row(
        get=Answers(OK, MISSING, MISSING, LOGIN), post=Answers(INVALID, MISSING, MISSING, LOGIN), made=own_phone
    ),
    "self_identifier_add": Row(
        get=Answers(OK, MISSING, MISSING, LOGIN), post=Answers(INVALID, MISSING, MISSING, LOGIN), made=no_email
    ),
    "self_codes": Row(get=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN), post=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN)),
    # Registering, and a forgotten password.
    "register": FORM,
    "register_account": FORM,
    "register_code": LATER,
    "register_finish": LATER,
    "password_lost": FORM,
    "password_lost_email": FORM,
    "password_code": LATER,
    "password_new": LATER,
    "self_sessions": Row(get=Answers(OK, OK, OK, LOGIN), post=Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN)),
    "self_sessions_end": Row(
        # Somebody else's session does not exist for them.
        get=Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN),
        post=Answers(GONE_ON, MISSING, MISSING, LOGIN),
        made=session_of_anna,
    ),
    # Proving again who one is: everybody for themselves; an empty form proves nothing.
    "login_again": Row(get=Answers(OK, OK, OK, LOGIN), post=Answers(INVALID, INVALID, INVALID, LOGIN)),
    "login_again_code": Row(get=Answers(OK, OK, OK, LOGIN), post=Answers(OK, OK, OK, LOGIN)),
}
