"""Who gets what at the pages about one's own log-in (`table.py` says how to read a line)."""

from allauth.mfa.models import Authenticator

from abonent.access.models import LoginSession, Seat
from abonent.access.sessions import name_of
from tests.access.apps import with_app
from tests.cast import Cast
from tests.conftest import logged_in
from tests.matrix.row import FORBIDDEN, GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row, everybody

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


def app_of_anna(cast: Cast) -> Made:
    with_app(cast.anna.person)
    return Made()


def passkey_of_anna(cast: Cast) -> Made:
    passkey = Authenticator.objects.create(
        user=cast.anna.person, type=Authenticator.Type.WEBAUTHN, data={"name": "Laptop", "credential": {}}
    )
    return Made(kwargs={"pk": passkey.pk}, data={"name": "Phone"})


def whole_client(cast: Cast) -> Made:
    Seat.objects.filter(pk=cast.anna.pk).update(reach=Seat.Reach.CLIENT)
    return Made(data={"required": "1"})


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
    # Second factors: each their own; whoever has an app already sets up no other.
    "self_factors": Row(get=Answers(OK, OK, OK, LOGIN), post=Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, LOGIN)),
    "self_app": EACH_OWN,
    "self_app_removal": Row(
        # Anna's session had no second factor: she gives it first.
        get=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN),
        post=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN),
        made=app_of_anna,
    ),
    "self_passkeys": EACH_OWN,
    "self_passkey_options": Row(
        get=Answers(NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED), post=Answers(OK, OK, OK, LOGIN)
    ),
    "self_passkey": Row(
        get=Answers(OK, MISSING, MISSING, LOGIN),
        post=Answers(GONE_ON, MISSING, MISSING, LOGIN),
        made=passkey_of_anna,
    ),
    "self_passkey_removal": Row(
        # The same.
        get=Answers(GONE_ON, MISSING, MISSING, LOGIN),
        post=Answers(GONE_ON, MISSING, MISSING, LOGIN),
        made=passkey_of_anna,
    ),
    "self_recovery": Row(get=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN), post=Answers(GONE_ON, GONE_ON, GONE_ON, LOGIN)),
    # Anna is made administrator of the whole client; she has no factor yet, and is led to one.
    "company_factor": Row(
        get=Answers(OK, FORBIDDEN, OK, LOGIN), post=Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN), made=whole_client
    ),
    # The second factor of a log-in: nobody waits for one here.
    "login_second": Row(get=everybody(GONE_ON), post=everybody(GONE_ON)),
    "login_second_options": Row(get=everybody(NOT_ALLOWED), post=Answers(OK, OK, OK, FORBIDDEN)),
    "login_second_drop": Row(get=everybody(NOT_ALLOWED), post=everybody(GONE_ON)),
    "login_passkey": Row(get=everybody(NOT_ALLOWED), post=everybody(GONE_ON)),
    "login_passkey_options": Row(get=everybody(NOT_ALLOWED), post=everybody(OK)),
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
