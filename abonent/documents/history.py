"""«История действий»: which entries of the journal a seat may read, how they are filtered, and their table (V6)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.access.devices import device_name
from abonent.access.models import Person, Seat
from abonent.audit.journal import entries
from abonent.audit.models import Entry
from abonent.clients.models import Account
from abonent.documents import journal_words as words
from abonent.documents.models import DocumentRequest
from abonent.formats.report import Column, Report, Row, Section
from abonent.formats.report import Kind as Cells
from abonent.lib import clock
from abonent.orders.models import Order, OrderItem
from abonent.profile import current as current_profile
from abonent.subscribers.models import Subscriber

_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the history is narrowed to: [since, until), the id of a person, a number as stored, the key of a kind."""

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    person: str = ""
    number: str = ""
    kind: str = ""
    refused: bool = False


def visible(seat: Seat) -> QuerySet[Entry]:
    """The whole journal of the client for a seat over all of it; else what the person did, and what was done within.

    A seat of the operator's reads the operator's own chain.
    """
    chain = entries(seat.client_id)
    if seat.client_id is None or seat.reach == Seat.Reach.CLIENT:
        return chain
    own = Q(actor_kind=Entry.ActorKind.PERSON, actor_id=str(seat.person_id))
    return chain.filter(own | _on("account", Account.objects.within(seat))
        | _on("subscriber", Subscriber.objects.within(seat))
        | _on("order", Order.objects.within(seat))
        | _on("document", DocumentRequest.objects.within(seat)))  # fmt: skip


def narrowed(found: QuerySet[Entry], seat: Seat, wanted: Wanted) -> QuerySet[Entry]:
    """Those of `found` that are wanted."""
    if wanted.since is not None:
        found = found.filter(at__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(at__lt=wanted.until)
    if wanted.person:
        found = found.filter(actor_kind=Entry.ActorKind.PERSON, actor_id=wanted.person)
    if wanted.refused:
        found = found.filter(result="refused")
    if wanted.number:
        found = found.filter(_about(seat, wanted.number))
    kind = next((kind for kind in words.KINDS if kind.key == wanted.kind), None)
    return found if kind is None else found.filter(_of(kind))


def _of(kind: words.Kind) -> Q:
    if kind.actions:
        return Q(action__in=kind.actions)
    logging_in = words.KINDS[0].actions
    packages = Q()
    for package in kind.packages:
        packages |= Q(action__startswith=f"{package}.")
    return packages & ~Q(action__in=logging_in)


def people(seat: Seat) -> list[tuple[str, str]]:
    """(id, name) of those who act for the client, to filter by; none for a seat that sees a part of it."""
    if seat.client_id is None or seat.reach != Seat.Reach.CLIENT:
        return []
    found = Person.objects.filter(seats__client_id=seat.client_id).distinct().order_by("name", "pk")
    return [(str(person.pk), person.name) for person in found]


def _on(kind: str, objects: QuerySet[Model]) -> Q:
    ids = objects.order_by().annotate(journal_id=Cast("pk", CharField())).values("journal_id")
    return Q(target_kind=kind, target_id__in=ids)


def _about(seat: Seat, number: str) -> Q:
    """What was done to whoever holds or held this number, alone or in an order; only of those that the seat may see."""
    lines = Subscriber.objects.within(seat).filter(Q(number=number) | Q(number_holdings__number=number))
    ids = list(lines.values_list("pk", flat=True).distinct()[:_CHUNK])
    ordered = OrderItem.objects.filter(subscriber_id__in=ids).values("order_id")
    orders = Order.objects.within(seat).filter(pk__in=ordered)
    return Q(target_kind="subscriber", target_id__in=list(map(str, ids))) | _on("order", orders)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry in the reader's language."""

    entry: Entry
    who: str
    role: str
    action: str
    target: str
    changes: tuple[tuple[str, str, str], ...]
    result: str
    address: str
    device: str

    @property
    def device_name(self) -> str:
        """The browser and the system, in words."""
        return device_name(self.device) if self.device else ""

    @property
    def changed(self) -> str:
        """The changes in one line: «name: Anna → Hanna»."""
        return "; ".join(_change(*change) for change in self.changes)


def told(entry: Entry) -> Told:
    """An entry with what stands beside it; what was erased stays empty."""
    beside = entry.beside
    return Told(
        entry=entry,
        who=beside.actor_label,
        role=beside.seat,
        action=words.action_name(entry.action),
        target=f"{words.target_name(entry.target_kind)} {beside.target_label}".strip() if entry.target_kind else "",
        changes=tuple(_changes(beside.before, beside.after)),
        result=words.result_name(entry.result),
        address=beside.address,
        device=beside.device,
    )


def _changes(before: dict[str, object], after: dict[str, object]) -> Iterator[tuple[str, str, str]]:
    """(field, before, after) of what differs or was said; in the order in which it was told."""
    for field in dict.fromkeys([*before, *after]):
        old, new = (words.value_text(field, side.get(field)) for side in (before, after))
        if old != new:
            yield words.field_name(field), old, new


def _change(field: str, old: str, new: str) -> str:
    return f"{field}: {old} → {new}" if old else f"{field}: {new}"


def report(found: QuerySet[Entry]) -> Report:
    """The entries of a queryset in its order, as a table; texts are in the language then active."""
    section = Section("history", "", _columns(), _rows(found))
    formed = clock.now().astimezone(current_profile().zone)
    return Report("history", _("History of actions"), get_language() or "en", (), (section,), formed)


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", _("No."), Cells.INTEGER, 8),
        Column("at", _("When"), Cells.DATETIME, 17),
        Column("who", _("Who"), Cells.TEXT, 24),
        Column("role", _("Role"), Cells.TEXT, 24),
        Column("action", _("Action"), Cells.TEXT, 26),
        Column("target", _("On what"), Cells.TEXT, 30),
        Column("changes", _("What changed"), Cells.TEXT, 40),
        Column("result", _("Result"), Cells.TEXT, 12),
        Column("address", _("Network address"), Cells.TEXT, 16),
        Column("device", _("Device"), Cells.TEXT, 30),
        Column("hash", _("Seal"), Cells.TEXT, 24),
    )


def _rows(found: QuerySet[Entry]) -> Iterator[Row]:
    zone = current_profile().zone
    for entry in found.iterator(chunk_size=_CHUNK):
        line = told(entry)
        yield (
            entry.sequence,
            entry.at.astimezone(zone),
            line.who or None,
            line.role or None,
            line.action,
            line.target or None,
            line.changed or None,
            line.result,
            line.address or None,
            line.device or None,
            entry.hash or None,
        )
