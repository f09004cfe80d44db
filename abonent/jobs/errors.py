"""What work may raise, and what it may meet."""

import datetime as dt


class GiveUp(Exception):  # noqa: N818  # it is an answer of the work, not a mishap
    """The job cannot succeed: it is dead at once. The reason is shown to people."""


class TryAgain(Exception):  # noqa: N818  # the same
    """Not now: the job is tried again, after `after` or its queue's back-off. The reason is shown to people."""

    def __init__(self, reason: str, after: dt.timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class LeaseLost(Exception):  # noqa: N818  # nothing is wrong with the job: somebody else has it now
    """Another worker has these rows, so what was done here is dropped."""
