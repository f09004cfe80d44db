"""E-mail addresses that a person proved for a client, besides those they log in by."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.access.models.people import Person
from abonent.access.models.seats import Seat
from abonent.clients.models import Client
from abonent.lib import clock


class ProvenAddressQuerySet(models.QuerySet["ProvenAddress"]):
    def within(self, seat: Seat) -> Self:
        """The seat's own person's, for its client; nobody sees those of somebody else."""
        return self.filter(person_id=seat.person_id, client_id=seat.client_id)


class ProvenAddress(models.Model):
    """Somebody who acts for `client` read a code that was sent to `email`: documents of the client may go there."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="proven_addresses")
    email = models.CharField(_("e-mail address"), max_length=254)
    at = models.DateTimeField(_("confirmed"), default=clock.now)

    objects = ProvenAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmed address")
        verbose_name_plural = _("confirmed addresses")
        ordering = ["email"]
        constraints = [models.UniqueConstraint(fields=["client", "person", "email"], name="proven_address_once")]

    def __str__(self) -> str:
        return self.email
