"""What a tree is made of: a node of it, and a level that is read at once (V2, V3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.subscribers.models import Subscriber

LONGEST_ID = 18  # digits that fit the database


class Hierarchy(models.TextChoices):
    """Which of the two trees."""

    # Translators: «Иерархия Биллинговая»
    BILLING = "billing", _("Billing hierarchy")
    FOLDERS = "folders", _("Own folders")


class Kind(StrEnum):
    CLIENT = "client"
    CONTRACT = "contract"
    ACCOUNT = "account"
    FOLDER = "folder"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Ref:
    """A node by its kind and id, written `account:12`. It says nothing of whether a seat may see it."""

    kind: Kind
    pk: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for what names no node."""
        kind, _, pk = text.partition(":")
        if kind not in set(Kind) or not (pk.isascii() and pk.isdigit() and len(pk) <= LONGEST_ID):
            return None
        return cls(Kind(kind), int(pk))

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk}"


@dataclass(frozen=True, slots=True)
class Node:
    """`count` is how many numbers are below (1 for a number); `opens` says whether there is anything below.

    `inner` holds the level below where it was read along. A number has its `subscriber`.
    """

    ref: Ref
    label: str
    count: int
    opens: bool
    note: str = ""
    subscriber: Subscriber | None = None
    inner: "Level | None" = None

    @classmethod
    def of_number(cls, subscriber: Subscriber) -> Self:
        ref = Ref(Kind.NUMBER, subscriber.pk)
        return cls(ref, subscriber.number, 1, opens=False, note=subscriber.name, subscriber=subscriber)

    @property
    def is_number(self) -> bool:
        return self.ref.kind == Kind.NUMBER


@dataclass(frozen=True, slots=True)
class Level:
    """The nodes beside one another, of which `more` begins the next page (empty: these are all)."""

    nodes: Sequence[Node]
    more: str = ""
