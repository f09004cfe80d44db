"""What people of the demonstration are told: Anna set limits, the rest is what happens to everybody."""

import datetime as dt
from decimal import Decimal

from abonent.access.models import Seat
from abonent.access.rights import BuiltIn
from abonent.demo.people import ANNA
from abonent.lib import clock
from abonent.lib.money import round_money
from abonent.lib.periods import Month
from abonent.notices import choosing
from abonent.notices.choosing import Wanted
from abonent.notices.kinds import Channel, Kind
from abonent.notices.looking import look
from abonent.notices.spend import Spend
from abonent.notices.spending import watch_spend
from abonent.profile import current

# As if the worker had looked at the last weeks: invoices of the last month are among what is told.
SINCE = dt.timedelta(days=32)
# So many of her numbers have passed the limit by now.
PASSED = 3


def make_notices() -> None:
    """At the present moment: nobody had a role before."""
    for seat in Seat.objects.in_force().filter(person__identifiers__value=ANNA, role__key=BuiltIn.ADMINISTRATOR):
        _limit(seat)
    look(clock.now() - SINCE)
    watch_spend()


def _limit(seat: Seat) -> None:
    """A limit for any one number that a few of them have passed."""
    month = Month.at(clock.now(), current().zone)
    numbers = Spend(month, {account.pk: account for account in seat.accounts}).numbers(seat.accounts[0].pk)
    spent = sorted((number.spent for number in numbers), reverse=True)
    if len(spent) <= PASSED:
        return
    each = max(round_money(spent[PASSED] // 5 * 5), Decimal(5))
    shown = frozenset({Channel.PAGE})
    unusual = choosing.by_default(Kind.UNUSUAL_SPEND)
    wishes = {Kind.LIMIT_PASSED: Wanted(shown, {"each": each}), Kind.UNUSUAL_SPEND: Wanted(shown, unusual.figures)}
    choosing.choose(seat, {**choosing.choices_of(seat), **wishes})
