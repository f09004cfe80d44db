"""A call record file is read once, and every line is accounted for (issue: main job 2)."""

import datetime as dt
from collections import Counter

import pytest
from django.db.models import QuerySet

from abonent.audit.models import Entry
from abonent.lib.periods import Month
from abonent.subscribers.models import AccountHolding, NumberHolding
from abonent.usage import intake, lines, queries, rating
from abonent.usage.layout import HEADER, Reason
from abonent.usage.models import RejectedLine, StoredPart, UsageFile
from tests.usage.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

OWN = "375291000001"
GOOD = f"{OWN};voice;out;2026-11-20T10:00:00+03:00;61;375291111111;"
OCTOBER = dt.datetime(2026, 10, 15, 12, tzinfo=dt.UTC)

BAD = {
    Reason.ENCODING: [b"\xff\xfe" + GOOD.encode(), GOOD.encode().replace(b";61;", b";6\x001;"), b"a\rb"],
    Reason.LENGTH: [GOOD.encode() + b"x" * 600, b"y" * 5_000_000],
    Reason.COLUMNS: [b"", GOOD.encode() + b";", b"one;two", b"abonent-usage;1", b'"' + GOOD.encode()[:20]],
    Reason.NUMBER: [GOOD.replace(OWN, "").encode(), GOOD.replace(OWN, "+375 29").encode()],
    Reason.KIND: [GOOD.replace("voice", "fax").encode(), GOOD.replace("voice", "").encode()],
    Reason.DIRECTION: [GOOD.replace(";out;", ";up;").encode(), GOOD.replace("voice;out", "data;in").encode()],
    Reason.TIME: [
        GOOD.replace("2026-11-20T10:00:00+03:00", text).encode()
        for text in ("2026-11-20T10:00:00", "2026-02-30T10:00:00Z", "20.11.2026", "2026-11-20T24:00:00Z", "")
    ],
    Reason.FUTURE: [GOOD.replace("2026-11-20", "2026-11-22").encode()],
    Reason.OLD: [GOOD.replace("2026", "2024").encode()],
    Reason.QUANTITY: [
        GOOD.replace(";61;", f";{text};").encode() for text in ("-1", "1.5", "", "604801", "9" * 15, "9" * 40, "6 1")
    ]
    + [GOOD.replace("voice", "sms").replace(";61;", ";0;").encode()],
    Reason.PEER: [GOOD.replace("375291111111", "p" * 65).encode(), GOOD.replace("375291111111", " 1").encode()],
    Reason.NETWORK: [GOOD.encode() + b"pol01", GOOD.encode() + b"POLAND"],
    Reason.UNKNOWN_NUMBER: [GOOD.replace(OWN, "375291999999").encode()],
    Reason.NO_ACCOUNT: [GOOD.replace(OWN, "375291000002").encode()],
}


def write(world: World, rows: list[bytes], name: str = "usage.csv") -> intake.IntakeResult:
    path = world.folder / name
    path.write_bytes(b"\n".join([HEADER.encode(), *rows]) + b"\n")
    return intake.load(path)


@pytest.mark.parametrize("reason", list(Reason))
def test_each_bad_line_is_kept_with_its_number_and_reason(world: World, reason: Reason) -> None:
    world.subscriber(OWN)
    homeless = world.subscriber("375291000002")
    AccountHolding.objects.filter(subscriber=homeless).delete()
    rows = [GOOD.encode()]
    for bad in BAD[reason]:
        rows += [bad, GOOD.encode()]
    result = write(world, rows)
    rejected = list(result.file.rejected_lines.values_list("line_number", "reason"))
    assert rejected == [(3 + 2 * place, reason) for place in range(len(BAD[reason]))]
    assert (result.records, result.rejected) == (len(BAD[reason]) + 1, len(BAD[reason]))


def test_the_bounds_themselves_are_good(world: World) -> None:
    world.subscriber(OWN)
    world.subscriber("sip-node-1")
    rows = [
        f"{OWN};voice;in;2026-11-21T09:15:00Z;604800;ABC-телефон 1;POL01",
        f"{OWN};sms;in;2026-11-19T23:59:59-11:30;1000;;",
        f"{OWN};data;out;2026-11-20T10:00:00+14:00;1099511627776;internet;XXX0A",
        "sip-node-1;voice;out;2026-11-20T10:00:00Z;0;411;BLRAB",
    ]
    result = write(world, [row.encode() for row in rows])
    assert list(result.file.rejected_lines.values_list("line_number", "reason")) == []
    assert result.records == 4


def test_a_file_with_windows_line_ends_a_bom_and_no_last_newline_is_the_same_records(world: World) -> None:
    world.subscriber(OWN)
    path = world.folder / "windows.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\nbroken\r\n{GOOD}".encode())
    result = intake.load(path)
    assert result.records == 2
    assert [(line.line_number, line.text) for line in result.file.rejected_lines.all()] == [(3, "broken")]


@pytest.mark.parametrize(
    "content", [b"", b"number;kind\n", b"abonent-usage;2\n", b"PK\x03\x04" + b"\0" * 999, b"x" * 9999]
)
def test_what_is_no_call_record_file_is_refused_whole(world: World, content: bytes) -> None:
    path = world.folder / "other"
    path.write_bytes(content)
    with pytest.raises(lines.NotAUsageFileError):
        intake.load(path)
    assert not UsageFile.objects.exists()


def test_what_is_taken_in_stands_in_the_journal_once(world: World) -> None:
    world.subscriber(OWN)
    path = world.folder / "day.csv"
    path.write_text(f"{HEADER}\n{GOOD}\nbroken\n", encoding="utf-8")
    result = intake.load(path)
    assert intake.load(path).already_loaded
    entry = Entry.objects.get(action="usage.load")
    assert (entry.digest, entry.client_id) == (result.file.sha256, None)
    assert entry.beside.after == {"records": 1, "late": 0, "rejected": 1}


def test_a_file_without_records_is_loaded(world: World) -> None:
    result = write(world, [])
    assert (result.records, result.rejected, result.already_loaded, result.months) == (0, 0, False, ())


def test_the_same_file_twice_changes_nothing_and_says_so(world: World) -> None:
    world.subscriber(OWN)
    first = write(world, [GOOD.encode(), b"bad"])
    parts = list(StoredPart.objects.values())
    again = write(world, [GOOD.encode(), b"bad"], "another-name.csv")
    assert (again.already_loaded, again.file) == (True, first.file)
    assert list(StoredPart.objects.values()) == parts
    assert RejectedLine.objects.count() == 1


def test_two_equal_lines_are_two_records(world: World) -> None:
    world.subscriber(OWN)
    assert write(world, [GOOD.encode()] * 3).records == 3


def test_a_call_belongs_to_whoever_held_the_number_at_its_time(world: World) -> None:
    before = world.subscriber(OWN, end=OCTOBER)
    after = world.subscriber("375291000007")
    NumberHolding.objects.filter(subscriber=after).update(end=OCTOBER)
    NumberHolding.objects.create(subscriber=after, number=OWN, start=OCTOBER + dt.timedelta(hours=1))
    moments = [OCTOBER - dt.timedelta(seconds=1), OCTOBER, OCTOBER + dt.timedelta(hours=1)]
    rows = [f"{OWN};voice;out;{moment.isoformat()};1;411;".encode() for moment in moments]
    result = write(world, [*rows, rows[0].replace(OWN.encode(), b"375291000007")])
    assert list(result.file.rejected_lines.values_list("line_number", "reason")) == [(3, Reason.UNKNOWN_NUMBER)]
    rating.rate(Month(2026, 10))
    found = queries.records([before.pk, after.pk], Month(2026, 10), columns=("subscriber", "number", "line"))
    assert [row for batch in found for row in batch] == [
        (before.pk, OWN, 2),
        (after.pk, "375291000007", 5),
        (after.pk, OWN, 4),
    ]


def test_a_call_belongs_to_the_account_of_its_time(world: World) -> None:
    mover = world.subscriber(OWN)
    AccountHolding.objects.filter(subscriber=mover).update(end=OCTOBER)
    AccountHolding.objects.create(subscriber=mover, account=world.second, start=OCTOBER)
    rows = [
        f"{OWN};voice;out;{(OCTOBER + dt.timedelta(seconds=shift)).isoformat()};1;411;".encode() for shift in (-1, 0, 1)
    ]
    write(world, rows)
    version = rating.rate(Month(2026, 10))
    assert {total.account: total.records for total in queries.totals(version)} == {
        world.first.pk: 1,
        world.second.pk: 2,
    }
    mine = queries.records([mover.pk], Month(2026, 10), accounts=[world.first.pk], columns=("line",))
    assert list(mine) == [[(2,)]]


def test_a_number_held_twice_stops_the_load_and_counts_nothing_double(world: World) -> None:
    world.subscriber(OWN)
    other = world.subscriber("375291000008")
    QuerySet(NumberHolding).filter(subscriber=other).update(number=OWN, end=OCTOBER + dt.timedelta(days=90))
    with pytest.raises(RuntimeError, match="held twice"):
        write(world, [GOOD.encode()])
    assert not UsageFile.objects.loaded().exists()
    assert not StoredPart.objects.exists()


def test_months_are_those_of_the_profile_s_zone(world: World) -> None:
    world.subscriber(OWN)
    moments = ("2026-10-31T20:59:59Z", "2026-10-31T21:00:00Z")
    result = write(world, [GOOD.replace("2026-11-20T10:00:00+03:00", moment).encode() for moment in moments])
    assert result.months == (Month(2026, 10), Month(2026, 11))
    assert Counter(str(part.month) for part in StoredPart.objects.all()) == {"2026-10": 1, "2026-11": 1}
