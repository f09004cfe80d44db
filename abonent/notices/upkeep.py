import datetime as dt

from django.db.models import Model, QuerySet

from abonent.jobs.pause import breathe
from abonent.lib import clock
from abonent.notices.looking import LOOKS_BACK
from abonent.notices.models import Notice, Seen
from abonent.profile import current

CHUNK = 1000


def prune() -> int:
    """Delete notices older than the profile's days, and the marks of facts that nobody looks at any more; how many."""
    now = clock.now()
    notices = Notice.objects.filter(made__lt=now - dt.timedelta(days=current().notices.kept_days))
    return _delete(notices) + _delete(Seen.objects.filter(at__lt=now - 10 * LOOKS_BACK))


def _delete(rows: QuerySet[Model]) -> int:
    deleted = 0
    while keys := list(rows.values_list("pk", flat=True)[:CHUNK]):
        deleted += rows.filter(pk__in=keys).delete()[0]
        breathe()
    return deleted
