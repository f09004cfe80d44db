"""How large the demonstration is, and on which months it stands."""

import datetime as dt
from dataclasses import dataclass

from abonent.lib.periods import Month

SEED = 20260101
BILLED_MONTHS = 13
NUMBERS = 5000
RECORDS = 2_300_000
FULL_RECORDS = 8_600_000


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

    @property
    def records_a_month(self) -> int:
        return self.records // self.months
