"""What is asked of call details, and how it is kept with the request."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.documents.document import Json, Params
from abonent.lib.periods import Month, Period, midnight
from abonent.profile import current as current_profile


class Directions(models.TextChoices):
    # Translators: «Исходящие»
    OUT = "out", _("Outgoing")
    # Translators: «Входящие»
    IN = "in", _("Incoming")
    # Translators: «Исходящие+Входящие»
    BOTH = "both", _("Outgoing and incoming")


@dataclass(frozen=True, slots=True)
class CallParams:
    """Days `first` to `last`, both inclusive in the profile's zone; `subscribers` None means all of the account.

    `masked` hides whom they called; the server decides it by who orders (`Kind.bound`), no form does.
    """

    first: dt.date
    last: dt.date
    directions: Directions = Directions.BOTH
    subscribers: tuple[int, ...] | None = None
    masked: bool = False

    @classmethod
    def read(cls, params: Params) -> Self:
        """From what a request keeps; anything else is a ValueError."""
        kept = params.get("subscribers")
        if not (kept is None or isinstance(kept, Sequence)):
            raise ValueError("subscribers are a list of ids, or nothing")
        return cls(
            dt.date.fromisoformat(str(params["first"])),
            dt.date.fromisoformat(str(params["last"])),
            Directions(str(params["directions"])),
            None if kept is None else tuple(int(str(pk)) for pk in kept),
            bool(params.get("masked")),
        )

    def kept(self) -> dict[str, Json]:
        """As a request keeps it."""
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "directions": self.directions.value,
            "subscribers": None if self.subscribers is None else list(self.subscribers),
            "masked": self.masked,
        }

    @property
    def whole_month(self) -> Month | None:
        """The calendar month that the days are, if they are one: then the billing month is meant."""
        month = Month.of(self.first)
        return month if (self.first, self.last) == (month.first_day, month.last_day) else None

    @property
    def when(self) -> Month | Period:
        zone = current_profile().zone
        after = self.last + dt.timedelta(days=1)
        return self.whole_month or Period(midnight(self.first, zone), midnight(after, zone))

    @property
    def both_ways(self) -> tuple[str, ...]:
        """The directions as call records name them."""
        return ("out", "in") if self.directions == Directions.BOTH else (self.directions.value,)

    @property
    def direction_label(self) -> str:
        return str(self.directions.label)
