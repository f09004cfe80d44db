"""Totals, the stream of records and one subscriber's month."""

import datetime as dt
from decimal import Decimal

import pytest

from abonent.lib.periods import Month, Period
from abonent.usage import intake, queries
from abonent.usage.rating import rate
from tests.usage.world import World

pytestmark = pytest.mark.django_db

OCTOBER = Month(2026, 10)
LINES = (
    "375291000001;voice;out;2026-10-02T10:00:00+03:00;3661;375171111111;",
    "375291000001;sms;in;2026-10-01T10:00:00+03:00;2;BankInfo;",
    "375291000002;data;out;2026-10-03T10:00:00+03:00;1572864;internet;POL01",
    "375291000002;voice;in;2026-11-01T00:00:00+03:00;5;375171111111;",
)


@pytest.fixture
def people(world: World) -> list[int]:
    world.rate("voice", "0.045", step=60)
    world.rate("sms", "0", direction="in")
    world.rate("data", "0.000001", roaming="roam-near", step=1)
    ids = [world.subscriber(f"37529100000{last}").pk for last in (1, 2, 3)]
    intake.load(world.file(LINES))
    rate(OCTOBER)
    rate(Month(2026, 11))
    return ids


def flat(batches: object) -> list[tuple[object, ...]]:
    return [row for batch in batches for row in batch]  # type: ignore[attr-defined]  # batches of rows


def test_records_come_in_the_order_of_the_subscribers_given_each_by_time(people: list[int]) -> None:
    rows = flat(queries.records([people[1], people[2], people[0], people[1]], OCTOBER, columns=("number", "line")))
    assert rows == [("375291000002", 4), ("375291000001", 3), ("375291000001", 2)]
    assert flat(queries.records([], OCTOBER)) == []


def test_records_of_a_period_are_those_within_it_half_open(people: list[int]) -> None:
    start = dt.datetime(2026, 10, 1, 7, tzinfo=dt.UTC)
    day = dt.timedelta(days=1)
    rows = flat(queries.records(people, Period(start, start + day), columns=("line",)))
    assert rows == [(3,)]
    rows = flat(queries.records(people, Period(start, None), columns=("line",)))
    assert rows == [(3,), (2,), (4,), (5,)]


def test_records_of_one_direction_only(people: list[int]) -> None:
    assert flat(queries.records(people, OCTOBER, directions=["in"], columns=("line",))) == [(3,)]
    assert flat(queries.records(people, OCTOBER, directions=["out"], columns=("line",))) == [(2,), (4,)]


def test_the_text_of_documents_comes_ready_from_the_store(people: list[int]) -> None:
    rows = flat(queries.records(people, OCTOBER, columns=("date", "time", "volume", "amount", "utc_offset")))
    assert rows == [
        ("01.10.2026", "10:00:00", "2", Decimal("0.000000"), 10800),
        ("02.10.2026", "10:00:00", "1:01:01", Decimal("2.790000"), 10800),
        ("03.10.2026", "10:00:00", "1.500", Decimal("1.572864"), 10800),
    ]


def test_many_records_are_streamed_in_chunks_and_none_is_lost(
    people: list[int], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [LINES[0].replace("000001;", f"00000{1 + n % 3};").replace("3661", str(n)) for n in range(5000)]
    intake.load(world.file(many, "many.csv"))
    rate(OCTOBER)
    expected = flat(queries.records(people, OCTOBER))
    assert len(expected) == 5003
    monkeypatch.setattr(queries, "_CHUNK_ROWS", 1000)
    assert flat(queries.records(people, OCTOBER)) == expected


def test_totals_add_up_to_the_version_and_narrow_to_an_account_or_a_subscriber(people: list[int], world: World) -> None:
    version = queries.current_version(OCTOBER)
    assert version
    totals = list(queries.totals(version))
    assert [(t.subscriber, t.charge, t.records, t.billed, t.amount_micros) for t in totals] == [
        (people[0], "sms_in", 1, 2, 0),
        (people[0], "voice_home", 1, 3720, 2_790_000),
        (people[1], "data_roaming", 1, 1_572_864, 1_572_864),
    ]
    assert sum(total.amount_micros for total in totals) == version.amount_micros
    assert list(queries.totals(version, account=world.first.pk)) == totals
    assert list(queries.totals(version, account=world.second.pk)) == []
    assert list(queries.totals(version, subscriber=people[1])) == totals[2:]
    assert queries.subscriber_month(people[1], OCTOBER) == totals[2:]


def test_a_month_never_rated_has_nothing_to_show(people: list[int]) -> None:
    assert queries.subscriber_month(people[0], Month(2026, 8)) == []
    assert flat(queries.records(people, Month(2026, 8))) == []
