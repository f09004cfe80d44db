"""What the schedule clears away: codes, counters and sessions whose time is over."""

from abonent.access.models import Bound, LoginCode, LoginSession
from abonent.access.sessions import KEPT
from abonent.lib import clock


def prune() -> int:
    """Delete codes, counters and sessions that ended more than two days ago; how many rows."""
    # Counters, too, are kept beyond their longest window.
    before = clock.now() - KEPT
    codes = LoginCode.objects.filter(expires__lt=before).delete()[0]
    bounds = Bound.objects.filter(start__lt=before).delete()[0]
    return codes + bounds + LoginSession.objects.filter(expire_date__lt=before).delete()[0]
