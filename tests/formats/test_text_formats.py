import csv
import io
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from abonent.formats.delimited import defused
from abonent.formats.report import Column, Kind
from abonent.formats.writers import WRITERS
from tests.formats.sample import COLUMNS, EMPTY, ROW, names, report, written

SCHEMA = Path(__file__).parents[2] / "docs" / "formats" / "report.xsd"
NS = {"r": "urn:abonent:report:1"}


def parsed(data: bytes) -> etree._Element:
    root = etree.fromstring(data)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(root)
    return root


def test_V5_xml_follows_its_schema_and_keeps_canonical_values() -> None:
    root = parsed(written("xml", report([ROW, EMPTY], totals=("Итого", None, 5, Decimal("0.1"), None, None, 60, None))))
    row, empty = root.findall("r:section/r:row", NS)
    assert [cell.text for cell in row] == [
        "Іваноў Ян",
        "375291234567",
        "1234",
        "1234567.50",
        "2026-10-31",
        "2026-10-31T23:59:59+03:00",
        "97385",
        "1610612736",
    ]
    assert [cell.text for cell in empty] == [None] * 8
    assert [cell.text for cell in root.findall("r:section/r:totals/*", NS)] == ["5", "0.10", "60"]
    assert root.findtext("r:fact", None, NS) == "ООО «Пример»"


def test_V5_xml_never_writes_an_exponent() -> None:
    columns = (Column("net", "Net", Kind.AMOUNT, 10, 4),)
    root = parsed(written("xml", report([(Decimal("0E-4"),), (Decimal("1E+3"),)], columns)))
    assert [row[0].text for row in root.findall("r:section/r:row", NS)] == ["0.0000", "1000.0000"]


def test_V5_a_key_that_cannot_be_an_element_is_refused() -> None:
    with pytest.raises(ValueError, match="lower-case"):
        written("xml", report([], (Column("два слова", "x", Kind.TEXT, 5),)))


def test_V5_html_has_every_row_and_nothing_from_elsewhere() -> None:
    data = written("html", report([ROW] * 3, totals=ROW))
    tree = html.fromstring(data.decode())
    assert len(tree.findall(".//tbody/tr")) == 3
    assert len(tree.findall(".//tfoot/tr")) == 1
    cells = ["".join(map(str, cell.itertext())) for cell in tree.findall(".//tbody/tr")[0]]
    assert cells[1] == "+375 29 123-45-67"
    assert cells[3] == "1234567,50"
    assert not re.search(rb"<script|<link|src=|href=", data)


def test_V5_text_columns_are_aligned() -> None:
    lines = written("txt", report([ROW, EMPTY], totals=("Итого", *EMPTY[1:]))).decode().splitlines()
    row = next(line for line in lines if "Іваноў" in line)
    head = next(line for line in lines if "Вызовов" in line)
    assert row.index("+375") == head.index("Номер")
    assert row.index("1\u00a0234 ") + len("1\u00a0234") == head.index("Вызовов") + len("Вызовов") + 2 - 2


def test_V5_csv_reads_back() -> None:
    data = written("csv", report([ROW]))
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1] == [column.title for column in COLUMNS]
    assert rows[2][:6] == ["Іваноў Ян", "375291234567", "1234", "1234567,50", "2026-10-31", "2026-10-31 23:59:59"]


@pytest.mark.parametrize("text", ["=1+1", "@a", "+cmd|'x'", "-1+1", " =1", "＝1", "%0"])
def test_V5_csv_defuses_formulas(text: str) -> None:
    assert defused(text) == "'" + text


@pytest.mark.parametrize("text", ["+375291234567", "375291234567", "-12,50", "Иванов", ""])
def test_V5_csv_leaves_phones_and_numbers(text: str) -> None:
    assert defused(text) == text


@pytest.mark.parametrize("form", ["xml", "html", "txt", "csv"])
def test_V5_progress_counts_the_rows(form: str) -> None:
    seen: list[int] = []
    WRITERS[form].write(report([ROW] * 1100), io.BytesIO(), seen.append)
    assert seen == [512, 1024, 1100]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, categories=None), max_size=60), max_size=20))
def test_V5_no_name_makes_broken_xml(texts: list[str]) -> None:
    root = parsed(written("xml", names(*texts)))
    assert len(root.findall("r:section/r:row", NS)) == len(texts)
    for form in ["html", "txt", "csv"]:
        written(form, names(*texts)).decode()
