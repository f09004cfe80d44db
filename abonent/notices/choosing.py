"""What a seat wants to be told of, and how; and choosing it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from abonent.access.models import Seat
from abonent.audit.journal import Origin, record
from abonent.notices.kinds import RULES, Channel, Kind, offered
from abonent.notices.models import Choice


@dataclass(frozen=True, slots=True)
class Wanted:
    """How one kind is told; `figures` are those that are set, by key."""

    channels: frozenset[Channel]
    figures: Mapping[str, Decimal] = field(default_factory=dict)

    def told(self) -> dict[str, object]:
        """As the journal keeps it."""
        by = {
            "on_page": Channel.PAGE in self.channels,
            "by_mail": Channel.MAIL in self.channels,
            "by_sms": Channel.SMS in self.channels,
        }
        return {**by, **{key: str(value) for key, value in self.figures.items()}}


def by_default(kind: Kind) -> Wanted:
    rule = RULES[kind]
    known = {figure.key: figure.default() for figure in rule.figures}
    return Wanted(rule.default, {key: value for key, value in known.items() if value is not None})


def wanted(seats: Collection[int], kind: Kind) -> dict[int, Wanted]:
    """By seat, for all of these in one query."""
    chosen = {row.seat_id: _read(row) for row in Choice.objects.filter(seat__in=seats, kind=kind)}
    default = by_default(kind)
    return {seat: chosen.get(seat, default) for seat in seats}


def choices_of(seat: Seat) -> dict[Kind, Wanted]:
    """Of each kind that this seat is offered."""
    chosen = {Kind(row.kind): _read(row) for row in Choice.objects.filter(seat=seat)}
    return {kind: chosen.get(kind) or by_default(kind) for kind in offered(seat)}


def choose(seat: Seat, wishes: Mapping[Kind, Wanted], origin: Origin | None = None) -> bool:
    """Take these choices, of kinds that are offered (KeyError for another); False where nothing changes."""
    with transaction.atomic():
        Seat.objects.select_for_update().get(pk=seat.pk)
        before = choices_of(seat)
        changed = {kind: wish for kind, wish in wishes.items() if wish != before[kind]}
        for kind, wish in changed.items():
            _write(seat, kind, wish)
        if changed:
            record(
                seat.actor(),
                "notices.choose",
                target=("seat", seat.pk, seat.label),
                client_id=seat.client_id,
                before={kind.value: before[kind].told() for kind in changed},
                after={kind.value: wish.told() for kind, wish in changed.items()},
                origin=origin,
            )
    return bool(changed)


def _write(seat: Seat, kind: Kind, wish: Wanted) -> None:
    Choice.objects.update_or_create(
        seat=seat,
        kind=kind,
        defaults={
            "on_page": Channel.PAGE in wish.channels,
            "by_mail": Channel.MAIL in wish.channels,
            "by_sms": Channel.SMS in wish.channels,
            "figures": {key: str(value) for key, value in wish.figures.items()},
        },
    )


def _read(row: Choice) -> Wanted:
    ways = {Channel.PAGE: row.on_page, Channel.MAIL: row.by_mail, Channel.SMS: row.by_sms}
    figures = {key: Decimal(value) for key, value in row.figures.items()}
    return Wanted(frozenset(channel for channel, chosen in ways.items() if chosen), figures)
