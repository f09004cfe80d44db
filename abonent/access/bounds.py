"""How often something may be tried: counters in the database, so that the bound holds over all processes."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from abonent.access.models import Bound
from abonent.lib import clock

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)


class TooOften(Exception):  # noqa: N818  # a rule that was broken, said in two words
    """A bound is reached; `until` is when the next try may be made."""

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(f"until {until}")
        self.until = until


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` times in each window of `window`, for one `subject` (a number, an address, a client)."""

    name: str
    subject: str
    count: int
    window: dt.timedelta

    @property
    def key(self) -> str:
        return hashlib.sha256(f"{self.name}:{self.subject}".encode()).hexdigest()

    @property
    def start(self) -> dt.datetime:
        """When the present window began; windows are counted from the epoch, the same for every process."""
        now = clock.now()
        return now - (now - EPOCH) % self.window

    def take(self) -> bool:
        """Count one try; False (and nothing counted) where the bound is reached. Safe among concurrent tries."""
        if self._count_up():
            return True
        fresh = Bound(key=self.key, start=self.start)
        Bound.objects.bulk_create([fresh], ignore_conflicts=True)
        return self._count_up()

    def give_back(self) -> None:
        """Take back one try that was none: a right password is not a guess."""
        Bound.objects.filter(key=self.key, start=self.start, count__gt=0).update(count=F("count") - 1)

    def _count_up(self) -> bool:
        found = Bound.objects.filter(key=self.key, start=self.start, count__lt=self.count)
        return found.update(count=F("count") + 1) == 1


def take_all(*limits: Limit) -> None:
    """Count one try against each limit, in one transaction; TooOften where one of them is reached."""
    with transaction.atomic():
        for limit in limits:
            if not limit.take():
                raise TooOften(limit.start + limit.window)
