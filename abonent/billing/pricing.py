"""The money of one month: shares of monthly fees, VAT by date of supply, one rounding per line."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from abonent.billing.spans import Window
from abonent.lib.money import from_micros, round_money, vat_on
from abonent.lib.periods import Month
from abonent.profile import Profile

_INSTANT = dt.timedelta(microseconds=1)


class Amount(NamedTuple):
    net: Decimal
    vat_rate: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices of `month`. A window within it begins when the month begins.

    The net amount of a line is rounded once, VAT is worked out from the rounded net, gross = net + VAT. The date of
    supply is the last day of what the line is for: of the fee's period, of the month in which records were made.
    """

    profile: Profile
    month: Month
    _fees: dict[tuple[Decimal, int, int], Amount] = field(default_factory=dict)
    _rates: dict[Month, Decimal] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """The whole month."""
        period = self.month.period(self.profile.zone)
        return Window(period.start, period.end or period.start)

    def until(self, moment: dt.datetime) -> Window:
        """The month from its beginning to `moment`; all of it once it has ended, nothing before it began."""
        whole = self.window
        return Window(whole.start, max(whole.start, min(moment, whole.end)))

    def fee(self, monthly: Decimal, start: int, end: int) -> Amount:
        """The share of a monthly fee for [start, end), in microseconds from the beginning of the month.

        The share of time is exact: the quotient has 28 digits, and a quotient that isn't a half differs from one by
        more than 1e-13, so the one rounding is right.
        """
        known = self._fees.get((monthly, start, end))
        if known is None:
            whole = self.window
            share = monthly * (end - start) / whole.length
            known = self.amount(share, self._day(whole.moment(end) - _INSTANT))
            self._fees[monthly, start, end] = known
        return known

    def once(self, price: Decimal, moment: dt.datetime) -> Amount:
        """A price that is charged once, at `moment`."""
        return self.amount(price, self._day(moment))

    def usage(self, micros: int, used: Month) -> Amount:
        """The usage of a month, in millionths net of VAT."""
        rate = self._rates.get(used)
        if rate is None:
            rate = self._rates[used] = self.profile.vat_rate(used.last_day)
        return _amount(from_micros(micros), rate)

    def amount(self, exact: Decimal, day: dt.date) -> Amount:
        return _amount(exact, self.profile.vat_rate(day))

    def _day(self, moment: dt.datetime) -> dt.date:
        return moment.astimezone(self.profile.zone).date()


def _amount(exact: Decimal, rate: Decimal) -> Amount:
    net = round_money(exact)
    vat = vat_on(net, rate)
    return Amount(net, rate, vat, net + vat)
