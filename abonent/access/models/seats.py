"""Seats: a person in a role over a part of a client. They are what somebody acts from."""

from collections.abc import Collection
from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from abonent.access.models.people import Person
from abonent.access.models.roles import Role
from abonent.access.rights import CLIENT_RIGHTS, OPERATOR_RIGHTS, Right
from abonent.audit.journal import Actor
from abonent.clients.models import Account, Client
from abonent.lib import clock


class SeatQuerySet(models.QuerySet["Seat"]):
    def of(self, person: Person) -> Self:
        """The seats that `person` may take at this moment."""
        return self.in_force().filter(person=person).select_related("role", "client")

    def in_force(self) -> Self:
        """Seats that may be taken now: not blocked, within their dates, of an active person."""
        now = clock.now()
        begun = Q(valid_from__lte=now)
        not_over = Q(valid_to=None) | Q(valid_to__gt=now)
        return self.filter(begun, not_over, blocked=False, person__is_active=True)

    def lasting(self) -> Self:
        """Seats that are not over: in force, blocked for now, or yet to begin."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=clock.now()))

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
    # Who gave it; empty for what the operator set up.
    given_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="given_seats")

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
        return self.role.rights & (OPERATOR_RIGHTS if self.client_id is None else CLIENT_RIGHTS)

    def has(self, right: Right) -> bool:
        return right in self.rights

    @cached_property
    def _targets(self) -> frozenset[int]:
        return frozenset(self.targets.values_list("target", flat=True))

    def _bound(self, reach: "Seat.Reach") -> frozenset[int] | None:
        return self._targets if self.reach == reach else None

    @property
    def target_ids(self) -> frozenset[int]:
        """The ids of accounts, folders or subscribers, by the reach; none for the whole client."""
        return self._targets

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
    def is_narrow(self) -> bool:
        """Whether it sees single numbers (by folder, or by name) and no account as a whole, nor an account's money."""
        return self.reach in {self.Reach.FOLDERS, self.Reach.SUBSCRIBERS}

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
