"""How long a job waits after a failure."""

import datetime as dt
import random
from dataclasses import dataclass

# Spreads the retries of jobs that failed together, so that they don't come back together; nothing secret hangs on it.
_dice = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Backoff:
    """Doubles from `first` with each attempt up to `ceiling`; each pause is shortened by up to `jitter` of itself."""

    first: dt.timedelta = dt.timedelta(seconds=2)
    ceiling: dt.timedelta = dt.timedelta(hours=1)
    jitter: float = 0.25

    def pause(self, attempts: int) -> dt.timedelta:
        """Say how long to wait after the attempt number `attempts` (from 1)."""
        doubled = self.first * float(2 ** min(max(attempts - 1, 0), 20))
        full = min(doubled, self.ceiling)
        return full * (1 - self.jitter * _dice.random())
