"""Nobody gives what they don't have, nor over more than they reach (V8): the one place that decides it."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.models import Role, Seat, SeatTarget
from abonent.access.models.seats import SeatQuerySet
from abonent.access.rights import RIGHT_NAMES, BuiltIn, Right
from abonent.clients.models import Account, Folder

Reach = Seat.Reach

# The targets of a seat are read with it at each request: whoever reaches more gets a folder, an account or all.
MAX_TARGETS = 1000
# With one of these a limit of the role means something.
BOUND_BY_LIMITS = frozenset(
    {
        Right.CHANGE_SERVICES,
        Right.CHANGE_TARIFFS,
        Right.CHANGE_NUMBERS,
        Right.CHANGE_NAMES,
        Right.TERMINATE,
        Right.APPROVE_ORDERS,
    }
)
# What a seat of one reach can give. A folder may hold numbers of any account, so who has accounts gives no folder, and
# who has all accounts of today does not have the whole client of tomorrow.
NARROWER: dict[Reach, tuple[Reach, ...]] = {
    Reach.CLIENT: (Reach.CLIENT, Reach.ACCOUNTS, Reach.FOLDERS, Reach.SUBSCRIBERS),
    Reach.ACCOUNTS: (Reach.ACCOUNTS, Reach.SUBSCRIBERS),
    Reach.FOLDERS: (Reach.FOLDERS, Reach.SUBSCRIBERS),
    Reach.SUBSCRIBERS: (Reach.SUBSCRIBERS,),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: `code` for code, `message` for the person, in their language.

    Codes: `role` (no such role here), `rights`, `rows`, `cost` (the role exceeds the giver's own), `reach` (over more
    than the giver reaches), `target` (there is no such account, folder or number), `nothing` and `many` (too few and
    too many targets), `until` (longer than the giver's own seat lasts).
    """

    code: str
    message: str


def may_give(
    giver: Seat,
    role: Role,
    reach: Reach,
    targets: Collection[int],
    *,
    seen: Collection[int] = (),
    until: dt.datetime | None = None,
) -> Refusal | None:
    """Whether `giver` may seat somebody in `role` over `targets` until `until` (None: for ever); None if so (V8).

    `targets` are ids of accounts, folders or subscribers by `reach`; none for the whole client. Of single numbers,
    `seen` are those that exist for the giver: `Subscriber.objects.within(giver).filter(pk__in=targets)`, which the
    caller asks, since `access` knows no subscribers. An id of another client is refused like one that does not exist.
    Ask it again when an invitation is taken: the giver may have lost since what they promised then.
    """
    # Whoever asks has read the role a while ago: it may be deleted by now.
    gone = None if Role.objects.within(giver).filter(pk=role.pk).exists() else no_role()
    scope = frozenset(targets), frozenset(seen)
    return gone or may_use(giver, role) or _may_reach(giver, reach, *scope) or _lasts(giver, until)


def may_touch(giver: Seat, seat: Seat, *, seen: Collection[int] = ()) -> Refusal | None:
    """Whether `giver` may block, change or remove `seat`: one that is not wider in rights, limits or scope (V8).

    `seen` as in `may_give`, of the seat's own numbers. A seat of another client is refused as `target`.
    """
    if seat.client_id is None or seat.client_id != giver.client_id:
        return _unknown()
    missing = _exceeds(giver, seat.role)
    if missing is not None or giver.reach == Reach.CLIENT:
        # Whoever has the whole client also clears away a seat whose folder is gone.
        return missing
    reach = Reach(seat.reach)
    if reach not in NARROWER[Reach(giver.reach)] or _foreign(giver, reach, seat.target_ids, frozenset(seen)):
        return Refusal("reach", _("This person reaches more than you do."))
    return None


def may_touch_all(giver: Seat, seats: SeatQuerySet, *, seen: Collection[int] = ()) -> Refusal | None:
    """Whether none of `seats` (of the giver's client) reaches more than the giver: in a few queries however many."""
    own = Reach(giver.reach)
    if own == Reach.CLIENT:
        return None
    wider = seats.exclude(reach__in=NARROWER[own]).exists()
    for reach in NARROWER[own]:
        ids = SeatTarget.objects.filter(seat__in=seats.filter(reach=reach)).values_list("target", flat=True)
        wider = wider or bool(_foreign(giver, reach, frozenset(ids), frozenset(seen)))
    return Refusal("reach", _("People who reach more than you do have this role.")) if wider else None


def may_touch_promised(
    giver: Seat, promised: Iterable[tuple[Reach, Iterable[int]]], *, seen: Collection[int] = ()
) -> Refusal | None:
    """Whether none of what is `promised` (reach and targets of open invitations) reaches more than the giver."""
    own = Reach(giver.reach)
    if own == Reach.CLIENT:
        return None
    for reach, targets in promised:
        if reach not in NARROWER[own] or _foreign(giver, reach, frozenset(targets), frozenset(seen)):
            return Refusal("reach", _("Somebody who is to reach more than you do is invited to this role."))
    return None


def may_use(giver: Seat, role: Role) -> Refusal | None:
    """Whether `giver` may give `role` at all, make it or change it: they have all that it has (V8)."""
    if not is_offered(giver, role):
        return no_role()
    return _exceeds(giver, role)


def no_role() -> Refusal:
    return Refusal("role", _("There is no such role."))


def is_offered(giver: Seat, role: Role) -> bool:
    """Whether `role` exists for the giver's client: one of its own, or a built-in one that is not the operator's."""
    if giver.client_id is None:
        return False
    return role.client_id == giver.client_id if role.client_id else role.key != BuiltIn.OPERATOR


def givable(giver: Seat) -> list[Role]:
    """The roles that `giver` may give, the built-in ones first; for the choice in a form."""
    return [role for role in Role.objects.of(giver.client) if may_use(giver, role) is None] if giver.client else []


def givable_reaches(giver: Seat) -> tuple[Reach, ...]:
    """Over what kinds of things `giver` may seat somebody, the widest first."""
    return NARROWER[Reach(giver.reach)]


def _exceeds(giver: Seat, role: Role) -> Refusal | None:
    return too_much(giver, role.rights, role.max_rows, role.max_cost)


def too_much(giver: Seat, rights: Collection[Right], max_rows: int | None, max_cost: Decimal | None) -> Refusal | None:
    """Whether rights with limits are more than the giver has (`rights`, `rows`, `cost`)."""
    missing = [right for right in Right if right in rights and not giver.has(right)]
    if missing:
        names = ", ".join(str(RIGHT_NAMES[right]) for right in missing)
        return Refusal("rights", _("You do not have these rights yourself: %(rights)s.") % {"rights": names})
    return _over_limits(giver, rights, max_rows, max_cost)


def _over_limits(
    giver: Seat, rights: Collection[Right], max_rows: int | None, max_cost: Decimal | None
) -> Refusal | None:
    """Of no weight where nothing is ordered."""
    if not BOUND_BY_LIMITS.intersection(rights):
        return None
    own = giver.role
    if own.max_rows is not None and (max_rows is None or max_rows > own.max_rows):
        text = ngettext(
            "Your own orders need approval above %(count)d number: this role may not have a higher limit, or none.",
            "Your own orders need approval above %(count)d numbers: this role may not have a higher limit, or none.",
            own.max_rows,
        )
        return Refusal("rows", text % {"count": own.max_rows})
    if own.max_cost is not None and (max_cost is None or max_cost > own.max_cost):
        text = _("Your own orders need approval above %(cost)s: this role may not have a higher limit, or none.")
        return Refusal("cost", text % {"cost": own.max_cost})
    return None


def _may_reach(giver: Seat, reach: Reach, targets: frozenset[int], seen: frozenset[int]) -> Refusal | None:
    if reach not in NARROWER[Reach(giver.reach)]:
        allowed = ", ".join(str(other.label) for other in NARROWER[Reach(giver.reach)])
        text = _("You do not reach that much yourself. You can give a role over: %(reaches)s.")
        return Refusal("reach", text % {"reaches": allowed})
    if reach == Reach.CLIENT:
        return None
    if not targets:
        return Refusal("nothing", _("Choose at least one account, folder or number."))
    if len(targets) > MAX_TARGETS:
        text = _("Choose at most %(count)d; for more, choose a folder, an account or the whole client.")
        return Refusal("many", text % {"count": MAX_TARGETS})
    return _unknown() if _foreign(giver, reach, targets, seen) else None


def _foreign(giver: Seat, reach: Reach, targets: frozenset[int], seen: frozenset[int]) -> frozenset[int]:
    """Those of `targets` that the giver does not reach."""
    if reach == Reach.CLIENT:
        return frozenset()
    if reach == Reach.ACCOUNTS:
        return targets.difference(Account.objects.within(giver).values_list("pk", flat=True))
    if reach == Reach.FOLDERS:
        return targets.difference(Folder.objects.within(giver).values_list("pk", flat=True))
    # A seat of single numbers knows its own, whatever the caller saw.
    own = giver.subscriber_ids
    return targets - (seen if own is None else seen & own)


def _unknown() -> Refusal:
    return Refusal("target", _("There is no such account, folder or number."))


def _lasts(giver: Seat, until: dt.datetime | None) -> Refusal | None:
    if giver.valid_to is None or (until is not None and until <= giver.valid_to):
        return None
    return Refusal("until", _("Your own role ends earlier: set an end that is not later than yours."))
