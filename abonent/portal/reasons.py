"""Why somebody may, in words: over what their seat is, and how that covers the place that is asked about (V8)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.giving import BOUND_BY_LIMITS
from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.access.who_may import Answer, State
from abonent.hierarchy.paths import Paths

BADGES = {State.NOW: "good", State.BLOCKED: "bad", State.TO_COME: "idle"}
# That many are named one by one.
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the answer: names of accounts and folders that they do not see are not given away."""

    accounts: dict[int, str]
    paths: Paths
    folder: int | None = None

    @classmethod
    def of(cls, seat: Seat, paths: Paths, folder: int | None) -> "Reader":
        return cls({account.pk: account.number for account in seat.accounts}, paths, folder)


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One line of the answer."""

    answer: Answer
    why: str
    state: str
    badge: str
    limited: Role | None

    @property
    def seat(self) -> Seat:
        return self.answer.seat

    @property
    def out(self) -> bool:
        return self.answer.state != State.NOW


def reasoned(answer: Answer, right: Right, reader: Reader) -> Reasoned:
    """The limits are named where they bear upon `right`."""
    role = answer.seat.role
    limited = right in BOUND_BY_LIMITS and (role.max_rows is not None or role.max_cost is not None)
    state = {
        State.NOW: _("in force"),
        State.BLOCKED: _("blocked"),
        State.TO_COME: _("not begun"),
    }[answer.state]
    return Reasoned(answer, _why(answer, reader), state, BADGES[answer.state], role if limited else None)


def _why(answer: Answer, reader: Reader) -> str:
    reach = Seat.Reach(answer.seat.reach)
    if reach == Seat.Reach.CLIENT:
        return _("Over the whole client.")
    said = {
        Seat.Reach.ACCOUNTS: _over_accounts,
        Seat.Reach.FOLDERS: _over_folders,
        Seat.Reach.SUBSCRIBERS: _over_numbers,
    }[reach](answer, reader)
    return said if answer.whole else f"{said} {_('Only a part of what you ask about.')}"


def _over_accounts(answer: Answer, reader: Reader) -> str:
    names = [reader.accounts[pk] for pk in answer.through if pk in reader.accounts]
    count = len(answer.through)
    text = ngettext("Over account %(names)s.", "Over accounts %(names)s.", count)
    return text % {"names": _listed(names, count)} if names else _("Over other accounts.")


def _over_folders(answer: Answer, reader: Reader) -> str:
    if answer.whole and reader.folder is not None:
        return _over_folder_above(answer, reader, reader.folder)
    names = [reader.paths.path(pk) for pk in answer.through if pk in reader.paths.folders]
    count = len(answer.through)
    text = ngettext("Over folder “%(names)s” with all below.", "Over folders “%(names)s” with all below.", count)
    return text % {"names": _listed(names, count)} if names else _("Over a folder that you do not see.")


def _over_folder_above(answer: Answer, reader: Reader, folder: int) -> str:
    """Of a folder that is asked about: it is their own, or one above it."""
    below = reader.paths.folders[folder].name
    if folder in answer.through:
        return _("Over folder “%(name)s” with all below.") % {"name": reader.paths.path(folder)}
    known = [reader.paths.path(pk) for pk in answer.through if pk in reader.paths.folders]
    if not known:
        return _("Over a folder above “%(below)s”.") % {"below": below}
    return _("Over folder “%(name)s”, above “%(below)s”.") % {"name": _listed(known, len(known)), "below": below}


def _over_numbers(answer: Answer, _reader: Reader) -> str:
    if answer.whole:
        return _("Over this number.")
    count = len(answer.through)
    return ngettext("Over %(count)d single number.", "Over %(count)d single numbers.", count) % {"count": count}


def _listed(names: list[str], count: int) -> str:
    shown = names[:_NAMED]
    more = count - len(shown)
    if not more:
        return ", ".join(shown)
    rest = _("%(count)d more") % {"count": more}
    return ", ".join([*shown, rest])
