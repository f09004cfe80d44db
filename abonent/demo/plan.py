"""How large the demonstration is, and on which months it stands."""

import datetime as dt
from dataclasses import dataclass

from abonent.lib.periods import Month

SEED = 20260101
BILLED_MONTHS = 13
NUMBERS = 5000
RECORDS = 2_300_000
FULL_RECORDS = 8_600_000

# Per cent of an average month, from January on.
SEASON = (88, 96, 104, 103, 100, 97, 90, 92, 103, 108, 109, 110)


@dataclass(frozen=True, slots=True)
class Plan:
    """`numbers` of the large client, `records` of usage in all months together, and the day it is seen from."""

    now: dt.datetime
    zone: dt.tzinfo
    numbers: int = NUMBERS
    records: int = RECORDS
    months: int = BILLED_MONTHS
    seed: int = SEED

    @property
    def open_month(self) -> Month:
        return Month.at(self.now, self.zone)

    @property
    def closed_months(self) -> list[Month]:
        """Oldest first."""
        return [self.open_month.plus(-back) for back in range(self.months, 0, -1)]

    def records_in(self, month: Month) -> int:
        """Companies call less in January and in summer, and each year a little more."""
        back = (self.open_month.year - month.year) * 12 + self.open_month.number - month.number
        growth = 106 - back
        return self.records // self.months * SEASON[month.number - 1] * growth // 10_000
