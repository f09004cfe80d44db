"""The current selection of a seat: what the next action is about. It waits there, also over a log-out (V2).

Only what the seat may see at the moment goes in, and is ever given out. Lines of any status are shown: an order refuses
those that are terminated and says so, row by row.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.models import Seat
from abonent.audit.journal import Origin, record
from abonent.clients.models import Account
from abonent.hierarchy.models import SelectedLine, Selection
from abonent.hierarchy.nodes import Ref
from abonent.hierarchy.tree import lines_below
from abonent.lib import clock
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

Narrowing = Callable[[SubscriberQuerySet], SubscriberQuerySet]

CURRENT = ""
SHORT = 20_000
# A seat keeps at most so many by name.
MOST_SAVED = 100

_INSERT = """INSERT INTO hierarchy_selectedline (selection_id, subscriber_id)
SELECT %s, chosen.id FROM ({lines}) AS chosen WHERE true ON CONFLICT DO NOTHING"""


class NameRefused(Exception):  # noqa: N818  # an answer to the person, not a mishap
    """A selection cannot be kept under this name; the text says why."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is put in or taken out: nodes with all below them, and (where there is a filter) all that it leaves."""

    refs: tuple[Ref, ...] = ()
    fitting: Narrowing | None = None


def lines(seat: Seat) -> SubscriberQuerySet:
    """The current selection, of what the seat sees now."""
    return _lines_of(seat, Selection.objects.within(seat).filter(name=CURRENT).first())


def _lines_of(seat: Seat, selection: Selection | None) -> SubscriberQuerySet:
    allowed = Subscriber.objects.within(seat)
    if selection is None:
        return allowed.none()
    held = SelectedLine.objects.filter(selection=selection)
    # A short list is looked up line by line; against a long one the lines of the accounts are read, which is three
    # times as quick at a hundred thousand.
    if held[SHORT : SHORT + 1].exists():
        return allowed.filter(Exists(held.filter(subscriber=OuterRef("pk"))))
    return allowed.filter(pk__in=held.values("subscriber"))


def add(seat: Seat, wanted: Wanted) -> int:
    """Put numbers in; how many came that were not there."""
    with _changing(seat) as selection:
        found = lines_below(seat, wanted.refs)
        if wanted.fitting is not None:
            found.append(wanted.fitting(Subscriber.objects.within(seat)))
        return sum(_insert(selection, some) for some in found)


def take_out(seat: Seat, wanted: Wanted) -> int:
    """Take numbers out; how many were there."""
    with _changing(seat) as selection:
        found = lines_below(seat, wanted.refs)
        if wanted.fitting is not None:
            found.append(wanted.fitting(_lines_of(seat, selection)))
        return sum(_delete(selection, some) for some in found)


def clear(seat: Seat) -> int:
    """Take everything out, also what the seat may no longer see."""
    with _changing(seat) as selection:
        gone, _kinds = SelectedLine.objects.filter(selection=selection).delete()
        return gone


@dataclass(frozen=True, slots=True)
class Summary:
    """What a selection holds: the accounts of its lines with how many lines each."""

    accounts: tuple[tuple[Account, int], ...] = ()

    @property
    def count(self) -> int:
        return sum(number for _account, number in self.accounts)

    @property
    def contracts(self) -> int:
        return len({account.contract_id for account, _number in self.accounts})

    @property
    def types(self) -> int:
        """How many kinds of accounts: mobile, fixed-line, SIP."""
        return len({account.kind for account, _number in self.accounts})

    @property
    def nature(self) -> str:
        """Whether all is of one contract and of one type, in words; empty for an empty selection."""
        if not self.accounts:
            return ""
        # Translators: «один контракт»
        one = _("one contract")
        several = ngettext("%(n)d contract", "%(n)d contracts", self.contracts) % {"n": self.contracts}
        # Translators: «однотиповая»
        alike = _("one type")
        unlike = _("different types")
        return f"{one if self.contracts == 1 else several}, {alike if self.types == 1 else unlike}"


def summary(seat: Seat) -> Summary:
    """What the current selection holds, in one grouped query."""
    grouped = lines(seat).order_by().values_list("account").annotate(numbers=Count("pk"))
    numbers = dict(grouped.values_list("account", "numbers"))
    accounts = Account.objects.reached_by(seat).filter(pk__in=numbers).select_related("contract")
    return Summary(tuple((account, numbers[account.pk]) for account in accounts))


def saved(seat: Seat) -> list[Selection]:
    """The selections kept by name, by name."""
    return list(Selection.objects.within(seat).exclude(name=CURRENT).order_by("name"))


def save(seat: Seat, name: str, origin: Origin | None = None) -> Selection:
    """Keep what the current selection holds under a name of its own; NameRefused where that cannot be."""
    name = _fitting(name)
    if Selection.objects.within(seat).count() > MOST_SAVED:
        raise NameRefused(_("There are too many saved selections. Delete one first."))
    with _unless_taken(), transaction.atomic():
        kept = Selection.objects.create(seat=seat, name=name)
        numbers = _insert(kept, lines(seat))
        _note(kept, "selection.save", origin, after={"name": name, "numbers": numbers})
    return kept


def restore(seat: Seat, kept: Selection) -> int:
    """Make a saved selection the current one, in the place of what was there; how many lines it has."""
    with _changing(seat) as selection:
        SelectedLine.objects.filter(selection=selection).delete()
        return _insert(selection, _lines_of(seat, kept))


def rename(kept: Selection, name: str, origin: Origin | None = None) -> None:
    """Give a saved selection another name; NameRefused where that cannot be."""
    before, kept.name = kept.name, _fitting(name)
    with _unless_taken(), transaction.atomic():
        kept.save(update_fields=["name"])
        _note(kept, "selection.rename", origin, before={"name": before}, after={"name": kept.name})


def forget(kept: Selection, origin: Origin | None = None) -> None:
    """Delete a saved selection; its numbers stay where they are."""
    with transaction.atomic():
        _note(kept, "selection.forget", origin, before={"name": kept.name})
        kept.delete()


@contextmanager
def _changing(seat: Seat) -> Iterator[Selection]:
    """The current selection, locked: two who change it at once do so one after the other."""
    with transaction.atomic():
        selection, _made = Selection.objects.get_or_create(seat=seat, name=CURRENT)
        locked = Selection.objects.select_for_update().get(pk=selection.pk)
        locked.changed = clock.now()
        locked.save(update_fields=["changed"])
        yield locked


def _insert(selection: Selection, lines: SubscriberQuerySet) -> int:
    """Let the database itself copy what is not there yet: no id comes up here, be they ten or a hundred thousand."""
    try:
        inner, values = lines.order_by().values("id").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_INSERT.format(lines=inner), [selection.pk, *values])
        return int(cursor.rowcount)


def _delete(selection: Selection, lines: SubscriberQuerySet) -> int:
    inner = lines.order_by().values("pk")
    gone, _kinds = SelectedLine.objects.filter(selection=selection, subscriber__in=inner).delete()
    return gone


def _fitting(name: str) -> str:
    """A name without blanks around it; NameRefused for none, or one that is too long."""
    name = name.replace("\0", "").strip()
    if not name:
        raise NameRefused(_("Give the selection a name."))
    longest = Selection._meta.get_field("name").max_length  # noqa: SLF001  # Django's documented name
    if longest is not None and len(name) > longest:
        raise NameRefused(_("The name is too long: at most %(n)d characters.") % {"n": longest})
    return name


@contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise NameRefused(_("There is a selection of this name already.")) from error


def _note(
    kept: Selection,
    action: str,
    origin: Origin | None,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    target = ("selection", kept.pk, kept.name)
    record(
        kept.seat.actor(),
        action,
        target=target,
        client_id=kept.seat.client_id,
        before=before,
        after=after,
        origin=origin,
    )
