"""The subscriber: one line on an account, which holds one number at a time and outlives it."""

import re
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.catalog.models import OptionSet, Tariff
from abonent.clients.models import Account, Folder
from abonent.clients.scope import Scope
from abonent.lib.search import search_key


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def within(self, scope: Scope) -> Self:
        """What a seat may see: the one resolver (V8). Every bound that the scope names must hold.

        The accounts are looked up first: named as plain ids, one of them alone, they let an index give the order.
        """
        accounts = list(Account.objects.reached_by(scope).values_list("pk", flat=True))
        found = self.filter(account_id=accounts[0]) if len(accounts) == 1 else self.filter(account_id__in=accounts)
        if scope.folder_ids is not None:
            found = found.filter(folder__in=Folder.objects.below(scope.folder_ids))
        if scope.subscriber_ids is not None:
            found = found.filter(pk__in=scope.subscriber_ids)
        return found

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self

    def matching(self, text: str) -> Self:
        """Search by number, SIM or any part of the name, in any case (S7)."""
        key = search_key(text)
        if not key:
            return self
        digits = re.sub(r"[\s+()\-]", "", key)
        wanted = digits if digits.isdigit() else key
        return self.filter(search_key__contains=wanted)

    def with_service(self, service_id: int) -> Self:
        return self.filter(services__service_id=service_id, services__end__isnull=True)


class Subscriber(models.Model):
    """The present state of a line. What held before stands in the period rows beside it (`holdings.py`)."""

    class Status(models.TextChoices):
        # Translators: «Ожидание активации»
        PENDING = "pending", _("Awaiting activation")
        # Translators: «Активный»
        ACTIVE = "active", pgettext_lazy("status", "Active")
        BLOCKED = "blocked", pgettext_lazy("status", "Blocked")
        TERMINATED = "terminated", pgettext_lazy("status", "Terminated")

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="subscribers")
    number = models.CharField(_("number"), max_length=32, db_index=True)
    iccid = models.CharField("SIM", max_length=22, blank=True, db_index=True)
    last_name = models.CharField(_("surname or title"), max_length=120, blank=True)
    first_name = models.CharField(_("first name"), max_length=60, blank=True)
    middle_name = models.CharField(_("patronymic"), max_length=60, blank=True)
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="subscribers")
    option_set = models.ForeignKey(
        OptionSet, on_delete=models.PROTECT, null=True, blank=True, related_name="subscribers"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.PENDING)
    status_reason = models.CharField(_("reason of the status"), max_length=120, blank=True)
    folder = models.ForeignKey(Folder, on_delete=models.SET_NULL, null=True, blank=True, related_name="subscribers")
    search_key = models.CharField(max_length=320, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~Q(status="terminated"), name="subscriber_number_held_once"
            ),
            models.UniqueConstraint(
                fields=["iccid"],
                condition=~Q(status="terminated") & ~Q(iccid=""),
                name="subscriber_sim_held_once",
            ),
        ]
        indexes = [
            # A page in its order, and a search in all of them, read nothing but this.
            models.Index(fields=["account", "number", "id", "search_key"], name="subscriber_page"),
            # The same by name.
            models.Index(
                fields=["account", "last_name", "first_name", "id", "search_key"], name="subscriber_page_by_name"
            ),
            # The counts of every folder, and a folder's numbers in their order.
            models.Index(fields=["account", "folder", "number", "id"], name="subscriber_in_folder"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """As it stands on the invoice: surname or title, first name, patronymic."""
        return _joined(self.last_name, self.first_name, self.middle_name)

    def make_search_key(self) -> str:
        return line_search_key(self.number, self.iccid, self.last_name, self.first_name, self.middle_name)

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = self.make_search_key()
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


def line_search_key(number: str, iccid: str, *names: str) -> str:
    """What a line is found by, from its number, its SIM and the parts of its name."""
    return search_key(f"{number} {iccid} {_joined(*names)}")


def _joined(*names: str) -> str:
    return " ".join(part for part in names if part)
