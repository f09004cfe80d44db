"""Who gets what at people and invitations (`table.py` says how to read a line)."""

import datetime as dt

from abonent.access import inviting
from abonent.access.models import Invitation, Role, Seat
from abonent.access.rights import BuiltIn
from abonent.access.seating import client_of
from abonent.lib import clock
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row

LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
OBJECT = Answers(OK, FORBIDDEN, MISSING, LOGIN)
CHANGE = Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN)
# The owner's account is no choice in a stranger's form.
PLACE = Answers(GONE_ON, FORBIDDEN, INVALID, LOGIN)


def grant(cast: Cast) -> dict[str, object]:
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    return {"role": role.pk, "reach": "accounts", "accounts": [cast.first.pk]}


def an_invitation(cast: Cast) -> Made:
    return Made(data={"name": "Vera", "to": "vera@example.com", **grant(cast)})


def a_person(cast: Cast) -> Made:
    return Made(kwargs={"pk": cast.kolya.person_id}, data=grant(cast))


def a_seat(cast: Cast) -> Made:
    return Made(kwargs={"pk": cast.kolya.pk})


def sent(giver: Seat) -> Invitation:
    """An invitation of somebody who has no log-in yet; its link is `token`."""
    return Invitation.objects.create(
        client=client_of(giver),
        by=giver.person,
        kind="email",
        value="vera@example.com",
        name="Vera",
        role=giver.role,
        reach=giver.reach,
        targets=sorted(giver.target_ids),
        digest=inviting.digest_of("token"),
        expires=clock.now() + dt.timedelta(days=7),
    )


def sent_by_anna(cast: Cast) -> Made:
    return Made(kwargs={"key": sent(cast.anna).pk})


def a_link(cast: Cast) -> Made:
    """Of a stranger's invitation: what it says of its company is for whoever has the link."""
    sent(cast.stas)
    return Made(kwargs={"token": "token"}, data={"name": "Vera", "password": "x" * 12, "again": "x" * 12})


ROWS: dict[str, Row] = {
    "people": Row(get=LIST, post=SHOWS),
    "people_invitations": Row(get=LIST, post=SHOWS),
    "people_invite": Row(get=LIST, post=PLACE, made=an_invitation),
    "invitation_resend": Row(get=SHOWS, post=CHANGE, made=sent_by_anna),
    "invitation_revoke": Row(get=SHOWS, post=CHANGE, made=sent_by_anna),
    # Whoever is logged in is somebody else than who was invited.
    "invitation": Row(
        get=Answers(FORBIDDEN, FORBIDDEN, FORBIDDEN, OK),
        post=Answers(FORBIDDEN, FORBIDDEN, FORBIDDEN, GONE_ON),
        made=a_link,
    ),
    "person": Row(get=OBJECT, post=SHOWS, made=a_person),
    "person_give": Row(get=OBJECT, post=CHANGE, made=a_person),
    "person_remove": Row(get=SHOWS, post=CHANGE, made=a_person),
    "person_sessions_end": Row(get=SHOWS, post=CHANGE, made=a_person),
    "seat_term": Row(get=OBJECT, post=CHANGE, made=a_seat),
    "seat_block": Row(get=SHOWS, post=CHANGE, made=a_seat),
    "seat_unblock": Row(get=SHOWS, post=CHANGE, made=a_seat),
    "seat_end": Row(get=SHOWS, post=CHANGE, made=a_seat),
}
