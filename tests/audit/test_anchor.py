"""A line a day outside the product: a journal that was made anew does not fit it (V6)."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from abonent.audit import guards
from abonent.audit.anchoring import check_lines
from abonent.audit.journal import SYSTEM, record
from abonent.audit.models import Anchor, Beside, Entry, Head
from abonent.audit.report import Report
from abonent.audit.sealing import seal
from abonent.audit.verifying import verify_journal
from abonent.main.work import keep_anchor as anchor
from abonent.outbox.models import Letter

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def problems(lines: str) -> list[str]:
    report = Report()
    check_lines(lines.splitlines(), report)
    return [found.text for found in report.problems]


@pytest.fixture
def kept(settings: Settings, tmp_path: Path) -> Path:
    settings.ANCHOR_URL = f"file://{tmp_path}/anchors.txt"
    for number in range(3):
        record(SYSTEM, "test.write", client_id=1, after={"n": number})
    anchor()
    return tmp_path / "anchors.txt"


def test_V6_a_journal_that_grew_fits_its_lines(kept: Path) -> None:
    record(SYSTEM, "test.write", client_id=2)
    anchor()
    assert len(kept.read_text().splitlines()) == 2
    assert problems(kept.read_text()) == []
    call_command("verify-journal", anchors=kept)


def test_V6_a_chain_made_anew_from_the_first_entry_is_whole_and_yet_found_out(kept: Path) -> None:
    """Whoever owns database and secret key can write a chain that verifies; the line outside stays what it was."""
    with guards.lifted(connection):
        Beside.objects.all().delete()
        Entry.objects.all().delete()
    Head.objects.all().delete()
    for _ in range(3):
        record(SYSTEM, "test.forged", client_id=1)
    seal()
    assert verify_journal().is_sound
    assert "not the one that was anchored" in problems(kept.read_text())[0]
    with pytest.raises(SystemExit):
        call_command("verify-journal", anchors=kept)


def test_V6_an_altered_line_or_altered_ends_are_named(kept: Path) -> None:
    line = kept.read_text()
    assert "not signed" in problems(line.replace("entries=3", "entries=2"))[0]
    Anchor.objects.update(heads="{}")
    assert "missing or altered" in problems(line)[0]
    Anchor.objects.all().delete()
    assert "missing or altered" in problems(line)[0]


def test_V6_the_line_goes_to_a_mailbox_where_the_settings_say_so(settings: Settings) -> None:
    settings.ANCHOR_URL = "mailto:keeper@example.com"
    record(SYSTEM, "test.write", client_id=1)
    anchor()
    letter = Letter.objects.get()
    assert letter.to == "keeper@example.com"
    assert Anchor.objects.get().line in letter.text


def test_nothing_is_anchored_unless_the_settings_say_where(settings: Settings) -> None:
    settings.ANCHOR_URL = ""
    anchor()
    assert not Anchor.objects.exists()
    settings.ANCHOR_URL = "ftp://example.com/x"
    with pytest.raises(ImproperlyConfigured):
        anchor()
