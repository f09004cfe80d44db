"""A client's own roles: making, changing and deleting them (V8). Nobody makes a role of more than they have."""

import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from abonent.access.giving import Refusal, may_touch_all, may_touch_promised, may_use, no_role, too_much
from abonent.access.grants import RefusedError
from abonent.access.keeping import keeping_administrators
from abonent.access.models import Invitation, Role, Seat, SeatTarget
from abonent.access.rights import BUILT_IN_NAMES, Right
from abonent.access.seating import client_of
from abonent.audit.journal import Origin, record
from abonent.lib import clock
from abonent.lib.search import search_key

# A client has a few dozen at most; whoever makes more is a script.
MAX_ROLES = 200


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
    """Make a role of the giver's client; RefusedError where it would have more than the giver, or its name is taken."""
    with _acting(giver) as now:
        role = Role(client=now.client, key=uuid.uuid4().hex)
        if Role.objects.filter(client=now.client, deleted=None).count() >= MAX_ROLES:
            raise RefusedError(Refusal("many", _("There are too many roles: delete one that nobody has.")))
        _write(now, role, wish)
        record(
            now.actor(),
            "access.role-make",
            target=("role", role.pk, role.name),
            client_id=now.client_id,
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
    with _acting(giver) as now:
        role = _current(now, role)
        refusal = may_change(now, role, seen=seen)
        if refusal is not None:
            raise RefusedError(refusal)
        if role.version != version:
            text = _("Somebody has changed this role since you opened it. Look at what it gives now, and decide again.")
            raise RefusedError(Refusal("changed", text))
        before, after = Wish.of(role).told(), wish.told()
        changed = [name for name in after if after[name] != before[name]]
        if not changed:
            return role
        role.version += 1
        _write(now, role, wish)
        record(
            now.actor(),
            "access.role-change",
            target=("role", role.pk, role.name),
            client_id=now.client_id,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            origin=origin,
        )
    return role


def delete(giver: Seat, role: Role, origin: Origin | None = None) -> None:
    """Delete a role that nobody has and that no open invitation promises; else RefusedError `held` says who.

    It is kept for what it was: seats that are over, and invitations that were taken, name it.
    """
    with _acting(giver) as now:
        role = _current(now, role)
        names = holders(now, role)
        if names:
            text = _("The role cannot be deleted, these people have it or are invited to it: %(names)s.")
            raise RefusedError(Refusal("held", text % {"names": ", ".join(names)}))
        record(
            now.actor(),
            "access.role-delete",
            target=("role", role.pk, role.name),
            client_id=now.client_id,
            before=Wish.of(role).told(),
            origin=origin,
        )
        role.deleted = clock.now()
        role.save(update_fields=["deleted"])


def holders(giver: Seat, role: Role) -> list[str]:
    """Who has the role at the giver's client (blocked, too), then who is invited to it; by name."""
    people = role.seats.lasting().filter(client=giver.client).order_by("person__name", "person_id")
    invited = open_invitations(role).filter(client=giver.client).order_by("name")
    return [*dict.fromkeys(people.values_list("person__name", flat=True)), *(invitation.name for invitation in invited)]


def roles_of(giver: Seat) -> list[Role]:
    """The roles that the giver's client has, the built-in ones first; none for the operator's staff."""
    return Role.objects.of(giver.client) if giver.client else []


def numbers_of_holders(role: Role) -> set[int]:
    """The ids of the single numbers that people with this role, and those invited to it, are bound to."""
    bound = SeatTarget.objects.filter(seat__role=role, seat__reach=Seat.Reach.SUBSCRIBERS)
    promised = open_invitations(role).filter(reach=Seat.Reach.SUBSCRIBERS)
    return {*bound.values_list("target", flat=True), *(target for one in promised for target in one.targets)}


def people_with(giver: Seat) -> dict[int, int]:
    """By the id of the role, how many people of the giver's client have it (blocked, too)."""
    seats = Seat.objects.lasting().filter(client=giver.client).order_by().values("role")
    return {row["role"]: row["people"] for row in seats.annotate(people=Count("person", distinct=True))}


def open_invitations(role: Role) -> QuerySet[Invitation]:
    """Those that may still be taken."""
    return role.invitations.filter(used=None, revoked=None, expires__gt=clock.now())


@contextmanager
def _acting(giver: Seat) -> Iterator[Seat]:
    """The giver as they are now: whoever lost the right meanwhile is refused. One at a time at each client.

    As a role may be what lets somebody manage people, the client is not left without such a person.
    """
    with keeping_administrators(client_of(giver)):
        now = Seat.objects.in_force().select_related("role", "person", "client").filter(pk=giver.pk).first()
        if now is None or not now.has(Right.MANAGE_ROLES):
            raise RefusedError(Refusal("giver", _("You do not make roles here any more.")))
        yield now


def _current(giver: Seat, role: Role) -> Role:
    """The role as it is now; RefusedError if it is not the giver's client's own, or has what the giver lacks."""
    found = Role.objects.within(giver).filter(pk=role.pk).first()
    refusal = no_role() if found is None else _not_own(found) or may_use(giver, found)
    if found is None or refusal is not None:
        raise RefusedError(refusal or no_role())
    return found


def _not_own(role: Role) -> Refusal | None:
    if role.client_id is not None:
        return None
    return Refusal("role", _("This role is built in. Copy it to make one of your own."))


def may_change(giver: Seat, role: Role, *, seen: Collection[int] = ()) -> Refusal | None:
    """Why `giver` may not change `role`, or None.

    It has more than they do, or people with more reach have it or are invited to it: whoever invited them vouches for
    the role as it will be then.
    """
    promised = [(Seat.Reach(one.reach), one.targets) for one in open_invitations(role)]
    return (
        _not_own(role)
        or may_use(giver, role)
        or may_touch_all(giver, role.seats.lasting(), seen=seen)
        or may_touch_promised(giver, promised, seen=seen)
    )


def _write(giver: Seat, role: Role, wish: Wish) -> None:
    refusal = too_much(giver, wish.rights, wish.max_rows, wish.max_cost) or _bad_name(role, wish.name)
    if refusal is not None:
        raise RefusedError(refusal)
    role.own_name, role.own_rights = wish.name, [right.value for right in Right if right in wish.rights]
    role.max_rows, role.max_cost = wish.max_rows, wish.max_cost
    try:
        with transaction.atomic():
            role.save()
    except IntegrityError as error:
        # Somebody made one of this name in the meantime: the database has the last word.
        raise RefusedError(_taken()) from error


def _bad_name(role: Role, name: str) -> Refusal | None:
    key = search_key(name)
    if not key:
        return Refusal("name", _("Give the role a name."))
    if key in _built_in_names():
        return Refusal("name", _("This is the name of a built-in role. Choose another one."))
    others = Role.objects.filter(client=role.client, name_key=key, deleted=None).exclude(pk=role.pk)
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
