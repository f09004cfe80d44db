import datetime as dt
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from abonent.files import keeping
from abonent.files.keeping import store, sweep
from abonent.files.models import StoredFile
from abonent.files.storage import UNFINISHED, storage

pytestmark = pytest.mark.django_db

CSV = "text/csv"


@pytest.fixture(autouse=True)
def root(settings: Settings, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/kept%20here"
    return tmp_path / "kept here"


def age(path: Path, hours: float) -> None:
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.name.startswith("."))


@pytest.mark.parametrize("kind", ["bytes", "stream", "path"])
def test_a_content_is_kept_under_its_hash_and_read_back(kind: str, tmp_path: Path, root: Path) -> None:
    content = "Счёт\n".encode() * 400_000
    source = tmp_path / "source"
    source.write_bytes(content)
    given = {"bytes": content, "stream": io.BytesIO(content), "path": source}[kind]
    assert isinstance(given, (bytes, Path, io.BytesIO))
    kept = store(given, name="счёт.csv", mime=CSV)
    assert (kept.sha256, kept.size) == (hashlib.sha256(content).hexdigest(), len(content))
    with kept.open() as stream:
        assert stream.read() == content
    assert files(root) == [storage().path(kept.sha256)]


def test_nobody_else_on_the_machine_can_read_a_content(root: Path) -> None:
    store(b"secret", name="a", mime=CSV)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files(root)} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in root.rglob("*") if path.is_dir()} == {0o700}


def test_the_same_content_is_kept_once_and_each_file_has_its_own_name(root: Path) -> None:
    first, second = store(b"same", name="one.csv", mime=CSV), store(b"same", name="two.csv", mime=CSV)
    assert (first.name, second.name) == ("one.csv", "two.csv")
    assert len(files(root)) == 1


def test_a_name_is_a_name_alone() -> None:
    assert store(b"", name="C:\\docs\\..\\счёт\r\n.csv", mime=CSV).name == "счёт.csv"
    assert store(b"", name="../../etc/passwd", mime=CSV).name == "passwd"
    assert store(b"", name="/", mime=CSV).name == "file"


def test_a_content_that_failed_half_way_leaves_nothing(root: Path) -> None:
    def half() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the upload was cut")

    with pytest.raises(OSError, match="cut"):
        storage().write(half())
    assert files(root) == []


def test_a_damaged_content_is_noticed() -> None:
    kept = store(b"right", name="a", mime=CSV)
    assert kept.is_intact()
    storage().path(kept.sha256).write_bytes(b"wrong")
    assert not kept.is_intact()
    storage().path(kept.sha256).unlink()
    assert not kept.is_intact()


def test_the_sweep_removes_what_no_row_names_once_it_is_old(root: Path) -> None:
    named = store(b"named", name="a", mime=CSV)
    orphan, fresh = storage().write([b"orphan"])[0], storage().write([b"fresh"])[0]
    unfinished = root / UNFINISHED / "left"
    unfinished.write_bytes(b"left")
    for path in (storage().path(named.sha256), storage().path(orphan), unfinished):
        age(path, hours=2)
    assert sweep() == 2
    assert files(root) == sorted([storage().path(named.sha256), storage().path(fresh)])
    named.delete()
    assert sweep() == 1
    assert dt.timedelta(hours=1) == keeping.GRACE


def test_a_content_stored_again_is_not_swept_before_its_row_is_there() -> None:
    orphan = storage().write([b"again"])[0]
    age(storage().path(orphan), hours=2)
    storage().write([b"again"])
    assert sweep() == 0
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("url", ["", "s3://bucket", "file://relative/path", "/plain/path"])
def test_a_storage_of_an_unknown_kind_is_a_configuration_error(url: str, settings: Settings) -> None:
    settings.STORAGE_URL = url
    with pytest.raises(ImproperlyConfigured, match="ABONENT_STORAGE_URL"):
        storage()
