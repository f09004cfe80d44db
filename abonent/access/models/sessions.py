"""Open sessions, codes that were sent, and how often something was tried."""

import uuid

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.access.models.people import Identifier, Person
from abonent.lib import clock


class LoginSession(AbstractBaseSession):
    """A session that knows whose it is, so that it can be ended when that person loses the log-in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="sessions")
    # The id of the identifier that it was opened with; 0 for a passkey, None where that is not known.
    via = models.BigIntegerField(null=True, editable=False)
    opened = models.DateTimeField(_("opened"), default=clock.now)
    # When it was last used, to the minute, and from where: what its owner sees of it.
    seen = models.DateTimeField(_("last used"), default=clock.now)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    device = models.CharField(_("device"), max_length=200, blank=True)

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
