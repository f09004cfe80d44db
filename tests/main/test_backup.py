"""`abonent backup` and `abonent restore`: what comes out is what went in, and what is damaged is refused."""

import io
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

from abonent.main.backups.members import ABOUT, About
from tests import template
from tests.main.installation import Installation, databases


@dataclass(slots=True)
class Filled:
    installation: Installation
    archive: Path


@dataclass(slots=True)
class Empties:
    """Databases that nobody has used yet, one for each that asks."""

    folder: Path
    urls: list[str]

    def installation(self, **changes: str | None) -> Installation:
        url = self.urls.pop()
        folder = self.folder / f"restored-{len(self.urls)}"
        folder.mkdir()
        return Installation(folder, url, changes)


@pytest.fixture(scope="module")
def empties(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Empties]:
    folder = tmp_path_factory.mktemp("backup")
    for urls in databases(folder, 6):
        yield Empties(folder, urls)


@pytest.fixture(scope="module")
def filled(empties: Empties) -> Filled:
    installation = empties.installation()
    if installation.database.startswith("sqlite"):
        path = Path(installation.database.removeprefix("sqlite:///"))
        path.parent.mkdir()
        template.copy(path)
    else:
        installation.run("migrate", "-v0")
    maker = [sys.executable, "-m", "tests.main.fill", "make", str(installation.folder)]
    subprocess.run(maker, env=installation.environment, check=True, capture_output=True)  # noqa: S603  # our own module
    archive = installation.folder / "abonent.tar"
    installation.run("backup", archive)
    return Filled(installation, archive)


def refused(installation: Installation, archive: Path) -> str:
    """What is said, in one line, when the archive is not restored."""
    done = installation.run("restore", archive, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert installation.files() == {}
    return done.stderr


@pytest.mark.postgres
def test_what_is_restored_is_what_was_backed_up_closed_as_it_was_and_goes_on(filled: Filled, empties: Empties) -> None:
    """The rest of this file is about what the archive says: whatever the database, it is refused alike."""
    before, after = filled.installation, empties.installation()
    told = after.run("restore", filled.archive).stdout
    assert "The journal is sound" in told
    assert_the_same(before, after)
    for statement in ("UPDATE audit_entry SET action = 'x'", "DELETE FROM billing_invoice"):
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RestrictViolation)):
            after.ask(statement)
    assert_a_backup_at_work_is_of_one_moment(after, empties.installation())


def assert_the_same(before: Installation, after: Installation) -> None:
    rows = before.rows()
    assert after.rows() == rows
    assert after.files() == before.files()
    assert all(rows[name][0] for name in ("billing_invoice", "usage_storedpart", "audit_entry", "access_person"))
    assert len([name for name in before.files() if name.startswith("files/")]) >= 2


def assert_a_backup_at_work_is_of_one_moment(busy: Installation, empty: Installation) -> None:
    writer = busy.start(sys.executable, "-m", "tests.main.fill", "write")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "wrote\n"
    busy.run("backup", busy.folder / "live.tar")
    assert writer.poll() is None
    writer.kill()
    writer.communicate()
    assert "Nothing is altered" in busy.run("verify-journal").stdout
    empty.run("restore", busy.folder / "live.tar")
    count = "SELECT COUNT(*) FROM audit_entry WHERE action = 'tests.{}'"
    firsts, seconds = (empty.ask(count.format(name)) for name in ("first", "second"))
    assert firsts == seconds
    assert firsts[0][0]
    assert firsts < busy.ask(count.format("first"))


def test_an_installation_that_is_not_empty_is_left_alone(filled: Filled) -> None:
    before = filled.installation.rows()
    done = filled.installation.run("restore", filled.archive, check=False)
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert filled.installation.rows() == before


def test_a_damaged_archive_is_refused_and_the_member_named(filled: Filled, empties: Empties, tmp_path: Path) -> None:
    target = empties.installation()
    with tarfile.open(filled.archive) as tar:
        victims = {info.name: info for info in tar if info.name.startswith(("files/", "usage/", "database/"))}
    whole = filled.archive.read_bytes()
    for info in (max(victims.values(), key=lambda one: one.size), *list(victims.values())[:2]):
        damaged = bytearray(whole)
        damaged[info.offset_data + info.size // 2] ^= 1
        (tmp_path / "damaged.tar").write_bytes(damaged)
        assert info.name in refused(target, tmp_path / "damaged.tar")
    last = list(victims.values())[-1]
    (tmp_path / "short.tar").write_bytes(whole[: last.offset_data + last.size // 2])
    assert last.name in refused(target, tmp_path / "short.tar")
    (tmp_path / "text.tar").write_text("no archive at all")
    assert "no archive of Abonent" in refused(target, tmp_path / "text.tar")


def test_an_archive_of_newer_code_or_another_database_is_refused(
    filled: Filled, empties: Empties, tmp_path: Path
) -> None:
    target = empties.installation()
    about = about_of(filled.archive)
    newer = replace(about, migrations=[*about.migrations, "orders.9999_from_tomorrow"])
    assert "orders.9999_from_tomorrow" in refused(target, with_about(filled.archive, newer, tmp_path / "newer.tar"))
    other = "postgresql" if about.database == "sqlite" else "sqlite"
    elsewhere = with_about(filled.archive, replace(about, database=other), tmp_path / "other.tar")
    assert f"of a database on {other}" in refused(target, elsewhere)


def test_another_secret_key_is_told(filled: Filled, empties: Empties) -> None:
    done = empties.installation(ABONENT_SECRET_KEY="another secret of thirty-two characters").run(
        "restore", filled.archive, check=False
    )
    assert done.returncode == 1
    assert "another ABONENT_SECRET_KEY" in done.stderr


def test_a_backup_does_not_replace_a_file_and_tells_of_one_that_is_lost(filled: Filled, tmp_path: Path) -> None:
    assert "there already" in filled.installation.run("backup", filled.archive, check=False).stderr
    name = next(name for name in filled.installation.files() if name.startswith("files/"))
    lost = filled.installation.folder / name
    content = lost.read_bytes()
    lost.unlink()
    done = filled.installation.run("backup", tmp_path / "lost.tar", check=False)
    lost.write_bytes(content[:-1] + b"?")
    changed = filled.installation.run("backup", tmp_path / "lost.tar", check=False)
    lost.write_bytes(content)
    assert (done.returncode, changed.returncode) == (1, 1)
    assert str(lost) in done.stderr
    assert "not what was written" in changed.stderr
    assert list(tmp_path.iterdir()) == []


def about_of(archive: Path) -> About:
    with tarfile.open(archive) as tar:
        first = tar.extractfile(ABOUT)
        assert first is not None
        return About.from_bytes(first.read())


def with_about(archive: Path, about: About, target: Path) -> Path:
    """The same archive with another first member, as newer code would have written it."""
    with tarfile.open(archive) as old, tarfile.open(target, "w") as new:
        for info in old:
            content = about.to_bytes() if info.name == ABOUT else (old.extractfile(info) or io.BytesIO()).read()
            info.size = len(content)
            new.addfile(info, io.BytesIO(content))
    return target
