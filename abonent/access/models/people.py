"""People, and what they log in with."""

import uuid
from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.audit.journal import Actor, ActorKind
from abonent.lib import clock, phones
from abonent.lib.search import search_key


class PersonManager(BaseUserManager["Person"]):
    def create_person(self, name: str, password: str | None = None, *, language: str = "") -> "Person":
        """A person without identifiers or seats yet; without `password` only codes let them in."""
        person = self.model(name=name, language=language)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in. What they log in with are identifiers; what they may do are seats."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=200)
    search_key = models.CharField(max_length=400, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created = models.DateTimeField(default=clock.now, editable=False, verbose_name=_("since"))

    objects = PersonManager()

    USERNAME_FIELD = "key"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, update_fields: Iterable[str] | None = None, **kwargs: object) -> None:
        self.search_key = search_key(self.name)
        if update_fields is not None and "name" in update_fields:
            update_fields = {*update_fields, "search_key"}
        super().save(*args, update_fields=update_fields, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    def actor(self) -> Actor:
        """Who acts, for the journal."""
        return Actor(ActorKind.PERSON, str(self.pk), self.name)


class Identifier(models.Model):
    """One thing a person logs in with: a phone number, an e-mail address or an account number, normalised."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("phone number")
        EMAIL = "email", _("e-mail address")
        ACCOUNT = "account", _("account number")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    value = models.CharField(_("value"), max_length=254)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    verified = models.BooleanField(_("verified"), default=False)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="identifier_unique")]

    def __str__(self) -> str:
        return phones.pretty(self.value) if self.kind == self.Kind.PHONE else self.value
