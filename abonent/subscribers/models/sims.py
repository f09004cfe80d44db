from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.clients.models import Client


class SimCard(models.Model):
    """A SIM that the operator gave to a client; free while no subscriber holds it."""

    iccid = models.CharField("ICCID", max_length=22, unique=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="sims", verbose_name=_("client"))

    class Meta:
        verbose_name = _("SIM card")
        verbose_name_plural = _("SIM cards")

    def __str__(self) -> str:
        return self.iccid
