"""The work of the bench `rating`, in a process of its own that has a scratch database and store."""

import csv
import datetime as dt
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings come first

from abonent.catalog.models import OptionSet, Tariff  # noqa: E402
from abonent.clients.models import Account, Client, Contract  # noqa: E402
from abonent.demo import catalog, records  # noqa: E402
from abonent.lib import clock  # noqa: E402
from abonent.lib.money import from_micros  # noqa: E402
from abonent.lib.periods import Month  # noqa: E402
from abonent.profile import current  # noqa: E402
from abonent.subscribers.models import AccountHolding, NumberHolding, PlanHolding, StatusHolding, Subscriber  # noqa: E402
from abonent.usage import engine, intake, queries, rating, store  # noqa: E402
from abonent.usage.models import RatingVersion, StoredPart  # noqa: E402
from bench.measure import figure, peak_mb, seconds  # noqa: E402
from tests.usage.oracle import Call, Oracle  # noqa: E402

NUMBERS, RECORDS = 5_000, 200_000
MONTH = Month(2026, 10)
SINCE = dt.datetime(2026, 9, 30, 21, tzinfo=dt.UTC)
COLUMNS = (
    "subscriber",
    "number",
    "date",
    "time",
    "direction",
    "peer",
    "zone",
    "charge",
    "volume",
    "amount_micros",
)


def main(folder: Path) -> None:
    clock.start_at(dt.datetime(2026, 11, 9, 9, tzinfo=dt.UTC))
    call_command("migrate", verbosity=0)
    people = _people()
    (path,) = records.write_month(folder, MONTH, records.callers(), seed=1, records_target=RECORDS)
    count = _intake(path)
    version = _rating(count)
    _stream(people, version)
    figure("rating.peak_mb", peak_mb(), "MB", note=f"one process for all of it, {count} records")


def _people() -> list[int]:
    catalog.make_catalog(SINCE)
    client = Client.objects.create(name="Bench", tax_id="1")
    contract = Contract.objects.create(client=client, number="1", signed=SINCE.date())
    account = Account.objects.create(contract=contract, number="00020000001", opened=SINCE.date())
    tariff, package = Tariff.objects.get(code="rhythm"), OptionSet.objects.get(code="rhythm-150")
    made = Subscriber.objects.bulk_create(
        Subscriber(account=account, number=f"37529{1_000_000 + 7 * i}", tariff=tariff, option_set=package)
        for i in range(NUMBERS)
    )
    NumberHolding.objects.bulk_create(NumberHolding(subscriber=one, number=one.number, start=SINCE) for one in made)
    AccountHolding.objects.bulk_create(AccountHolding(subscriber=one, account=account, start=SINCE) for one in made)
    PlanHolding.objects.bulk_create(
        PlanHolding(subscriber=one, tariff=tariff, option_set=package, start=SINCE) for one in made
    )
    StatusHolding.objects.bulk_create(StatusHolding(subscriber=one, status="active", start=SINCE) for one in made)
    return [one.pk for one in made]


def _intake(path: Path) -> int:
    spent = seconds(lambda: intake.load(path), times=1)
    lines: list[int] = []
    peer = seconds(lambda: lines.append(sum(1 for _ in csv.reader(path.open(), delimiter=";"))), times=1)
    count = sum(version.rows for version in StoredPart.objects.all())
    assert lines == [count + 1]
    note = "file to Parquet: checked, owners found, kept; the peer only reads the lines"
    figure("rating.intake", count / spent, "records/s", peer="csv.reader", peer_value=count / peer, note=note)
    return count


def _rating(count: int) -> RatingVersion:
    versions: list[RatingVersion] = []
    spent = seconds(lambda: versions.append(rating.rate(MONTH)))
    calls = list(_calls())
    oracle = Oracle(current())
    amounts: list[Decimal] = []
    peer = seconds(lambda: amounts.append(sum((p.amount for p in oracle.rate(calls).values()), Decimal(0))), times=1)
    version = versions[-1]
    assert amounts == [from_micros(version.amount_micros)], (amounts, version.amount_micros)
    note = f"{count} records of {NUMBERS} numbers, equal to the micro-unit; Parquet to Parquet against lists in memory"
    figure("rating.rate", count / spent, "records/s", peer="plain Python", peer_value=count / peer, note=note)
    return version


def _calls() -> Iterator[Call]:
    parts = StoredPart.objects.filter(kind="records")
    query = "SELECT subscriber, kind, direction, started, quantity, peer, network, source, line FROM read_parquet($f)"
    with engine.session() as connection:
        for row in connection.execute(query, {"f": store.paths(parts)}).fetchall():
            subscriber, kind, direction, started, quantity, peer, network, source, line = row
            start = dt.datetime.fromtimestamp(started, dt.UTC)
            yield Call(subscriber, kind, direction, start, quantity, peer, network, (source, line))


def _stream(people: list[int], version: RatingVersion) -> None:
    found: list[int] = []
    spent = seconds(lambda: found.append(sum(map(len, queries.records(people, MONTH, columns=COLUMNS)))))
    raw = seconds(lambda: _fetch_raw(version))
    assert set(found) == {version.records}
    figure(
        "rating.stream",
        version.records / spent,
        "rows/s",
        peer="the same columns unformatted, in no order",
        peer_value=version.records / raw,
        note=f"{len(COLUMNS)} columns as Python tuples, subscriber by subscriber, dates and volumes as text",
    )


def _fetch_raw(version: RatingVersion) -> None:
    query = (
        "SELECT subscriber, number, started, local_time, direction, peer, zone, charge, quantity, amount_micros "
        "FROM read_parquet($f)"
    )
    with engine.session() as connection:
        cursor = connection.execute(query, {"f": store.paths(version.rated_parts.all())})
        while cursor.fetchmany(2000):
            pass


if __name__ == "__main__":
    main(Path(sys.argv[1]))
