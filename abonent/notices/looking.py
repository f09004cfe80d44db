"""Looking for what is new, each minute: from the facts to the seats concerned (V1). A task of the schedule."""

import datetime as dt
from collections.abc import Callable, Sequence

from abonent.lib import clock
from abonent.notices.fact import Found
from abonent.notices.facts.appeals import appeals_answered
from abonent.notices.facts.approvals import approvals_waiting
from abonent.notices.facts.invoices import invoices_formed
from abonent.notices.facts.orders import orders_done
from abonent.notices.models import Seen
from abonent.notices.telling import tell

# What is older was told in its time, or is told no more: a weekend without a worker loses nothing.
LOOKS_BACK = dt.timedelta(days=3)

FINDERS: Sequence[Callable[[dt.datetime], Found]] = (approvals_waiting, orders_done, appeals_answered, invoices_formed)


def look(since: dt.datetime | None = None) -> int:
    """Tell of everything new that happened since then; how many notices.

    Killed in between, it goes on with the same facts: what was told already is left out, by person and key.
    """
    return sum(_look(finder, since or clock.now() - LOOKS_BACK) for finder in FINDERS)


def _look(finder: Callable[[dt.datetime], Found], since: dt.datetime) -> int:
    told = 0
    while (found := finder(since)).ids:
        told += tell(found.told)
        Seen.objects.bulk_create([Seen(kind=found.kind, about=pk) for pk in found.ids], ignore_conflicts=True)
    return told
