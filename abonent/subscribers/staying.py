"""Putting many subscribers into folders at once: where each was, and since when, stays known (V3)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Max

from abonent.lib.inserting import insert
from abonent.subscribers.models import FolderStay, Subscriber

# So many ids are given to the database in one statement.
CHUNK = 10_000


def settle(places: Mapping[int, int | None], at: dt.datetime) -> None:
    """Let each subscriber (id) stay in its folder (id; None: in none) from `at` on; inside the caller's transaction.

    Whoever is in that folder already must be left out. A stay that began at this very moment leaves no trace, since a
    period is never empty; where the clock was set back, all of them move at the latest moment known of any, so that
    stays follow each other. Of two callers for one subscriber the second must wait: the caller holds a lock.
    """
    at = _close(list(places), at)
    stays = [
        FolderStay(subscriber_id=subscriber, folder_id=folder, start=at)
        for subscriber, folder in places.items()
        if folder is not None
    ]
    insert(stays)
    by_folder: dict[int | None, list[int]] = defaultdict(list)
    for subscriber, folder in places.items():
        by_folder[folder].append(subscriber)
    for folder, subscribers in by_folder.items():
        for chunk in _chunks(subscribers):
            Subscriber.objects.as_system().filter(pk__in=chunk).update(folder_id=folder)


def _close(subscribers: Sequence[int], at: dt.datetime) -> dt.datetime:
    """End the stays in force; the moment from which the new ones may begin."""
    for chunk in _chunks(subscribers):
        latest = FolderStay.objects.filter(subscriber_id__in=chunk).aggregate(start=Max("start"), end=Max("end"))
        at = max([at, *(moment for moment in latest.values() if moment is not None)])
    for chunk in _chunks(subscribers):
        rows = FolderStay.objects.filter(subscriber_id__in=chunk, end__isnull=True)
        rows.filter(start__gte=at).delete()
        rows.filter(start__lt=at).update(end=at)
    return at


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), CHUNK):
        yield ids[first : first + CHUNK]
