"""The demonstration's call record files: deterministic, realistic, and good input for the intake."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from abonent.demo.records import Caller, callers, write_month
from abonent.lib.periods import Month
from abonent.subscribers.models import StatusHolding
from abonent.usage import facts, intake
from tests.usage.world import SINCE, World

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
PEOPLE = [
    *(Caller(f"37529{i:07d}", "mobile", i % 2) for i in range(1000, 1400)),
    *(Caller(f"37529{i:07d}", "device", 0) for i in range(2000, 2050)),
    *(Caller(f"37523220000{i}", "fixed", 3) for i in range(4)),
    Caller("sip-node-1", "sip", 3),
]
Row = tuple[str, str, str, dt.datetime, int, str, str]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    (path,) = write_month(tmp_path_factory.mktemp("month"), OCTOBER, PEOPLE, seed=7, records_target=20_000)
    return read(path)


def read(path: Path) -> list[Row]:
    found = []
    for line in path.read_text().splitlines()[1:]:
        number, kind, direction, start, quantity, peer, network = line.split(";")
        found.append((number, kind, direction, dt.datetime.fromisoformat(start), int(quantity), peer, network))
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    contents = []
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        (tmp_path / name).mkdir()
        paths = write_month(tmp_path / name, OCTOBER, reversed(PEOPLE), seed=seed, records_target=20_000)
        contents.append(paths[0].read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_there_are_about_as_many_records_as_asked_for_in_order_of_time(rows: list[Row]) -> None:
    assert 18_000 < len(rows) < 22_000
    starts = [row[3] for row in rows]
    assert starts == sorted(starts)
    assert {str(start)[:7] for start in starts} == {"2026-10"}


def test_people_work_by_day_and_rest_at_weekends(rows: list[Row]) -> None:
    calls = [row[3] for row in rows if row[1] == "voice"]
    by_hour = Counter(start.hour for start in calls)
    assert by_hour[10] > by_hour[13] > by_hour[21] > by_hour[3]
    weekend = sum(start.isoweekday() > 5 for start in calls)
    assert 0.02 < weekend / len(calls) < 0.15


def test_some_are_idle_some_travel_and_a_few_use_much(rows: list[Row]) -> None:
    per_number = Counter(row[0] for row in rows)
    idle = {person.number for person in PEOPLE} - set(per_number)
    assert 5 < len(idle) < 60
    mobiles = sorted(count for number, count in per_number.items() if number.startswith("375290001"))
    assert mobiles[-1] > 4 * mobiles[len(mobiles) // 2]
    abroad = {row[0] for row in rows if row[6]}
    assert 3 < len(abroad) < 60
    assert {(row[1], row[2]) for row in rows} == {
        ("voice", "out"), ("voice", "in"), ("sms", "out"), ("sms", "in"), ("data", "out"),
    }  # fmt: skip


def test_a_call_between_own_numbers_is_recorded_at_both_ends(rows: list[Row]) -> None:
    own = {person.number for person in PEOPLE}
    outgoing = Counter((r[0], r[5], r[3], r[4]) for r in rows if r[1] == "voice" and r[2] == "out" and r[5] in own)
    incoming = Counter((r[5], r[0], r[3], r[4]) for r in rows if r[1] == "voice" and r[2] == "in")
    assert sum(outgoing.values()) > 300
    assert all(incoming[key] >= count for key, count in outgoing.items())


def test_nobody_calls_before_or_after_holding_the_number_nor_in_the_future(tmp_path: Path) -> None:
    middle = dt.datetime(2026, 10, 10, tzinfo=dt.UTC)
    late = [Caller(f"3752900000{i}", "mobile", 1, since=facts.seconds(middle)) for i in range(10, 20)]
    early = [Caller(f"3752900000{i}", "mobile", 1, until=facts.seconds(middle)) for i in range(20, 30)]
    until = middle + dt.timedelta(days=10)
    found = read(write_month(tmp_path, OCTOBER, late + early, seed=1, records_target=2000, until=until)[0])
    newcomers = {person.number for person in late}
    assert min(row[3] for row in found if row[0] in newcomers) >= middle
    assert max(row[3] for row in found if row[0] not in newcomers) < middle
    assert middle < max(row[3] for row in found) < until


def test_the_intake_takes_every_line_of_it(world: World) -> None:
    blocked = dt.datetime(2026, 10, 20, tzinfo=dt.UTC)
    for i in range(50):
        person = world.subscriber(f"37529{i:07d}")
        end = blocked if i == 0 else None
        StatusHolding.objects.create(subscriber=person, status="pending" if i == 1 else "active", start=SINCE, end=end)
    people = callers()
    assert {person.number for person in people} == {f"37529{i:07d}" for i in range(50) if i != 1}
    assert (people[0].kind, people[0].since, people[0].until) == (
        "mobile",
        facts.seconds(SINCE),
        facts.seconds(blocked),
    )
    (path,) = write_month(world.folder, OCTOBER, people, seed=3, records_target=2000)
    result = intake.load(path)
    assert (result.rejected, result.records) == (0, len(path.read_text().splitlines()) - 1)
