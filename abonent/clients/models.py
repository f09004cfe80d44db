"""Who is billed: client, contract, account, where its invoices go, and the client's own folders."""

import datetime as dt
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.clients.addresses import addresses_in, check_addresses
from abonent.clients.scope import Scope
from abonent.lib import clock
from abonent.lib.search import search_key


class Client(models.Model):
    """A company that has contracts with the operator (L1)."""

    name = models.CharField(_("name"), max_length=200)
    search_key = models.CharField(max_length=200, editable=False, db_index=True)
    tax_id = models.CharField(_("taxpayer number"), max_length=20, unique=True)
    registry_id = models.CharField(_("registry number"), max_length=20, blank=True)
    bank_accounts = models.TextField(_("bank accounts"), blank=True, help_text=_("One a line."))
    address = models.CharField(_("legal address"), max_length=300, blank=True)
    second_factor = models.BooleanField(
        _("a second factor is required"), default=False, help_text=_("Of everybody who acts for this client.")
    )
    created = models.DateTimeField(default=clock.now, editable=False, verbose_name=_("since"))

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = search_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


class Contract(models.Model):
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("client"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    signed = models.DateField(_("signed on"))

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class AccountQuerySet(models.QuerySet["Account"]):
    def within(self, scope: Scope) -> Self:
        """The accounts that a seat may see as such: none for one that is bound to folders or single numbers."""
        if scope.subscriber_ids is not None or scope.folder_ids is not None:
            return self.none()
        return self.reached_by(scope)

    def reached_by(self, scope: Scope) -> Self:
        """The accounts on which a seat may see something, if only a single number."""
        if scope.client_id is None:
            return self.none()
        found = self.filter(contract__client_id=scope.client_id)
        return found if scope.account_ids is None else found.filter(pk__in=scope.account_ids)

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self


class Account(models.Model):
    """What is billed: mobile, fixed-line or SIP; one balance, one delivery."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        FIXED = "fixed", _("fixed-line")
        SIP = "sip", _("SIP")

    class Status(models.TextChoices):
        # Translators: «Активный»
        ACTIVE = "active", pgettext_lazy("status", "Active")
        SUSPENDED = "suspended", pgettext_lazy("status", "Suspended")
        CLOSED = "closed", pgettext_lazy("status", "Closed")

    class PaymentForm(models.TextChoices):
        # Translators: «Без предоплаты»
        POSTPAID = "postpaid", _("Without prepayment")
        PREPAID = "prepaid", _("With prepayment")

    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("contract")
    )
    number = models.CharField(_("account number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MOBILE)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)
    payment_form = models.CharField(
        _("payment form"), max_length=10, choices=PaymentForm.choices, default=PaymentForm.POSTPAID
    )
    opened = models.DateField(_("opened on"))

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number

    @property
    def client(self) -> Client:
        return self.contract.client

    def delivery_at(self, moment: dt.datetime) -> "Delivery | None":
        """The delivery in force at `moment` (L3: the regular invoice goes where it pointed when it was formed)."""
        return self.deliveries.filter(Q(end__isnull=True) | Q(end__gt=moment), start__lte=moment).first()


class Delivery(models.Model):
    """How and where the invoices of an account go, from `start` until `end` (S3, L5)."""

    class Method(models.TextChoices):
        EMAIL = "email", _("By e-mail")
        # Translators: «на руки»
        HAND = "hand", _("Collected in person")

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        EXCEL = "xlsx", "Excel"
        TEXT = "txt", "TXT"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="deliveries")
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.EMAIL)
    address = models.CharField(
        _("e-mail addresses"),
        max_length=1000,
        blank=True,
        validators=[check_addresses],
        help_text=_("Several are separated by commas."),
    )
    format = models.CharField(_("format"), max_length=4, choices=Format.choices, default=Format.PDF)
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["account", "-start"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(end__isnull=True), name="delivery_one_in_force"),
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gt=F("start")), name="delivery_half_open"),
        ]

    def __str__(self) -> str:
        return self.address or self.get_method_display()

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where letters go, the first that was named first; none where the invoices are collected in person."""
        return addresses_in(self.address) if self.method == self.Method.EMAIL else ()


# A folder with all that is below it, and a folder with all that is above it: walked along the index of parents.
_BELOW = """WITH RECURSIVE below(id) AS (
    SELECT id FROM clients_folder WHERE id IN ({marks}) AND deleted IS NULL
    UNION SELECT child.id FROM clients_folder child JOIN below ON child.parent_id = below.id
    WHERE child.deleted IS NULL
) SELECT id FROM below"""
_ABOVE = """WITH RECURSIVE above(id, parent_id) AS (
    SELECT id, parent_id FROM clients_folder WHERE id IN ({marks})
    UNION SELECT up.id, up.parent_id FROM clients_folder up JOIN above ON up.id = above.parent_id
) SELECT id FROM above"""


class FolderQuerySet(models.QuerySet["Folder"]):
    def within(self, scope: Scope) -> Self:
        """The folders that a seat may see: all of its client, those below its own, none for single numbers.

        Never a deleted one: a seat that was bound to it sees nothing of it any more.
        """
        if scope.client_id is None or scope.subscriber_ids is not None:
            return self.none()
        found = self.filter(client_id=scope.client_id, deleted__isnull=True)
        return found if scope.folder_ids is None else found.below(scope.folder_ids)

    def below(self, ids: Collection[int]) -> Self:
        """These folders with everything below them, at any depth."""
        return self._walk(_BELOW, ids)

    def above(self, ids: Collection[int]) -> Self:
        """These folders with everything above them, up to the roots."""
        return self._walk(_ABOVE, ids)

    def _walk(self, sql: str, ids: Collection[int]) -> Self:
        if not ids:
            return self.none()
        marks = ", ".join(["%s"] * len(ids))
        return self.filter(pk__in=RawSQL(sql.format(marks=marks), sorted(ids)))  # noqa: S611  # nothing but marks

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self


class Folder(models.Model):
    """A node of the client's own hierarchy (V3); nothing of the billing depends on it.

    A deleted one is kept: stays of the past name it. Nothing stands in it or below it any more.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="folders", verbose_name=_("client"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent folder"),
    )
    name = models.CharField(_("name"), max_length=120)
    deleted = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = FolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("folder")
        verbose_name_plural = _("folders")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "parent", "name"], condition=Q(deleted=None), name="folder_once_in_parent"
            ),
            models.UniqueConstraint(
                fields=["client", "name"], condition=Q(parent=None, deleted=None), name="folder_once_at_top"
            ),
        ]

    def __str__(self) -> str:
        return self.name
