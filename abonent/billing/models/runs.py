"""The bill run of a month, and its part for each account. Both are jobs: killed and started again, they go on."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.clients.models import Account
from abonent.jobs.models import Job, State
from abonent.lib.periods import Month
from abonent.usage.models import RatingVersion


class BillRun(Job):
    """One per month. As a job it closes and rates the usage and lists the accounts.

    It is done once they are listed; `is_finished` says that all are formed too.
    """

    month = models.CharField(_("month"), max_length=7, unique=True)
    rating_version = models.ForeignKey(
        RatingVersion, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("rating")
    )

    class Meta(Job.Meta):
        verbose_name = _("bill run")
        verbose_name_plural = _("bill runs")
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return self.month

    @property
    def period(self) -> Month:
        return Month.parse(self.month)

    @property
    def is_finished(self) -> bool:
        """Whether every account of the month has its invoice."""
        return self.state == State.DONE and not self.accounts.filter(~Q(state=State.DONE)).exists()


class AccountRun(Job):
    """The forming of one account's invoice in one bill run."""

    run = models.ForeignKey(BillRun, on_delete=models.PROTECT, related_name="accounts")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta(Job.Meta):
        verbose_name = _("forming of an invoice")
        verbose_name_plural = _("forming of invoices")
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "account"], name="account_run_once")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.account_id}"
