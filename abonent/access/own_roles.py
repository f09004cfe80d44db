"""A client's own roles: making, changing and deleting them (V8). Nobody makes a role of more than they have."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from abonent.access.giving import Refusal, may_touch_all, may_use, too_much
from abonent.access.models import Invitation, Role, Seat, SeatTarget
from abonent.access.rights import BUILT_IN_NAMES, Right
from abonent.audit.journal import Origin, record
from abonent.lib import clock
from abonent.lib.search import search_key

# A client has a few dozen at most; whoever makes more is a script.
MAX_ROLES = 200


class RoleRefused(Exception):  # noqa: N818  # it is a refusal with a reason, told to a person
    """Why a role cannot be made, changed or deleted. Codes beside those of `giving`: `name`, `changed`, `held`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Wish:
    """What a role shall be; the limits are in numbers and in money per order, None is no limit."""

    name: str
    rights: frozenset[Right]
    max_rows: int | None = None
    max_cost: Decimal | None = None

    @classmethod
    def of(cls, role: Role) -> "Wish":
        return cls(role.name, role.rights, role.max_rows, role.max_cost)

    def told(self) -> dict[str, object]:
        """As the journal keeps it."""
        rights = [right.value for right in Right if right in self.rights]
        return {"name": self.name, "rights": rights, "max_rows": self.max_rows, "max_cost": self.max_cost}


def make(giver: Seat, wish: Wish, origin: Origin | None = None) -> Role:
    """Make a role of the giver's client; RoleRefused where it would have more than the giver, or its name is taken."""
    if giver.client is None:
        raise RoleRefused(Refusal("role", _("There is no such role.")))
    role = Role(client=giver.client, key=uuid.uuid4().hex)
    with transaction.atomic():
        if Role.objects.filter(client=giver.client).count() >= MAX_ROLES:
            raise RoleRefused(Refusal("many", _("There are too many roles: delete one that nobody has.")))
        _write(giver, role, wish)
        record(
            giver.actor(),
            "access.role-make",
            target=("role", role.pk, role.name),
            client_id=giver.client_id,
            after=wish.told(),
            origin=origin,
        )
    return role


def change(
    giver: Seat, role: Role, wish: Wish, version: int, *, seen: Collection[int] = (), origin: Origin | None = None
) -> Role:
    """Change `role` for everybody who has it, at once. `version` is the one that the giver read.

    `seen` are the single numbers within the giver's reach of those that people with this role are bound to.
    """
    with transaction.atomic():
        role = _locked(giver, role)
        refusal = may_change(giver, role, seen=seen)
        if refusal is not None:
            raise RoleRefused(refusal)
        if role.version != version:
            text = _("Somebody has changed this role since you opened it. Look at what it gives now, and decide again.")
            raise RoleRefused(Refusal("changed", text))
        before, after = Wish.of(role).told(), wish.told()
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return role
        role.version += 1
        _write(giver, role, wish)
        record(
            giver.actor(),
            "access.role-change",
            target=("role", role.pk, role.name),
            client_id=giver.client_id,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            origin=origin,
        )
    return role


def delete(giver: Seat, role: Role, origin: Origin | None = None) -> None:
    """Delete a role that nobody has and that no open invitation promises; else RoleRefused `held` says who."""
    with transaction.atomic():
        role = _locked(giver, role)
        names = holders(giver, role)
        if names:
            text = _("The role cannot be deleted, these people have it or are invited to it: %(names)s.")
            raise RoleRefused(Refusal("held", text % {"names": ", ".join(names)}))
        record(
            giver.actor(),
            "access.role-delete",
            target=("role", role.pk, role.name),
            client_id=giver.client_id,
            before=Wish.of(role).told(),
            origin=origin,
        )
        role.delete()


def holders(giver: Seat, role: Role) -> list[str]:
    """Who has the role at the giver's client (blocked or over, too), then who is invited to it; by name."""
    people = role.seats.filter(client=giver.client).order_by("person__name", "person_id")
    invited = open_invitations(role).filter(client=giver.client).order_by("name")
    return [*dict.fromkeys(people.values_list("person__name", flat=True)), *(invitation.name for invitation in invited)]


def roles_of(giver: Seat) -> list[Role]:
    """The roles that the giver's client has, the built-in ones first; none for the operator's staff."""
    return Role.objects.of(giver.client) if giver.client else []


def numbers_of_holders(role: Role) -> QuerySet[SeatTarget, int]:
    """The ids of the single numbers that people with this role are bound to."""
    bound = SeatTarget.objects.filter(seat__role=role, seat__reach=Seat.Reach.SUBSCRIBERS)
    return bound.order_by().values_list("target", flat=True)


def people_with(giver: Seat) -> dict[int, int]:
    """By the id of the role, how many people of the giver's client have it (blocked or over, too)."""
    seats = Seat.objects.filter(client=giver.client).order_by().values("role")
    return {row["role"]: row["people"] for row in seats.annotate(people=Count("person", distinct=True))}


def open_invitations(role: Role) -> QuerySet[Invitation]:
    """Those that may still be taken."""
    return role.invitations.filter(used=None, revoked=None, expires__gt=clock.now())


def _locked(giver: Seat, role: Role) -> Role:
    """The role as it is now, and nobody else's until the end; RoleRefused if it has what the giver lacks."""
    found = Role.objects.select_for_update().within(giver).filter(pk=role.pk).first()
    if found is None:
        raise RoleRefused(Refusal("role", _("There is no such role.")))
    refusal = _not_own(found) or may_use(giver, found)
    if refusal is not None:
        raise RoleRefused(refusal)
    return found


def _not_own(role: Role) -> Refusal | None:
    if role.client_id is not None:
        return None
    return Refusal("role", _("This role is built in. Copy it to make one of your own."))


def may_change(giver: Seat, role: Role, *, seen: Collection[int] = ()) -> Refusal | None:
    """Why `giver` may not change `role`: it has more than they do, or people with more reach have it; or None."""
    return _not_own(role) or may_use(giver, role) or may_touch_all(giver, role.seats.all(), seen=seen)


def _write(giver: Seat, role: Role, wish: Wish) -> None:
    refusal = too_much(giver, wish.rights, wish.max_rows, wish.max_cost) or _bad_name(role, wish.name)
    if refusal is not None:
        raise RoleRefused(refusal)
    role.own_name, role.own_rights = wish.name, [right.value for right in Right if right in wish.rights]
    role.max_rows, role.max_cost = wish.max_rows, wish.max_cost
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        # Somebody made one of this name in the meantime: the database has the last word.
        raise RoleRefused(_taken()) from error


def _bad_name(role: Role, name: str) -> Refusal | None:
    key = search_key(name)
    if not key:
        return Refusal("name", _("Give the role a name."))
    if key in _built_in_names():
        return Refusal("name", _("This is the name of a built-in role. Choose another one."))
    others = Role.objects.filter(client=role.client, name_key=key).exclude(pk=role.pk)
    return _taken() if others.exists() else None


def _taken() -> Refusal:
    return Refusal("name", _("There is a role of this name already. Choose another one."))


def _built_in_names() -> set[str]:
    """In every language: «Администратор» of one's own would pass for the built-in one."""
    names = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            names |= {search_key(str(name)) for name in BUILT_IN_NAMES.values()}
    return names
