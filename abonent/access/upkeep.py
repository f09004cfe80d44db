"""What the schedule clears away: codes, counters and sessions whose time is over."""

import datetime as dt

from abonent.access.models import Bound, LoginCode, LoginSession
from abonent.lib import clock

# Counters are kept beyond their longest window; an ended session is what a form typed into it is recognised by.
KEPT = dt.timedelta(days=2)


def prune() -> int:
    """Delete codes, counters and sessions that ended more than two days ago; how many rows."""
    before = clock.now() - KEPT
    codes = LoginCode.objects.filter(expires__lt=before).delete()[0]
    bounds = Bound.objects.filter(start__lt=before).delete()[0]
    return codes + bounds + LoginSession.objects.filter(expire_date__lt=before).delete()[0]
