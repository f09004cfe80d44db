"""Entries of the journal: written once. Sealing adds to them, and erasing takes from what stands beside."""

import json
from collections.abc import Iterable
from typing import ClassVar, Never

from django.db import models
from django.db.models import Q
from django.db.models.base import ModelBase
from django.utils.translation import gettext_lazy as _

from abonent.jobs.models import Job
from abonent.lib import clock


class JournalIsClosed(Exception):  # noqa: N818  # a rule that was broken, said in a sentence
    """An entry of the journal is never changed and never deleted."""


class Unchangeable(models.Model):
    """A row that is inserted and then left alone; the database's triggers say the same to raw SQL."""

    class Meta:
        abstract = True

    def save(
        self,
        *,
        force_insert: bool | tuple[ModelBase, ...] = False,
        force_update: bool = False,
        using: str | None = None,
        update_fields: Iterable[str] | None = None,
    ) -> None:
        if not self._state.adding:
            raise JournalIsClosed("An entry of the journal is never changed.")
        super().save(force_insert=force_insert, force_update=force_update, using=using, update_fields=update_fields)

    def delete(self, *_args: object, **_options: object) -> Never:
        raise JournalIsClosed("An entry of the journal is never deleted.")


class Entry(Unchangeable):
    """One thing that was done. `sequence`, `previous` and `hash` are empty until it is sealed."""

    class ActorKind(models.TextChoices):
        PERSON = "person", _("person")
        API_KEY = "api key", _("API key")
        SYSTEM = "system", _("the system")

    # Empty: the operator's own chain.
    client_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(default=clock.now)
    actor_kind = models.CharField(max_length=10, choices=ActorKind)
    actor_id = models.CharField(max_length=64, blank=True)
    # "subscribers.rename": the package and the verb.
    action = models.CharField(max_length=64)
    target_kind = models.CharField(max_length=32, blank=True)
    target_id = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=64)
    # SHA-256 of the rows that a batch stands for.
    digest = models.CharField(max_length=64, blank=True)
    who_digest = models.CharField(max_length=64)
    what_digest = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField(null=True)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client_id", "sequence"], name="entry_in_chain"),
            models.UniqueConstraint(fields=["sequence"], condition=Q(client_id=None), name="entry_in_own_chain"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(sequence=None), name="entry_unsealed"),
            models.Index(fields=["client_id", "-at", "-id"], name="entry_of_client"),
            models.Index(fields=["target_kind", "target_id", "-id"], name="entry_of_target"),
            models.Index(fields=["actor_kind", "actor_id", "-id"], name="entry_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_kind} {self.target_id}"

    @property
    def is_sealed(self) -> bool:
        return self.sequence is not None


class Beside(Unchangeable):
    """What an entry says of persons: two parts of canonical JSON, each with its salt; an erased part is empty."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="beside")
    who_salt = models.CharField(max_length=32, blank=True)
    who = models.TextField(blank=True)
    what_salt = models.CharField(max_length=32, blank=True)
    what = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"beside {self.entry_id}"

    @property
    def actor_label(self) -> str:
        return str(self._who().get("label", ""))

    @property
    def address(self) -> str:
        return str(self._who().get("address", ""))

    @property
    def device(self) -> str:
        return str(self._who().get("device", ""))

    @property
    def seat(self) -> str:
        return str(self._who().get("seat", ""))

    @property
    def target_label(self) -> str:
        return str(self._what().get("label", ""))

    @property
    def before(self) -> dict[str, object]:
        return dict(self._what().get("before") or {})

    @property
    def after(self) -> dict[str, object]:
        return dict(self._what().get("after") or {})

    def _who(self) -> dict[str, str]:
        return dict(json.loads(self.who)) if self.who else {}

    def _what(self) -> dict[str, dict[str, object]]:
        return dict(json.loads(self.what)) if self.what else {}


class Head(models.Model):
    """The last sealed entry of a chain, signed. Chain 0 is the operator's own; chain -1 counts the chains."""

    chain = models.BigIntegerField(primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"chain {self.chain} at {self.sequence}"


class Verification(Job):
    """A check of one chain that a person, or the schedule, asked for, and what it found."""

    client_id = models.BigIntegerField(null=True)
    entries = models.PositiveIntegerField(default=0)
    unsealed = models.PositiveIntegerField(default=0)
    # Each: kind, number in the chain, id of the entry (null where there is none).
    problems = models.JSONField(default=list)

    class Meta(Job.Meta):
        indexes: ClassVar = [
            *Job.Meta.indexes,
            models.Index(fields=["client_id", "-id"], name="verification_of_client"),
        ]

    def __str__(self) -> str:
        return f"chain of {self.client_id} on {self.created}"


class Anchor(models.Model):
    """The ends of all chains on one day; what is kept outside the product is a signed line with its digest (V6)."""

    at = models.DateTimeField(default=clock.now, unique=True)
    # Canonical JSON: chain → [sequence, hash].
    heads = models.TextField()
    line = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.line
