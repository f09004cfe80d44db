"""What is written once, and who may see it."""

from typing import Generic, Never, Self, TypeVar

from django.db import models

from abonent.clients.models import Account
from abonent.clients.scope import Scope

M = TypeVar("M", bound=models.Model)


class Closed(Exception):  # noqa: N818  # a rule that was broken, said in a sentence
    """An issued invoice, a ledger entry, a payment is never changed and never deleted: a correction is a new one."""


class Unchangeable(models.Model):
    """A row that is inserted and then left alone; the database's triggers (`guards`) say the same to raw SQL."""

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        if not self._state.adding:
            raise Closed(f"{self._meta.verbose_name} {self.pk} is never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    def delete(self, *_args: object, **_options: object) -> Never:
        raise Closed(f"{self._meta.verbose_name} {self.pk} is never deleted.")


class OfAccountQuerySet(models.QuerySet[M], Generic[M]):
    """Rows that belong to an account."""

    def within(self, scope: Scope) -> Self:
        """Those of the accounts that a seat may see as such."""
        return self.filter(account__in=Account.objects.within(scope))

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self
