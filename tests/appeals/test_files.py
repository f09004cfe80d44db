"""L10: files are judged by what they hold; a good one is kept, a bad one is refused with its reason."""

import datetime as dt
import io
import time

import openpyxl
import pytest

from abonent.appeals.models import Attachment
from abonent.appeals.scanning import FileRefused, Kind, Reason, judge
from abonent.appeals.uploads import MOST_UNSENT, prune, take
from abonent.files.models import StoredFile
from abonent.formats.writers import WRITERS
from abonent.lib import clock
from tests.appeals import samples
from tests.appeals.samples import stream
from tests.cast import Cast

MEGABYTE = 1024 * 1024


def reason(content: bytes, name: str) -> Reason:
    with pytest.raises(FileRefused) as refused:
        judge(stream(content), len(content), name)
    assert name in refused.value.message()
    return refused.value.reason


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (samples.PDF, "счёт.PDF", Kind.PDF),
        (samples.PNG, "screen.png", Kind.PNG),
        (samples.JPEG, "photo.jpeg", Kind.JPEG),
        (samples.TEXT, "list.txt", Kind.TXT),
        ("номер;имя\r\n".encode("cp1251"), "list.csv", Kind.CSV),
        (samples.office(), "list.xlsx", Kind.XLSX),
        (samples.office("word/document.xml"), "letter.docx", Kind.DOCX),
    ],
)
def test_L10_a_file_of_a_kind_that_is_taken_is_known_by_its_bytes(content: bytes, name: str, kind: Kind) -> None:
    assert judge(stream(content), len(content), name).kind == kind


def test_L10_a_real_workbook_is_taken() -> None:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for place in range(1000):
        book.worksheets[0].append([f"37529111{place:04}", "Отдел снабжения"])
    book.save(out)
    judged = judge(out, len(out.getvalue()), "list.xlsx")
    assert (judged.kind, judged.mime) == (Kind.XLSX, WRITERS["xlsx"].mime)


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (samples.HTML, "invoice.pdf", Reason.DANGEROUS),
        (samples.EXE, "invoice.pdf", Reason.DANGEROUS),
        (samples.ELF, "photo.jpg", Reason.DANGEROUS),
        (samples.SVG, "picture.png", Reason.DANGEROUS),
        (samples.HTML, "notes.txt", Reason.DANGEROUS),
        (b"#!/bin/sh\nrm -rf /\n", "notes.txt", Reason.DANGEROUS),
        (samples.PNG, "invoice.pdf", Reason.MISNAMED),
        (samples.PDF, "invoice.txt", Reason.MISNAMED),
        (b"\x01\x02\x03 no text", "notes.txt", Reason.MISNAMED),
        (samples.EXE, "setup.exe", Reason.NOT_TAKEN),
        (samples.HTML, "page.html", Reason.NOT_TAKEN),
        (samples.PDF, "invoice.pdf.exe", Reason.NOT_TAKEN),
        (samples.PDF, "no extension", Reason.NOT_TAKEN),
        (b"", "empty.pdf", Reason.EMPTY),
        (samples.office(xl__vbaProject_DOT_bin=b"macros"), "list.xlsx", Reason.DANGEROUS),
        (samples.office(word__embeddings__run_DOT_exe=b"MZ"), "list.xlsx", Reason.DANGEROUS),
        (samples.package(notes_DOT_txt=b"x"), "list.xlsx", Reason.NOT_TAKEN),
        (samples.office("word/document.xml"), "list.xlsx", Reason.MISNAMED),
        (samples.office()[:-30], "list.xlsx", Reason.BROKEN),
        (b"PK\x03\x04 and nothing more", "list.xlsx", Reason.BROKEN),
    ],
)
def test_L10_what_could_do_harm_or_is_misnamed_is_refused(content: bytes, name: str, why: Reason) -> None:
    assert reason(content, name) == why


def test_L10_a_bomb_in_any_part_is_refused_quickly() -> None:
    content = samples.bomb()
    assert len(content) < MEGABYTE
    began = time.monotonic()
    assert reason(content, "list.xlsx") == Reason.DANGEROUS
    assert time.monotonic() - began < 5


def test_L10_a_file_beyond_the_size_is_not_read() -> None:
    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("it is too large to be read")

    with pytest.raises(FileRefused) as refused:
        judge(Unread(), 11 * MEGABYTE, "large.pdf")
    assert refused.value.reason == Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\anna\\list.txt", "list.txt"),
        ("list\r\nBcc: all@example.com.txt", "listBcc: all@example.com.txt"),
        ("gnp\u202etxt.txt", "gnptxt.txt"),
    ],
)
def test_L10_a_name_loses_its_path_and_what_headers_cannot_have(cast: Cast, name: str, kept: str) -> None:
    taken = take(stream(samples.TEXT), len(samples.TEXT), name, cast.anna.person)
    assert taken.file.name == kept


def test_L10_what_is_not_sent_is_thrown_away_and_bounded(cast: Cast, noon: dt.datetime) -> None:
    for _ in range(MOST_UNSENT + 5):
        take(stream(samples.TEXT), len(samples.TEXT), "list.txt", cast.anna.person)
    assert Attachment.objects.pending(cast.anna.person).count() == MOST_UNSENT
    with clock.stopped(noon + dt.timedelta(hours=23)):
        assert prune() == 0
    with clock.stopped(noon + dt.timedelta(hours=25)):
        assert prune() == MOST_UNSENT
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)
