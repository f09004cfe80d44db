"""Named sets of rights: those of the seeds, and a client's own (V8)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from abonent.access.rights import BUILT_IN_DESCRIPTIONS, BUILT_IN_NAMES, BUILT_IN_RIGHTS, BuiltIn, Right
from abonent.clients.models import Client
from abonent.clients.scope import Scope
from abonent.lib.search import search_key


class RoleQuerySet(models.QuerySet["Role"]):
    def built_in(self, key: BuiltIn) -> "Role":
        """Return the role of the seeds with this key; its rights are those of the table in `rights.py`."""
        return self.get_or_create(key=key, client=None)[0]

    def within(self, scope: Scope) -> Self:
        """Return the roles that exist for a seat: those of the seeds and its client's own; none for the operator's."""
        if scope.client_id is None:
            return self.none()
        built_in = Q(client=None) & ~Q(key=BuiltIn.OPERATOR)
        return self.filter(built_in | Q(client_id=scope.client_id), deleted=None)

    def of(self, client: Client) -> "list[Role]":
        """Return the roles that `client` has: those of the seeds, then its own by name."""
        order = [key.value for key in BuiltIn]
        built_in = Q(client=None) & ~Q(key=BuiltIn.OPERATOR)
        found = self.filter(built_in | Q(client=client), deleted=None)
        return sorted(
            found, key=lambda role: (order.index(role.key), "") if role.is_built_in else (len(order), role.name_key)
        )


class Role(models.Model):
    """A named set of rights: built in (no client; rights from the table) or a client's own (rights in the row)."""

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="roles", verbose_name=_("client")
    )
    key = models.CharField(_("key"), max_length=40)
    own_name = models.CharField(_("name"), max_length=80, blank=True)
    # As it is compared: a client has no two roles that read alike.
    name_key = models.TextField(editable=False, blank=True)
    own_rights = models.JSONField(_("rights"), default=list, blank=True)
    # An order beyond these needs a second person's approval (S17); empty is no limit. Built-in roles have none.
    max_rows = models.PositiveIntegerField(_("numbers in one order"), null=True, blank=True)
    max_cost = models.DecimalField(_("cost of one order"), max_digits=12, decimal_places=2, null=True, blank=True)

    # Counts the changes: whoever saves what they read before another's change is told.
    version = models.PositiveIntegerField(default=1, editable=False)
    # A deleted one is kept: seats that are over name it. Nobody has it or is given it any more.
    deleted = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(client=None), name="role_built_in_once"),
            models.UniqueConstraint(fields=["client", "key"], name="role_key_once_a_client"),
            models.UniqueConstraint(
                fields=["client", "name_key"],
                condition=Q(client__isnull=False, deleted=None),
                name="role_name_once_a_client",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = search_key(self.own_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    @property
    def name(self) -> str:
        return str(BUILT_IN_NAMES[BuiltIn(self.key)]) if self.client_id is None else self.own_name

    @property
    def is_built_in(self) -> bool:
        return self.client_id is None

    @property
    def description(self) -> str:
        return str(BUILT_IN_DESCRIPTIONS[BuiltIn(self.key)]) if self.client_id is None else ""

    @property
    def rights(self) -> frozenset[Right]:
        """A right that no longer exists, or is the operator's, is not given by a client's own role."""
        if self.client_id is None:
            return BUILT_IN_RIGHTS[BuiltIn(self.key)]
        return frozenset(right for right in Right if right in self.own_rights and not right.is_operators)
