"""Two roles of the large client's own, each with somebody who has it: the head of a department, and the accountant."""

import datetime as dt
from decimal import Decimal

from abonent.access.models import Person, Role, Seat
from abonent.access.own_roles import Wish, make
from abonent.access.rights import BuiltIn, Right
from abonent.clients.models import Folder
from abonent.demo.people import ACCOUNTANT, HEAD, SERGEI

# So long ago they were given their roles.
SINCE = dt.timedelta(days=40)
CITY, DEPARTMENT = "Минск", "Отдел продаж"

HEAD_OF_DEPARTMENT = Wish(
    "Руководитель отдела",
    frozenset(
        {
            Right.SEE_SUBSCRIBERS,
            Right.SEE_CALLS,
            Right.SEE_FINANCE,
            Right.SEE_HISTORY,
            Right.ORDER_DOCUMENTS,
            Right.CHANGE_SERVICES,
            Right.CHANGE_TARIFFS,
            Right.CHANGE_NAMES,
            Right.ASK_OPERATOR,
        }
    ),
    max_rows=20,
    max_cost=Decimal(200),
)
BOOKS = Wish("Бухгалтер", frozenset({Right.SEE_FINANCE, Right.ORDER_DOCUMENTS, Right.REGISTER_PAYMENTS}))


def make_roles(now: dt.datetime) -> None:
    """`now` is the day that the demonstration is seen from."""
    sergei = Seat.objects.select_related("client").get(person__identifiers__value=SERGEI, role__key=BuiltIn.SUPERVISOR)
    since = now - SINCE
    _give(sergei, make(sergei, HEAD_OF_DEPARTMENT), HEAD, since, folders=[_department(sergei)])
    _give(sergei, make(sergei, BOOKS), ACCOUNTANT, since, accounts=[account.pk for account in sergei.accounts])


def _give(giver: Seat, role: Role, phone: str, since: dt.datetime, **targets: list[int]) -> None:
    person = Person.objects.get(identifiers__value=phone)
    seat = Seat.objects.give(person, role, giver.client, **targets)
    seat.given_by, seat.valid_from = giver.person, since
    seat.save(update_fields=["given_by", "valid_from"])


def _department(seat: Seat) -> int:
    """The sales department of the first city, with its teams."""
    found = Folder.objects.within(seat).get(name=DEPARTMENT, parent__name=CITY)
    return found.pk
