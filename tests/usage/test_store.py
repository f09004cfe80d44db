"""What is visible is what the manifest says: crashes, races, closing and sweeping."""

import datetime as dt
import hashlib
import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current
from abonent.usage import intake, months, queries, rating, store
from abonent.usage.models import RatingVersion, RejectedLine, StoredPart, UsageFile, UsageMonth
from tests.usage.conftest import NOW
from tests.usage.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.usefixtures("english")]

OWN = "375291000001"
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


def line(day: str, quantity: int = 60) -> str:
    return f"{OWN};voice;out;{day}T10:00:00Z;{quantity};411;"


def stored(world: World) -> list[Path]:
    return sorted((world.folder / "store").rglob("*.parquet"))


def listed() -> list[Path]:
    return sorted(store.root() / path for path in StoredPart.objects.values_list("path", flat=True))


def test_a_crash_between_the_parquet_files_and_the_manifest_leaves_only_orphans(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.subscriber(OWN)
    path = world.file([line("2026-11-02"), "bad"])
    with monkeypatch.context() as patch:
        patch.setattr(intake, "_commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            intake.load(path)
    assert len(stored(world)) == 1
    assert (listed(), list(UsageFile.objects.loaded())) == ([], [])
    assert store.sweep() == 0  # it might still be at work
    with clock.stopped(NOW + dt.timedelta(hours=2)):
        RejectedLine.objects.get()
        age(stored(world))
        assert store.sweep() == 1
    assert (stored(world), UsageFile.objects.count(), RejectedLine.objects.count()) == ([], 0, 0)
    assert intake.load(path).records == 1
    assert stored(world) == listed()


def age(paths: list[Path]) -> None:
    """As if the files had been written two hours ago."""
    for path in paths:
        seconds = path.stat().st_mtime - 7200
        os.utime(path, (seconds, seconds))


def test_of_two_loads_of_one_file_at_once_one_wins(world: World) -> None:
    world.subscriber(OWN)
    path = world.file([line("2026-11-02"), "bad"])
    winners: list[intake.IntakeResult] = []

    def meanwhile(stage: str, _done: int, _total: int) -> None:
        if stage == "storing" and not winners:
            winners.append(intake.load(path))

    loser = intake.load(path, meanwhile)
    assert (loser.already_loaded, winners[0].already_loaded) == (True, False)
    assert loser.file == winners[0].file
    assert (UsageFile.objects.count(), RejectedLine.objects.count()) == (1, 1)
    assert stored(world) == listed()
    assert sum(part.rows for part in StoredPart.objects.all()) == 1


def test_a_month_that_closes_during_a_load_gets_nothing_more(world: World) -> None:
    world.subscriber(OWN)
    path = world.file([line("2026-10-02")])

    def meanwhile(stage: str, _done: int, _total: int) -> None:
        if stage == "storing":
            months.close(OCTOBER)

    result = intake.load(path, meanwhile)
    assert (result.months, result.late) == ((NOVEMBER,), 1)
    assert stored(world) == listed()


def test_a_late_record_goes_to_the_open_month_with_its_own_time(world: World) -> None:
    person = world.subscriber(OWN)
    world.rate("voice", "0.5", step=60)
    intake.load(world.file([line("2026-10-02")]))
    months.close(OCTOBER)
    final = rating.rate(OCTOBER)
    result = intake.load(world.file([line("2026-10-03"), line("2026-09-03"), line("2026-11-03")], "late.csv"))
    assert (result.records, result.late, result.months) == (3, 2, (NOVEMBER,))
    rating.rate(NOVEMBER)
    rows = queries.records([person.pk], NOVEMBER, columns=("local", "late"))
    assert list(rows) == [
        [("2026-09-03 13:00:00", True), ("2026-10-03 13:00:00", True), ("2026-11-03 13:00:00", False)]
    ]
    assert rating.rate(OCTOBER) == final
    by_time = queries.records([person.pk], OCTOBER.period(current().zone), columns=("local",))
    assert list(by_time) == [[("2026-10-02 13:00:00",), ("2026-10-03 13:00:00",)]]


def test_months_close_in_order_once_they_have_ended(world: World) -> None:
    world.subscriber(OWN)
    intake.load(world.file([line("2026-09-02"), line("2026-10-02")]))
    with pytest.raises(months.CannotCloseError, match="2026-09"):
        months.close(OCTOBER)
    with pytest.raises(months.CannotCloseError, match="not ended"):
        months.close(NOVEMBER)
    first = months.close(Month(2026, 9))
    assert months.close(Month(2026, 9)).closed == first.closed
    months.close(OCTOBER)
    assert months.closed_through() == OCTOBER


def test_a_final_rating_waits_for_the_month_that_its_late_records_came_from(world: World) -> None:
    world.subscriber(OWN)
    intake.load(world.file([line("2026-10-02")]))
    months.close(OCTOBER)
    intake.load(world.file([line("2026-10-03")], "late.csv"))
    assert rating.rate(NOVEMBER).preliminary
    with clock.stopped(NOW + dt.timedelta(days=20)):
        months.close(NOVEMBER)
        with pytest.raises(rating.CannotRateError, match="2026-10"):
            rating.rate(NOVEMBER)
        rating.rate(OCTOBER)
        assert not rating.rate(NOVEMBER).preliminary


def test_a_rating_is_repeated_with_the_same_result_and_the_final_one_is_kept(world: World) -> None:
    world.subscriber(OWN)
    world.rate("voice", "0.5", step=60)
    assert not rating.is_stale(OCTOBER)
    intake.load(world.file([line("2026-10-02", 61)]))
    assert rating.is_stale(OCTOBER)
    first, second = rating.rate(OCTOBER), rating.rate(OCTOBER)
    assert not rating.is_stale(OCTOBER)
    assert (first.preliminary, first.amount_micros, first.pk != second.pk) == (True, 1_000_000, True)
    digests = [version.rated_parts.get().sha256 for version in (first, second)]
    assert digests[0] == digests[1]
    months.close(OCTOBER)
    final = rating.rate(OCTOBER)
    assert (final.preliminary, final.amount_micros, final.parts) == (False, 1_000_000, second.parts)
    assert (rating.rate(OCTOBER), queries.current_version(OCTOBER)) == (final, final)


def test_a_month_without_records_has_an_empty_rating(world: World) -> None:  # noqa: ARG001  # its store
    months.close(OCTOBER)
    version = rating.rate(OCTOBER)
    assert (version.records, version.amount_micros, list(queries.totals(version))) == (0, 0, [])
    assert list(queries.records([1], OCTOBER)) == []


def test_a_month_closed_while_it_is_rated_is_rated_again_as_closed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.subscriber(OWN)
    intake.load(world.file([line("2026-10-02")]))
    before = rating._sum  # noqa: SLF001  # the last step before the switch

    def close_first(*arguments: object) -> object:
        months.close(OCTOBER)
        return before(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(rating, "_sum", close_first)
    assert not rating.rate(OCTOBER).preliminary
    assert stored(world) == listed()


def test_superseded_ratings_are_swept_and_what_counts_stays(world: World) -> None:
    person = world.subscriber(OWN)
    intake.load(world.file([line("2026-10-02")]))
    rating.rate(OCTOBER)
    kept = rating.rate(OCTOBER)
    age(stored(world))
    assert store.sweep() == 0
    with clock.stopped(NOW + dt.timedelta(hours=2)):
        assert store.sweep() == 1
    assert RatingVersion.objects.get() == kept
    assert stored(world) == listed()
    assert sum(map(len, queries.records([person.pk], OCTOBER))) == 1


def test_the_manifest_knows_the_bytes_of_each_part(world: World) -> None:
    for last in range(1, 10):
        world.subscriber(f"37529100000{last}")
    rows = [line("2026-10-02").replace(OWN, f"37529100000{last}") for last in range(1, 10)]
    intake.load(world.file(rows))
    rating.rate(OCTOBER)
    assert {part.bucket for part in StoredPart.objects.all()} == set(range(store.BUCKETS))
    for part in StoredPart.objects.all():
        assert hashlib.sha256((store.root() / part.path).read_bytes()).hexdigest() == part.sha256
    assert UsageMonth.objects.get().version


@pytest.mark.parametrize("url", ["s3://bucket/usage", "file://host/usage", "file:relative", "/plain/path"])
def test_other_stores_than_a_folder_are_refused_clearly(url: str) -> None:
    with override_settings(USAGE_URL=url), pytest.raises(ImproperlyConfigured, match="ABONENT_USAGE_URL"):
        store.root()
