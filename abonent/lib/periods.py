"""Half-open periods [start, end) and billing months in a time zone."""

import datetime as dt
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` inclusive to `end` exclusive; both aware. `end=None` is open."""

    start: dt.datetime
    end: dt.datetime | None = None

    def __contains__(self, moment: dt.datetime) -> bool:
        return self.start <= moment and (self.end is None or moment < self.end)

    def overlap(self, other: "Period") -> "Period | None":
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return Period(start, end) if end is None or start < end else None

    @property
    def seconds(self) -> int:
        """Length in whole seconds; a period without an end has none (ValueError)."""
        if self.end is None:
            raise ValueError("an open period has no length")
        return round((self.end - self.start).total_seconds())


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, e.g. a billing month; the zone is given where instants are needed."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12:  # noqa: PLR2004  # months of a year
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `2026-10`; anything else is a ValueError."""
        moment = dt.datetime.strptime(text, "%Y-%m")  # noqa: DTZ007  # a month has no zone
        return cls(moment.year, moment.month)

    @classmethod
    def of(cls, day: dt.date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def at(cls, moment: dt.datetime, zone: dt.tzinfo) -> Self:
        return cls.of(moment.astimezone(zone).date())

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def plus(self, months: int) -> "Month":
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.number, 1)

    @property
    def last_day(self) -> dt.date:
        return self.plus(1).first_day - dt.timedelta(days=1)

    def period(self, zone: ZoneInfo) -> Period:
        """The month as instants in `zone`."""
        return Period(midnight(self.first_day, zone), midnight(self.plus(1).first_day, zone))


def midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The instant at which `day` begins in `zone`, in UTC."""
    return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
