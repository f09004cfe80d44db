"""Connecting and disconnecting a service, for many subscribers at once."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import F

from abonent.catalog.models import Service
from abonent.lib.among import among
from abonent.lib.inserting import insert_values
from abonent.subscribers.models import ConnectedService


def connected(subscriber_ids: Collection[int], service_ids: Collection[int]) -> set[tuple[int, int]]:
    """Which (subscriber, service) pairs of these are connected now."""
    rows = ConnectedService.objects.filter(
        subscriber_id__in=among(subscriber_ids), service_id__in=service_ids, end__isnull=True
    )
    pairs = rows.values_list("subscriber_id", "service_id")
    return set(pairs)


def connect(service: Service, sources: Mapping[int, str], at: dt.datetime) -> None:
    """Connect `service` from `at` at its present prices; `sources` says by what, unique, for each subscriber's id.

    A subscriber that has the service already, or a source that was used, is an IntegrityError.
    """
    prices = (service.fee, service.connect_fee)
    rows = [(subscriber_id, service.pk, at, *prices, source) for subscriber_id, source in sources.items()]
    insert_values(ConnectedService, ("subscriber_id", "service_id", "start", "fee", "connect_fee", "source"), rows)


def disconnect(service: Service, subscriber_ids: Collection[int], at: dt.datetime) -> int:
    """End `service` at `at` for these subscribers; how many had it.

    One that was connected at the very same moment keeps it for an instant: a period is never empty.
    """
    rows = ConnectedService.objects.filter(service=service, subscriber_id__in=among(subscriber_ids), end__isnull=True)
    instant = rows.filter(start__gte=at).update(end=F("start") + dt.timedelta(microseconds=1))
    return instant + rows.filter(start__lt=at).update(end=at)
