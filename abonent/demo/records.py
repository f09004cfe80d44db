"""Call record files of a month for the demonstration: set-wise, from a seed, with the habits of a working week.

People call in working hours with a dip at lunch, less at weekends; a few are on a trip abroad, some SIMs lie idle,
some people use many times what others do; colleagues call each other, and both ends have a record; devices send data
day and night. The same seed, callers and month give the same bytes.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from abonent.clients.models import Account
from abonent.demo.records_sql import ENDS, EVENTS, LINES, MEMBERS, PEERS, PEOPLE, ROLL
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.subscribers.models import NumberHolding, StatusHolding, Subscriber
from abonent.usage import engine, facts
from abonent.usage.layout import HEADER

# Kind of line, traffic, direction: how often, in relation to each other.
_STREAMS = (
    ("mobile", "voice", "out", 9.0),
    ("mobile", "voice", "in", 6.0),
    ("mobile", "sms", "out", 1.5),
    ("mobile", "sms", "in", 4.0),
    ("mobile", "data", "out", 12.0),
    ("device", "data", "out", 12.0),
    ("device", "sms", "out", 0.5),
    ("fixed", "voice", "out", 60.0),
    ("fixed", "voice", "in", 50.0),
    ("sip", "voice", "out", 90.0),
    ("sip", "voice", "in", 80.0),
)
# Weight of each hour of a day, from midnight.
_WORK = (1, 1, 0, 0, 0, 1, 4, 14, 38, 60, 66, 62, 44, 38, 58, 62, 60, 50, 32, 24, 18, 12, 7, 3)
_REST = (3, 1, 1, 0, 0, 1, 2, 5, 10, 18, 26, 30, 30, 30, 30, 30, 30, 30, 30, 28, 24, 18, 12, 6)
_OFFICE = (0, 0, 0, 0, 0, 0, 0, 2, 30, 70, 78, 74, 36, 34, 66, 72, 70, 46, 10, 2, 0, 0, 0, 0)
_EVEN = (1,) * 24
_HOURS = {"mobile": (_WORK, _REST), "device": (_EVEN, _EVEN), "fixed": (_OFFICE, _OFFICE), "sip": (_OFFICE, _REST)}
# Weight of Saturday and Sunday beside a working day.
_WEEKENDS = {"mobile": (36, 26), "device": (100, 100), "fixed": (5, 0), "sip": (12, 6)}
_SLOTS = 1000
_SATURDAY = 6
# A call to a colleague makes two records: so many records come of an event.
_BOTH_ENDS = 1.09

_BOOKS = {
    "onnet": ("375291", "375293", "375296", "375299", "375447"),
    "mobile": ("375333", "375336", "375297", "375298", "375255", "375259"),
    "fixed": ("375172", "375173", "375152", "375162", "375212", "375222", "375232"),
    "foreign": ("74957", "79161", "79263", "48226", "37060", "49301", "38044", "44207", "90532", "97150"),
    "short": ("101", "102", "103", "104", "150", "185", "411"),
    "sender": ("BankInfo", "Kurier", "Apteka24", "TaxiLine", "ePochta", "Service"),
    "colleague": ("375291",),
}
_APN = {"mobile": "internet", "device": "m2m", "fixed": "internet", "sip": "internet"}
_NETWORKS = ("RUS01", "RUS02", "RUS99", "POL01", "POL03", "LTU01", "LVA02", "DEUD1", "ITAOM", "TURTC", "GEOGC", "ARETC")


@dataclass(frozen=True, slots=True)
class Caller:
    """One number while it is held: `since` and `until` are epoch seconds, `client` tells who are colleagues."""

    number: str
    kind: str
    client: int
    since: int = 0
    until: int = facts.FOREVER


def callers(devices: Sequence[str] = ("sensor",)) -> list[Caller]:
    """Every number while it was held by an active line, from the database; `devices` are tariffs for machines."""
    active = _active_periods()
    line = ("subscriber__account__kind", "subscriber__tariff__code", "subscriber__account__contract__client_id")
    held = NumberHolding.objects.order_by("number", "start").values_list("number", *line, "subscriber", "start", "end")
    return [
        Caller(number, _kind(kind, tariff in devices), client, max(since, first), min(until, last))
        for number, kind, tariff, client, subscriber, start, end in held.iterator()
        for since, until in [(facts.seconds(start), facts.seconds(end))]
        for first, last in active.get(subscriber, ())
        if max(since, first) < min(until, last)
    ]


def _active_periods() -> dict[int, list[tuple[int, int]]]:
    """Subscriber → periods [since, until) in which it was active."""
    found: dict[int, list[tuple[int, int]]] = {}
    held = StatusHolding.objects.values_list("subscriber", "status", "start", "end")
    for subscriber, status, start, end in held.iterator():
        if status == Subscriber.Status.ACTIVE:
            found.setdefault(subscriber, []).append((facts.seconds(start), facts.seconds(end)))
    return found


def _kind(account_kind: str, is_device: bool) -> str:  # noqa: FBT001  # read at its one call
    return "device" if is_device and account_kind == Account.Kind.MOBILE else account_kind


def write_month(
    folder: Path,
    month: Month,
    lines: Iterable[Caller],
    *,
    seed: int,
    records_target: int,
    until: dt.datetime | None = None,
) -> list[Path]:
    """Write the call record file of `month` into `folder`: about `records_target` records, none from `until` on."""
    here = current_profile()
    path = folder / f"usage-{month}.csv"
    with engine.session("1GB") as connection:
        facts.spans(connection, here.zone, month, month)
        _fill_people(connection, sorted(set(lines), key=lambda line: (line.number, line.since)))
        _fill_habits(connection, month, here.zone)
        _fill_books(connection)
        _run(connection, month, seed, records_target, facts.seconds(until))
        _write(connection, path)
    return [path]


def _fill_people(connection: duckdb.DuckDBPyConnection, lines: Sequence[Caller]) -> None:
    columns = {"id": "BIGINT", "number": "VARCHAR", "kind": "VARCHAR", "client": "BIGINT"}
    rows = [(i, line.number, line.kind, line.client, line.since, line.until) for i, line in enumerate(lines)]
    engine.fill(connection, "callers", {**columns, "since": "BIGINT", "until": "BIGINT"}, rows)


def _fill_habits(connection: duckdb.DuckDBPyConnection, month: Month, zone: dt.tzinfo) -> None:
    engine.fill(
        connection,
        "streams",
        {"stream": "BIGINT", "kind": "VARCHAR", "traffic": "VARCHAR", "direction": "VARCHAR", "weight": "DOUBLE"},
        [(i, *stream) for i, stream in enumerate(_STREAMS)],
    )
    slot = {"kind": "VARCHAR", "weekend": "BOOLEAN", "slot": "BIGINT"}
    engine.fill(connection, "day_slots", {**slot, "day": "BIGINT", "since": "BIGINT"}, _day_slots(month, zone))
    engine.fill(connection, "minute_slots", {**slot, "minute": "BIGINT"}, _minute_slots())
    offsets = connection.execute("SELECT DISTINCT utc_offset FROM spans").fetchall()
    labels = [(offset, _label(offset)) for (offset,) in offsets]
    engine.fill(connection, "offset_labels", {"utc_offset": "BIGINT", "label": "VARCHAR"}, labels)


def _label(utc_offset: int) -> str:
    """`+03:00`."""
    return dt.datetime.fromtimestamp(0, dt.timezone(dt.timedelta(seconds=utc_offset))).isoformat()[-6:]


def _day_slots(month: Month, zone: dt.tzinfo) -> Iterator[tuple[str, bool, int, int, int]]:
    days = [month.first_day + dt.timedelta(days=i) for i in range(month.last_day.day)]
    midnights = [facts.seconds(dt.datetime.combine(day, dt.time(), zone)) for day in days]
    for kind, (saturday, sunday) in _WEEKENDS.items():
        weights = [{6: saturday, 7: sunday}.get(day.isoweekday(), 100) for day in days]
        for slot, day in enumerate(_spread(weights, _SLOTS)):
            yield kind, days[day].isoweekday() >= _SATURDAY, slot, day, midnights[day]


def _minute_slots() -> Iterator[tuple[str, bool, int, int]]:
    for kind, shapes in _HOURS.items():
        for weekend, hours in enumerate(shapes):
            for slot, minute in enumerate(_spread([weight for weight in hours for _ in range(60)], _SLOTS)):
                yield kind, bool(weekend), slot, minute


def _spread(weights: Sequence[int], slots: int) -> list[int]:
    """Indexes of `weights`, each as often among `slots` as its weight says."""
    total, found, index, reached = sum(weights), [], 0, weights[0]
    for slot in range(slots):
        while reached * slots <= slot * total:
            index += 1
            reached += weights[index]
        found.append(index)
    return found


def _fill_books(connection: duckdb.DuckDBPyConnection) -> None:
    rows = [(name, "", i, len(book), text) for name, book in _BOOKS.items() for i, text in enumerate(book)]
    rows += [("apn", kind, 0, 1, apn) for kind, apn in _APN.items()]
    columns = {"class": "VARCHAR", "kind": "VARCHAR", "place": "BIGINT", "size": "BIGINT", "template": "VARCHAR"}
    engine.fill(connection, "books", columns, rows)
    networks = [(i, len(_NETWORKS), network) for i, network in enumerate(_NETWORKS)]
    engine.fill(connection, "networks", {"place": "BIGINT", "size": "BIGINT", "network": "VARCHAR"}, networks)


def _run(connection: duckdb.DuckDBPyConnection, month: Month, seed: int, target: int, until: int) -> None:
    period = month.period(current_profile().zone)
    values = {
        "seed": seed,
        "month": facts.month_number(month),
        "month_since": facts.seconds(period.start),
        "month_until": facts.seconds(period.end),
        "target": target / _BOTH_ENDS,
        "until": until,
    }
    connection.execute(ROLL.replace("$seed", str(int(seed))))
    for step in (PEOPLE, MEMBERS, EVENTS, PEERS, ENDS, LINES):
        connection.execute(step, {name: value for name, value in values.items() if f"${name}" in step})


def _write(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(
        f"COPY (SELECT line FROM (SELECT 0 AS started, '{HEADER}' AS line UNION ALL SELECT started, line FROM written) "  # noqa: S608  # ours
        f"ORDER BY started, line) TO '{quoted}' (FORMAT csv, HEADER false, DELIMITER '\x1f', QUOTE '', ESCAPE '')"
    )
