"""A file that is damaged, hostile or of another sort is refused, with a reason, before anything of it is believed."""

import datetime as dt
import io
import random
import zipfile

import pikepdf
import pytest

from abonent.expenses.formats import bounded
from abonent.expenses.formats.content import Form, Item, Row, Section, Stray, Unreadable, Why
from abonent.expenses.formats.reading import form_of, read
from tests.expenses.taken_apart import FORMS
from tests.formats.sample import ROW, report, written

UTC = dt.UTC


def items(data: bytes) -> list[Item]:
    return list(read(io.BytesIO(data), UTC))


def why(data: bytes) -> Why:
    with pytest.raises(Unreadable) as caught:
        items(data)
    return caught.value.why


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return {form: written(form, report([ROW] * 30)) for form in FORMS}


@pytest.mark.parametrize("form", FORMS)
def test_the_content_says_what_a_file_is(files: dict[str, bytes], form: str) -> None:
    assert form_of(io.BytesIO(files[form])) == Form(form)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "csv"])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_that_breaks_off_is_refused(files: dict[str, bytes], form: str, share: float) -> None:
    data = files[form]
    assert why(data[: int(len(data) * share)]) in {Why.BROKEN, Why.UNKNOWN}


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"hello", b"GIF89a\x00", "привет\nмир\n".encode()])
def test_something_else_is_refused(data: bytes) -> None:
    assert why(data) is Why.UNKNOWN


BOMB = b"".join(b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))


@pytest.mark.parametrize(
    "start",
    [b"<!DOCTYPE report>", b'<!DOCTYPE report [<!ENTITY a0 "ha">' + BOMB + b"]>", b"<!-- x --><!DOCTYPE report>"],
)
def test_xml_with_declarations_is_refused(start: bytes) -> None:
    body = b'<report xmlns="urn:abonent:report:1"><section>&a11;</section></report>'
    assert why(b'<?xml version="1.0"?>' + start + body) is Why.DECLARATIONS
    assert why(b"<report>" + start + body) is Why.BROKEN


def test_xml_in_another_encoding_cannot_hide_a_declaration() -> None:
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE report><report/>'.encode("utf-16")
    assert why(hidden) is Why.UNKNOWN
    assert why(b'<?xml version="1.0" encoding="UTF-7"?><report/>') is Why.BROKEN


def test_what_stands_where_nothing_should_is_told(files: dict[str, bytes]) -> None:
    data = files["xml"].replace(b"</columns>", b"</columns><note>lost?</note>", 1)
    data = data.replace(b"</row>", b"<extra>7</extra></row>", 1).replace(b"</report>", b"<more>x</more></report>")
    assert [item.text for item in items(data) if isinstance(item, Stray)] == ["7", "lost?", "x"]
    assert sum(isinstance(item, Row) for item in items(data)) == 30
    csv = files["csv"].replace(b";1610612736\r\n", b";1610612736;2;3\r\n", 1)
    assert [item.text for item in items(csv) if isinstance(item, Stray)] == ["2;3"]
    assert sum(isinstance(item, Row) for item in items(csv)) == 30


def test_cells_of_xml_are_taken_by_their_names() -> None:
    columns = '<column key="a" title="A" kind="text"/><column key="b" title="B" kind="integer"/>'
    rows = "<row><b>2</b><a>one</a></row><row><a/></row>"
    section = f'<section key="s" title=""><columns>{columns}</columns>{rows}</section>'
    data = f'<report xmlns="urn:abonent:report:1" kind="x" title="t">{section}</report>'
    assert [item.values for item in items(data.encode()) if isinstance(item, Row)] == [("one", 2), (None, None)]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The file with something altered, taken away or written twice in a few places."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10))):
        at, length = chance.randrange(len(changed)), chance.randrange(1, 20)
        match chance.randrange(3):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + length]
            case _:
                changed[at:at] = changed[at : at + length]
    return bytes(changed)


@pytest.mark.parametrize("form", FORMS)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(files: dict[str, bytes], form: str) -> None:
    chance = random.Random(form)  # noqa: S311  # damage that is the same each time
    refused = 0
    for _ in range(40):
        try:
            items(damaged(files[form], chance))
        except Unreadable:
            refused += 1
    assert refused > 0 or form == "html"  # a page has a way with damage


def sheet_of(data: bytes, change: bytes) -> bytes:
    """The workbook with another first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info)
            new.writestr(info.filename, change if info.filename.endswith("sheet1.xml") else content)
    return out.getvalue()


def test_a_workbook_that_inflates_too_far_is_refused(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_BETWEEN", 200_000)
    monkeypatch.setattr("abonent.expenses.formats.package_xlsx.FREE", 100_000)
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    assert why(sheet_of(files["xlsx"], start + b"<row></row>" * 100_000)) is Why.TOO_LARGE
    assert why(sheet_of(files["xlsx"], start + b"<row>" + b" " * 300_000)) is Why.TOO_LARGE
    assert why(sheet_of(files["xlsx"], b'<!DOCTYPE x [<!ENTITY a "b">]>' + start)) is Why.DECLARATIONS
    assert why(sheet_of(files["xlsx"], start + b'<row><c r="ZZZZ1"><v>1</v></c></row>')) is Why.TOO_LARGE


def test_a_locked_workbook_and_a_damaged_directory_are_refused(files: dict[str, bytes]) -> None:
    data = files["xlsx"]
    assert why(data[:-22] + b"\x00" * 22) is Why.BROKEN
    assert why(b"PK\x03\x04" + b"x" * 100) is Why.BROKEN


def test_a_page_that_inflates_too_far_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page().obj.Contents = pdf.make_stream(b"q " * 500_000)
    out = io.BytesIO()
    pdf.save(out, compress_streams=True)
    data = out.getvalue()
    assert len(data) < 10_000
    assert not [item for item in items(data) if isinstance(item, Section)]
    monkeypatch.setattr("abonent.expenses.formats.pdf_content.MAX_PAGE", 100_000)
    assert why(data) is Why.TOO_LARGE


def test_a_line_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "MAX_LINE", 10_000)
    assert why(b"\xef\xbb\xbf" + b"x" * 20_000) is Why.TOO_LARGE
    assert why(b"Title\n\n" + b"x" * 20_000) is Why.TOO_LARGE
    assert why(b"\xef\xbb\xbfa;b\r\n\xff\xfe;1\r\n") is Why.BROKEN
