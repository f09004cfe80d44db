"""Invitations: a link, sent by letter or message, with which somebody takes a seat; once, and not for ever."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.access.models.people import Identifier, Person
from abonent.access.models.roles import Role
from abonent.access.models.seats import Seat
from abonent.clients.models import Client
from abonent.lib import clock, phones


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def within(self, seat: Seat) -> Self:
        """The invitations that `seat` may see: all of its client for the whole client, else those of its person."""
        if seat.client_id is None:
            return self.none()
        found = self.filter(client_id=seat.client_id)
        return found if seat.reach == Seat.Reach.CLIENT else found.filter(by_id=seat.person_id)

    def pending(self) -> Self:
        """Those that nobody has taken or revoked; their link may have expired, and can be sent again."""
        return self.filter(used=None, revoked=None)


class Invitation(models.Model):
    """Whoever proves `value` may take a seat in `role`; the link itself is kept as a digest alone."""

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="invitations")
    by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Identifier.Kind.choices)
    value = models.CharField(max_length=254)
    name = models.CharField(_("name"), max_length=200)
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("role"))
    reach = models.CharField(_("reach"), max_length=12, choices=Seat.Reach.choices)
    # Ids of accounts, folders or subscribers, by the reach.
    targets = models.JSONField(default=list)
    valid_from = models.DateTimeField(_("from"), null=True, blank=True)
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(default=clock.now, editable=False)
    expires = models.DateTimeField(_("expires"))
    used = models.DateTimeField(null=True, editable=False)
    revoked = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"

    @property
    def shown(self) -> str:
        """The number or address as people read it."""
        return phones.pretty(self.value) if self.kind == Identifier.Kind.PHONE else self.value

    @property
    def is_expired(self) -> bool:
        return self.expires <= clock.now()
