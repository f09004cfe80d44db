"""Changing what a line holds, for many at once: the present row is closed, a new one begins, the line shows it."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Value, When

from abonent.catalog.models import OptionSet, Tariff
from abonent.lib.among import among
from abonent.lib.inserting import insert_values
from abonent.lib.updating import update_each
from abonent.subscribers.models import (
    ConnectedService,
    Forwarding,
    NameHolding,
    PlanHolding,
    StatusHolding,
    Subscriber,
)
from abonent.subscribers.models.holdings import Holding
from abonent.subscribers.models.subscriber import line_search_key

H = TypeVar("H", bound=Holding)

INSTANT = dt.timedelta(microseconds=1)


def change_plan(subscriber_ids: Collection[int], tariff: Tariff, option_set: OptionSet | None, at: dt.datetime) -> None:
    """From `at`, these lines are on this tariff with this option set (S9, S15.2)."""
    close(PlanHolding, subscriber_ids, at)
    set_id = option_set and option_set.pk
    rows = [(pk, tariff.pk, set_id, at) for pk in subscriber_ids]
    insert_values(PlanHolding, ("subscriber_id", "tariff_id", "option_set_id", "start"), rows)
    Subscriber.objects.as_system().filter(pk__in=among(subscriber_ids)).update(tariff=tariff, option_set=option_set)


def change_status(subscriber_ids: Collection[int], status: Subscriber.Status, reason: str, at: dt.datetime) -> None:
    """From `at`, these lines are in this status, for a reason in a few words (empty where none is to be told)."""
    close(StatusHolding, subscriber_ids, at)
    insert_values(StatusHolding, ("subscriber_id", "status", "start"), [(pk, status, at) for pk in subscriber_ids])
    Subscriber.objects.as_system().filter(pk__in=among(subscriber_ids)).update(status=status, status_reason=reason)


def rename(names: Mapping[int, tuple[str, str, str]], at: dt.datetime) -> None:
    """From `at`, these lines (by id) are called: surname or title, first name, patronymic (S11, L11)."""
    close(NameHolding, names, at)
    rows = [(pk, *parts, at) for pk, parts in names.items()]
    insert_values(NameHolding, ("subscriber_id", "last_name", "first_name", "middle_name", "start"), rows)
    lines = Subscriber.objects.as_system().filter(pk__in=among(names)).order_by()
    written = {
        pk: (*names[pk], line_search_key(number, iccid, *names[pk]))
        for pk, number, iccid in lines.values_list("pk", "number", "iccid")
    }
    update_each(Subscriber, ["last_name", "first_name", "middle_name", "search_key"], written)


def end_services(subscriber_ids: Collection[int], at: dt.datetime) -> None:
    """End every service of these lines at `at`, and the forwarding of their calls."""
    close(ConnectedService, subscriber_ids, at)
    close(Forwarding, subscriber_ids, at)


def close(model: type[H], subscriber_ids: Collection[int], at: dt.datetime, **only: object) -> None:
    """End what these lines hold of one kind (`only` that) at `at`; what began this very moment held for an instant."""
    manager: Any = model._base_manager  # noqa: SLF001  # Django's documented name
    held = manager.filter(subscriber_id__in=among(subscriber_ids), end__isnull=True, **only)
    late = When(start__gte=at, then=ExpressionWrapper(F("start") + INSTANT, DateTimeField()))
    held.update(end=Case(late, default=Value(at, DateTimeField())))
