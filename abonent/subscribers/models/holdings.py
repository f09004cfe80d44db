"""Facts of a subscriber that change: rows with half-open periods, `[start, end)`, `end` empty while in force."""

import datetime as dt
from decimal import Decimal
from typing import Generic, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from abonent.catalog.models import NumberCategory, OptionSet, Service, Tariff
from abonent.clients.models import Account, Folder
from abonent.lib.periods import Period
from abonent.subscribers.models.subscriber import Subscriber

H = TypeVar("H", bound=models.Model)


class HoldingQuerySet(models.QuerySet[H], Generic[H]):
    def in_force(self, moment: dt.datetime) -> Self:
        """The rows that hold at `moment`."""
        return self.filter(Q(end__isnull=True) | Q(end__gt=moment), start__lte=moment)

    def overlapping(self, period: Period) -> Self:
        """The rows that hold at some moment of `period`."""
        found = self.filter(Q(end__isnull=True) | Q(end__gt=period.start))
        return found if period.end is None else found.filter(start__lt=period.end)


def _one_in_force(name: str, *fields: str) -> list[models.BaseConstraint]:
    """What every kind of holding obeys: a period is not empty, and one row of `fields` is in force."""
    return [
        models.UniqueConstraint(fields=fields, condition=Q(end__isnull=True), name=f"{name}_one_in_force"),
        models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gt=F("start")), name=f"{name}_half_open"),
    ]


class Holding(models.Model):
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE)
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True
        default_related_name = "%(class)ss"

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)


class NumberHolding(Holding):
    """Which number the subscriber held; a number belongs to one subscriber at a time.

    One that was chosen from the pool has its category, and its price at that moment: once, net of VAT (S13).
    """

    number = models.CharField(_("number"), max_length=32, db_index=True)
    category = models.ForeignKey(NumberCategory, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    fee = models.DecimalField(_("price, once"), max_digits=12, decimal_places=4, default=Decimal(0))

    objects = HoldingQuerySet["NumberHolding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "number_holdings"
        constraints = [
            *_one_in_force("number_of_subscriber", "subscriber"),
            models.UniqueConstraint(fields=["number"], condition=Q(end__isnull=True), name="number_held_once"),
        ]
        # The few that cost something: what billing asks for.
        indexes = [models.Index(fields=["start"], condition=Q(fee__gt=0), name="number_paid")]


class SimHolding(Holding):
    iccid = models.CharField("ICCID", max_length=22, db_index=True)

    objects = HoldingQuerySet["SimHolding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "sim_holdings"
        constraints = _one_in_force("sim_of_subscriber", "subscriber")


class AccountHolding(Holding):
    account = models.ForeignKey(Account, on_delete=models.PROTECT)

    objects = HoldingQuerySet["AccountHolding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "account_holdings"
        constraints = _one_in_force("account_of_subscriber", "subscriber")


class PlanHolding(Holding):
    """Tariff and option set."""

    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT)
    option_set = models.ForeignKey(OptionSet, on_delete=models.PROTECT, null=True, blank=True)

    objects = HoldingQuerySet["PlanHolding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "plan_holdings"
        constraints = _one_in_force("plan_of_subscriber", "subscriber")


class NameHolding(Holding):
    last_name = models.CharField(max_length=120, blank=True)
    first_name = models.CharField(max_length=60, blank=True)
    middle_name = models.CharField(max_length=60, blank=True)

    objects = HoldingQuerySet["NameHolding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "name_holdings"
        constraints = _one_in_force("name_of_subscriber", "subscriber")


class StatusHolding(Holding):
    status = models.CharField(max_length=10, choices=Subscriber.Status.choices)

    objects = HoldingQuerySet["StatusHolding"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "status_holdings"
        constraints = _one_in_force("status_of_subscriber", "subscriber")


class FolderStay(Holding):
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT)

    objects = HoldingQuerySet["FolderStay"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "folder_stays"
        constraints = _one_in_force("folder_of_subscriber", "subscriber")


class ConnectedService(Holding):
    """A service on a subscriber; prices are those of the moment of connecting, in money net of VAT."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="connections")
    fee = models.DecimalField(_("monthly fee"), max_digits=12, decimal_places=4)
    connect_fee = models.DecimalField(_("price of connecting"), max_digits=12, decimal_places=4)
    source = models.CharField(_("by what"), max_length=60, unique=True)

    objects = HoldingQuerySet["ConnectedService"].as_manager()

    class Meta(Holding.Meta):
        default_related_name = "services"
        constraints = _one_in_force("service_of_subscriber", "subscriber", "service")
