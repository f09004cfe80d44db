import io
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from abonent.formats import pdfjoin
from abonent.formats.invoice import Cover, Due, Party, Payment, Table, render
from abonent.formats.qr import svg
from abonent.formats.typst import Attachment, compile_document
from tests.formats.archival import violations
from tests.formats.sample import ROW, pages_of, report, written

FORMED = datetime(2026, 11, 1, 9, tzinfo=UTC)
SUMMARY = Table(
    "Начисления",
    ("Вид", "К-во", "Без НДС", "НДС", "Всего"),
    [("Плата", "2", "1\u202f234,50", "246,90", "1\u202f481,40")],
    ("Итого", "", "1\u202f234,50", "246,90", "1\u202f481,40"),
)
SUBSCRIBERS = Table(
    "По абонентам",
    ("Номер", "Имя", "Тариф", "Плата", "Услуги", "Без НДС", "НДС", "Всего"),
    [("+375 29 100-00-00", "Іваноў", "Плюс", "1,00", "2,00", "3,00", "0,60", "3,60")] * 3,
    ("Итого", "", "", "3,00", "6,00", "9,00", "1,80", "10,80"),
    text_columns=3,
)
DATA = Attachment("invoice.xml", "<a/>", "application/xml", "Данные")
COVER = Cover(
    language="ru",
    title="Счёт № 417",
    operator=Party("Оператор", "Оператор связи", ("УНП 1",)),
    client=Party("Клиент", "ООО «Заря»", ("УНП 2",)),
    facts=(("Лицевой счёт", "00020123456"), ("Период", "10.2026")),
    due=Due("К оплате", "1\u202f481,40", "до 25.11.2026"),
    summary=SUMMARY,
    words=("Одна тысяча",),
    page="Страница {page} из {total}",
    notes=("Без подписи.",),
    payment=Payment(svg("pay"), "QR-код", "Оплата"),
    subscribers=SUBSCRIBERS,
)


def test_S2_the_cover_says_what_it_was_given_and_numbers_are_copied_as_numbers() -> None:
    (text,) = pages_of(render(COVER, FORMED))
    for shown in [
        "Счёт № 417",
        "ООО «Заря»",
        "00020123456",
        "1481,40",
        "1234,50",
        "Одна тысяча",
        "Страница 1 из 1",
        "10,80",
    ]:
        assert shown in text


def test_S2_the_cover_is_archival_and_accessible_and_carries_its_data() -> None:
    data = render(COVER, FORMED, attachments=[DATA])
    with pikepdf.open(io.BytesIO(data)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
        assert str(document.Root.Lang) == "ru"
        assert document.attachments["invoice.xml"].get_file().read_bytes() == b"<a/>"
        assert document.check_pdf_syntax() == []
    assert violations(data) == []


def _forget_colours(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.OutputIntents


def _forget_the_attachment(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AF


def _widen(pdf: pikepdf.Pdf) -> None:
    font = next(iter(pdf.pages[0].resources.Font.values())).DescendantFonts[0]
    font.W = pikepdf.Array([0, 0xFFFF, 1])


def _mean_nothing(pdf: pikepdf.Pdf) -> None:
    next(iter(pdf.pages[0].resources.Font.values())).ToUnicode = pdf.make_stream(b"beginbfchar endbfchar")


def _show_no_glyph(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"BT <0000> Tj ET")


@pytest.mark.parametrize("harm", [_forget_colours, _forget_the_attachment, _widen, _mean_nothing, _show_no_glyph])
def test_what_an_archive_would_refuse_is_found(harm: Callable[[pikepdf.Pdf], None]) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(render(COVER, FORMED, attachments=[DATA]))) as pdf:
        harm(pdf)
        pdf.save(out)
    assert violations(out.getvalue())


def test_S2_the_same_invoice_gives_the_same_bytes() -> None:
    assert render(COVER, FORMED) == render(COVER, FORMED)


def test_S2_a_cover_without_code_and_breakdown_is_whole() -> None:
    (text,) = pages_of(render(replace(COVER, payment=None, subscribers=None), FORMED))
    assert "Без подписи." in text


def test_S2_a_breakdown_too_long_for_a_cover_is_refused() -> None:
    long = replace(SUBSCRIBERS, rows=[SUBSCRIBERS.rows[0]] * 301)
    with pytest.raises(ValueError, match="300"):
        render(replace(COVER, subscribers=long), FORMED)


def test_S2_a_long_word_stays_in_its_column_and_is_copied_whole() -> None:
    word = "Ж" * 250
    rows = [("+375 29 100-00-00", word, word, "1,00", "2,00", "3,00", "0,60", "3,60")]
    data = render(replace(COVER, subscribers=replace(SUBSCRIBERS, rows=rows)), FORMED)
    assert "".join(pages_of(data)).replace("\r\n", "").count(word) == 2
    document = pypdfium2.PdfDocument(data)
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        assert max(right for _, _, right, _ in boxes) < page.get_width()
    document.close()


@pytest.mark.parametrize(
    "name", ['#eval("1")', "*bold* _x_ $a$ `b` <c> @d \\ //", "= Заголовок", '#include "/etc/passwd"']
)
def test_S2_data_is_never_markup(name: str) -> None:
    (text,) = pages_of(render(replace(COVER, client=Party("Клиент", name, ())), FORMED))
    assert name.split(maxsplit=1)[0].strip('"') in text


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, categories=None), max_size=40), max_size=8))
def test_S2_no_name_keeps_an_invoice_from_being_made(names: list[str]) -> None:
    name = " ".join(names)
    assert pages_of(render(replace(COVER, client=Party(name, name, tuple(names)), subscribers=None), FORMED))


def test_S2_each_thread_has_its_own_compiler(tmp_path: Path) -> None:
    template = tmp_path / "a.typ"
    template.write_text("#let data = json(bytes(sys.inputs.data))\n#data.text")
    made: dict[int, bytes] = {}

    def make(number: int) -> None:
        made[number] = compile_document(template, {"text": f"номер {number}"}, FORMED, standards=("1.7",))

    threads = [threading.Thread(target=make, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {number: pages_of(pdf)[0].strip() for number, pdf in made.items()} == {n: f"номер {n}" for n in range(4)}


def test_L3_a_code_reads_back_with_every_letter() -> None:
    barcode = zxingcpp.create_barcode("ST00012|Name=ООО «Заря»|Sum=148140", zxingcpp.BarcodeFormat.QRCode)
    (found,) = zxingcpp.read_barcodes(zxingcpp.write_barcode_to_image(barcode, scale=4))
    assert found.text == "ST00012|Name=ООО «Заря»|Sum=148140"
    assert "<svg" in svg(found.text)


def test_S2_an_annex_follows_the_cover(tmp_path: Path) -> None:
    annex, out = tmp_path / "annex.pdf", tmp_path / "whole.pdf"
    annex.write_bytes(written("pdf", report([ROW] * 300)))
    cover = render(COVER, FORMED, attachments=[DATA])
    count = pdfjoin.join(cover, [annex], out)
    pages = pages_of(out.read_bytes())
    assert len(pages) == count > 5
    assert "Счёт № 417" in pages[0]
    assert sum(text.count("+375 29 123-45-67") for text in pages) == 300
    with pikepdf.open(out) as document, document.open_metadata() as metadata, document.open_outline() as outline:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "U")
        assert "pdfuaid:part" not in metadata
        assert document.attachments["invoice.xml"].get_file().read_bytes() == b"<a/>"
        assert [item.title for item in outline.root] == ["Счёт № 417", "Список"]
        assert document.check_pdf_syntax() == []
    assert violations(out.read_bytes()) == []


def test_S2_a_cover_without_annexes_stays_what_it_is(tmp_path: Path) -> None:
    out = tmp_path / "whole.pdf"
    pdfjoin.join(render(COVER, FORMED), [], out)
    with pikepdf.open(out) as document, document.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "3"
