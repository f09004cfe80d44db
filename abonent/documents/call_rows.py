"""The calls themselves, streamed from the store: subscriber by subscriber as the summary has them, each by time."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.catalog.models import Direction, Zone
from abonent.clients.models import Account
from abonent.documents.call_params import CallParams
from abonent.documents.call_sums import Summary
from abonent.documents.masking import masked
from abonent.formats.report import Column, Kind, Row, Section
from abonent.formats.text import cached
from abonent.lib.money import from_micros
from abonent.profile import current as current_profile
from abonent.usage.layout import Charge
from abonent.usage.queries import records

_COLUMNS = (
    "number",
    "started",
    "direction",
    "peer",
    "charge",
    "zone",
    "seconds",
    "messages",
    "bytes",
    "amount_micros",
)


def calls_section(account: Account, asked: CallParams, summary: Summary) -> Section:
    """Every call of the period; the last row adds up what was streamed."""
    return Section("calls", _("Calls, messages and data"), _columns(summary.digits), _rows(account, asked, summary))


def _columns(digits: int) -> tuple[Column, ...]:
    return (
        Column("subscriber", _("Number"), Kind.PHONE, 18),
        Column("started", _("Date and time"), Kind.DATETIME, 19),
        Column("direction", _("Direction"), Kind.TEXT, 10),
        Column("peer", _("Other side"), Kind.PHONE, 18),
        Column("charge", _("Kind of charge"), Kind.TEXT, 24),
        Column("zone", _("Zone"), Kind.TEXT, 22),
        Column("duration", _("Duration"), Kind.DURATION, 9),
        Column("messages", _("Messages"), Kind.INTEGER, 6),
        Column("volume", _("MB"), Kind.VOLUME, 10),
        Column("cost", _("Cost"), Kind.AMOUNT, 10, digits),
    )


def _rows(account: Account, asked: CallParams, summary: Summary) -> Iterator[Row]:
    """Column by column, so that what a row costs is spent in C."""
    local = partial(dt.datetime.fromtimestamp, tz=current_profile().zone)
    directions = {direction.value: str(direction.label) for direction in Direction}
    charges = {charge.value: str(charge.label) for charge in Charge}
    language = get_language() or "ru"
    zones: dict[str, str | None] = {zone.code: zone.name_in(language) for zone in Zone.objects.all()}
    zones[""] = None
    amounts = cached(_amount)
    peers = cached(_masked if asked.masked else _open)
    batches = records(
        [line.pk for line in summary.lines if line.pk in summary.totals],
        asked.when,
        directions=asked.both_ways,
        accounts=[account.pk],
        columns=_COLUMNS,
        version=summary.version,
    )
    for batch in batches:
        number, started, direction, peer, charge, zone, seconds, messages, volume, micros = zip(*batch, strict=True)
        yield from zip(
            number,
            map(local, started),
            map(directions.__getitem__, direction),
            map(peers, peer),
            map(charges.__getitem__, charge),
            map(zones.get, zone, zone),
            seconds,
            messages,
            volume,
            map(amounts, micros),
            strict=True,
        )


def _open(peer: object) -> str | None:
    return str(peer) if peer else None


def _masked(peer: object) -> str | None:
    return masked(str(peer)) if peer else None


def _amount(micros: object) -> Decimal:
    if not isinstance(micros, int):
        raise TypeError("amounts of the store are whole millionths")
    return from_micros(micros)
