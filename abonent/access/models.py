"""People, what they log in with, and the seats (person × role × scope) from which they act."""

import uuid
from collections.abc import Collection
from functools import cached_property
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from abonent.access.rights import BUILT_IN_DESCRIPTIONS, BUILT_IN_NAMES, BUILT_IN_RIGHTS, BuiltIn, Right
from abonent.audit.journal import Actor, ActorKind
from abonent.clients.models import Account, Client
from abonent.lib import clock, phones


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

    def actor(self) -> Actor:
        """Who acts, for the journal."""
        return Actor(ActorKind.PERSON, str(self.pk), self.name)

    def seats_now(self) -> "SeatQuerySet":
        """Return the seats that this person may take at this moment."""
        return self.seats.in_force().select_related("role", "client")


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


class RoleQuerySet(models.QuerySet["Role"]):
    def built_in(self, key: BuiltIn) -> "Role":
        """Return the role of the seeds with this key; its rights are those of the table in `rights.py`."""
        return self.get_or_create(key=key, client=None)[0]


class Role(models.Model):
    """A named set of rights: built in (no client; rights from the table) or a client's own (rights in the row)."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="roles", verbose_name=_("client")
    )
    key = models.CharField(_("key"), max_length=40)
    own_name = models.CharField(_("name"), max_length=80, blank=True)
    own_rights = models.JSONField(_("rights"), default=list, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(client=None), name="role_built_in_once"),
            models.UniqueConstraint(fields=["client", "key"], name="role_key_once_a_client"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(BUILT_IN_NAMES[BuiltIn(self.key)]) if self.client_id is None else self.own_name

    @property
    def description(self) -> str:
        return str(BUILT_IN_DESCRIPTIONS[BuiltIn(self.key)]) if self.client_id is None else ""

    @property
    def rights(self) -> frozenset[Right]:
        """A right that no longer exists, or is the operator's, is not given by a client's own role."""
        if self.client_id is None:
            return BUILT_IN_RIGHTS[BuiltIn(self.key)]
        return frozenset(right for right in Right if right in self.own_rights and not right.is_operators)


class SeatQuerySet(models.QuerySet["Seat"]):
    def in_force(self) -> Self:
        """Seats that may be taken now: not blocked, within their dates, of an active person."""
        now = clock.now()
        begun = Q(valid_from__lte=now)
        not_over = Q(valid_to=None) | Q(valid_to__gt=now)
        return self.filter(begun, not_over, blocked=False, person__is_active=True)

    def give(
        self,
        person: Person,
        role: Role,
        client: Client | None = None,
        *,
        accounts: Collection[int] | None = None,
        folders: Collection[int] | None = None,
        subscribers: Collection[int] | None = None,
    ) -> "Seat":
        """Seat `person`: over the ids of one kind, or (none named) over the whole client. Two kinds: ValueError."""
        named = {
            Seat.Reach.ACCOUNTS: accounts,
            Seat.Reach.FOLDERS: folders,
            Seat.Reach.SUBSCRIBERS: subscribers,
        }
        bounds = [(reach, ids) for reach, ids in named.items() if ids is not None]
        if len(bounds) > 1:
            raise ValueError("a seat is bound by ids of one kind; give a second seat for the other")
        reach, ids = bounds[0] if bounds else (Seat.Reach.CLIENT, ())
        seat = self.create(person=person, role=role, client=client, reach=reach)
        SeatTarget.objects.bulk_create(SeatTarget(seat=seat, target=target) for target in ids)
        return seat


class Seat(models.Model):
    """A person in a role over a part of a client (a `Scope`); the operator's staff have no client."""

    class Reach(models.TextChoices):
        CLIENT = "client", _("whole client")
        ACCOUNTS = "accounts", _("accounts")
        FOLDERS = "folders", _("folders with all below")
        SUBSCRIBERS = "subscribers", _("single numbers")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="seats", verbose_name=_("role"))
    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="seats", verbose_name=_("client")
    )
    reach = models.CharField(_("reach"), max_length=12, choices=Reach.choices, default=Reach.ACCOUNTS)
    valid_from = models.DateTimeField(_("from"), default=clock.now)
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)
    blocked = models.BooleanField(_("blocked"), default=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="seat_half_open")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def rights(self) -> frozenset[Right]:
        """The operator's rights come only with a seat that has no client, a client's only with one that has."""
        return frozenset(right for right in self.role.rights if right.is_operators == (self.client_id is None))

    def has(self, right: Right) -> bool:
        return right in self.rights

    @cached_property
    def _targets(self) -> frozenset[int]:
        return frozenset(self.targets.values_list("target", flat=True))

    def _bound(self, reach: "Seat.Reach") -> frozenset[int] | None:
        return self._targets if self.reach == reach else None

    @property
    def account_ids(self) -> frozenset[int] | None:
        return self._bound(self.Reach.ACCOUNTS)

    @property
    def folder_ids(self) -> frozenset[int] | None:
        return self._bound(self.Reach.FOLDERS)

    @property
    def subscriber_ids(self) -> frozenset[int] | None:
        return self._bound(self.Reach.SUBSCRIBERS)

    @property
    def is_operators(self) -> bool:
        return self.client_id is None

    @cached_property
    def accounts(self) -> list[Account]:
        """The accounts in force, for the top line of every page; empty for one that sees single numbers."""
        return list(Account.objects.within(self))

    @property
    def label(self) -> str:
        """The role with the company, as the journal keeps it and the seat menu shows it."""
        return f"{self.role.name} · {self.client.name}" if self.client else self.role.name

    def actor(self) -> Actor:
        """Who acts, for the journal."""
        return self.person.actor()


class SeatTarget(models.Model):
    """One account, folder or subscriber (by the seat's reach) that a seat is bound to."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="targets")
    target = models.PositiveBigIntegerField(_("id"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "target"], name="seat_target_once")]

    def __str__(self) -> str:
        return str(self.target)


class LoginSession(AbstractBaseSession):
    """A session that knows whose it is, so that it can be ended when that person loses the log-in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")


class LoginCode(models.Model):
    """A code that was asked for a phone number or an e-mail address, known to the operator or not."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=10, choices=Identifier.Kind.choices)
    value = models.CharField(max_length=254)
    digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    expires = models.DateTimeField(db_index=True)
    used = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("login code")
        verbose_name_plural = _("login codes")

    def __str__(self) -> str:
        return str(self.key)


class Bound(models.Model):
    """How often something was tried within one window of time; `key` is a digest of what is bounded."""

    key = models.CharField(max_length=64)
    start = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "start"], name="bound_once_a_window")]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
