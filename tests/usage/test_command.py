"""`abonent load-usage FILE…` as the operator's staff see it."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from abonent.lib.periods import Month
from abonent.usage import queries
from tests.usage.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

GOOD = "375291000001;voice;out;2026-11-20T10:00:00+03:00;61;375291111111;"


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("load-usage", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_counts_records_and_names_rejected_lines(world: World, tmp_path: Path) -> None:
    world.subscriber("375291000001")
    path = world.file([GOOD, *["bad"] * 25])
    rejects = tmp_path / "rejects.csv"
    told = run(path, "--rejects", rejects)
    assert "1 records, 0 of them late, 25 lines rejected" in told
    assert "line 3: wrong number of columns: bad" in told
    assert told.count("line ") == 20
    assert "and 5 more" in told
    assert rejects.read_text().splitlines()[:2] == ["file;line;reason;text", "usage.csv;3;columns;bad"]
    assert len(rejects.read_text().splitlines()) == 26
    assert "2026-11 rated: 1 records, 1 without a price" in told
    assert queries.current_version(Month(2026, 11))


def test_it_says_when_a_file_is_loaded_already(world: World) -> None:
    path = world.file([GOOD])
    run(path, "--no-rating")
    assert "loaded already, nothing changed" in run(path)


def test_what_is_no_call_record_file_is_a_plain_error(world: World) -> None:
    other = world.folder / "other.csv"
    other.write_text("number,kind\n")
    for path, said in ((other, "not a call record file"), (world.folder / "absent.csv", "No such file")):
        with pytest.raises(CommandError, match=said):
            run(path)
