"""Bank statements: every entry is told, understood or not, and a hostile file is refused."""

import datetime as dt
import io
import re
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from abonent.formats.bank import entries as statements
from abonent.formats.bank.entries import BankEntry, Mark, Problem, Read, Refusal, StatementRefused, Unread
from abonent.formats.bank.reading import contents, format_of, read
from tests.formats.bank.samples import DOCUMENT, NS, OWN, PAYER, camt, client_bank, details, entry, section

MINSK = ZoneInfo("Europe/Minsk")
PAID = BankEntry(
    line=9,
    credited=OWN,
    debited=PAYER,
    amount=Decimal("175.68"),
    currency="",
    booked=dt.date(2026, 11, 21),
    number="17",
    payer="ООО «Ромашка»",
    payer_tax_id="100000001",
    purpose=DOCUMENT["НазначениеПлатежа"],
)


def all_of(data: bytes) -> list[Read]:
    return list(read(data, MINSK))


def refused(data: bytes) -> Refusal:
    with pytest.raises(StatementRefused) as error:
        all_of(data)
    assert error.value.message()
    return error.value.reason


@pytest.mark.parametrize(
    ("encoding", "says"), [("cp1251", "Windows"), ("cp866", "DOS"), ("utf-8", "UTF-8"), ("utf-8-sig", "Windows")]
)
def test_L2_1c_in_each_encoding_says_the_same(encoding: str, says: str) -> None:
    """cp866 has no «»: the name goes without."""
    plain = {"Плательщик1": "ООО Ромашка"}
    assert all_of(client_bank(plain, encoding=encoding, says=says)) == [replace(PAID, payer="ООО Ромашка")]


def test_L2_1c_gives_each_document_of_a_file_in_order() -> None:
    data = client_bank(
        {"Сумма": "1 234,50", "КодВалюты": "933", "ДатаПоступило": ""},
        {"Номер": "", "НазначениеПлатежа": "", "НазначениеПлатежа1": "л/с", "НазначениеПлатежа2": "00020000001"},
        {"ПолучательСчет": "", "ПолучательРасчСчет": "by00 prmr 3012 0000 0000 1000 0000"},
    )
    first, second, third = all_of(data)
    assert isinstance(first, BankEntry)
    assert isinstance(second, BankEntry)
    assert isinstance(third, BankEntry)
    assert (first.amount, first.currency, first.booked) == (Decimal("1234.50"), "BYN", dt.date(2026, 11, 20))
    assert (second.number, second.purpose) == ("", "л/с 00020000001")
    assert third.credited == OWN


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"Сумма": "сто"}, Problem.AMOUNT),
        ({"Сумма": "10.005"}, Problem.AMOUNT),
        ({"Сумма": "1e5"}, Problem.AMOUNT),
        ({"Сумма": ""}, Problem.AMOUNT),
        ({"ДатаПоступило": "31.02.2026"}, Problem.DATE),
        ({"ДатаПоступило": "", "Дата": ""}, Problem.DATE),
        ({"Сумма": "10.00\r\nСумма=20.00"}, Problem.TWO_VALUES),
        ({"НазначениеПлатежа": "х" * 3000}, Problem.TOO_LONG),
    ],
)
def test_L2_1c_a_document_that_is_not_understood_is_told_and_spoils_no_other(
    changed: dict[str, str], problem: Problem
) -> None:
    bad, good = all_of(client_bank(changed, {}))
    assert isinstance(bad, Unread)
    assert (bad.line, bad.problem) == (9, problem)
    assert isinstance(good, BankEntry)


def test_L2_what_cannot_be_shown_is_left_out_of_texts() -> None:
    (found,) = all_of(client_bank({"Плательщик1": "ООО\x01 «Ро\x1fма\x7fшка»", "Номер": "1\x02"}))
    assert isinstance(found, BankEntry)
    assert (found.payer, found.number) == ("ООО «Ро машка»", "1")


def test_L2_1c_nothing_is_dropped_without_a_word() -> None:
    """Text that belongs nowhere, a document that another one interrupts, a purpose of two lines, a file cut off."""
    unfinished = section({}).replace("КонецДокумента\r\n", "")
    data = client_bank({"НазначениеПлатежа": "оплата за\r\n00020000001"}, end="")
    data += f"что это\r\n{unfinished}{section({})}".encode("cp1251")
    found = all_of(data)
    problems = [one.problem for one in found if isinstance(one, Unread)]
    assert problems == [Problem.UNKNOWN_TEXT, Problem.UNFINISHED, Problem.CUT]
    purposes = [one.purpose for one in found if isinstance(one, BankEntry)]
    assert purposes == ["оплата за 00020000001", DOCUMENT["НазначениеПлатежа"]]


@pytest.mark.parametrize("version", ["02", "04", "06", "08"])
def test_L2_camt053_of_each_version_says_the_same(version: str) -> None:
    new = version == "08"
    status = "<Cd>BOOK</Cd>" if new else "BOOK"
    found = all_of(camt([entry(details(party=new), status=status)], version))
    assert [replace(one, line=9) for one in found if isinstance(one, BankEntry)] == [replace(PAID, currency="BYN")]


def test_L2_camt053_a_batch_is_its_payments_and_adds_up() -> None:
    parts = [details(number="1", amount="100.68"), details(number="2", amount="75.00")]
    first, second = all_of(camt([entry(*parts)]))
    assert isinstance(first, BankEntry)
    assert isinstance(second, BankEntry)
    assert [(first.number, first.amount), (second.number, second.amount)] == [
        ("1", Decimal("100.68")),
        ("2", Decimal("75.00")),
    ]
    for wrong in ([*parts, details(number="3", amount="0.01")], [details(number="1"), details(number="2")]):
        (bad,) = all_of(camt([entry(*wrong)]))
        assert isinstance(bad, Unread)
        assert bad.problem == Problem.PARTS


def test_L2_camt053_tells_reversals_what_is_pending_and_debits() -> None:
    found = all_of(
        camt(
            [
                entry(details(), extra="<RvslInd>true</RvslInd>"),
                entry(details(), status="PDNG"),
                entry(details(), direction="DBIT"),
                entry(day="<DtTm>2026-11-20T22:30:00Z</DtTm>", extra="<RvslInd>false</RvslInd>"),
                entry(direction="?"),
                entry(amount="-"),
                entry(day=""),
                entry(day="<DtTm>0001-01-01T00:00:00+03:00</DtTm>"),
            ]
        )
    )
    marks = [(one.mark, one.debited) for one in found if isinstance(one, BankEntry)]
    assert marks == [(Mark.REVERSAL, PAYER), (Mark.PENDING, PAYER), (Mark.PLAIN, OWN), (Mark.PLAIN, "")]
    assert isinstance(found[3], BankEntry)
    assert found[3].booked == dt.date(2026, 11, 21)
    problems = [one.problem for one in found if isinstance(one, Unread)]
    assert problems == [Problem.DIRECTION, Problem.AMOUNT, Problem.DATE, Problem.DATE]


def test_L2_what_is_no_statement_is_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    outside = '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">'
    whole = camt([entry(details())])
    assert refused(camt([], head=bomb)) == refused(camt([], head=outside)) == Refusal.DECLARATIONS
    assert refused(camt([], "09")) == Refusal.VERSION
    assert refused(whole.replace(NS.encode(), b"urn:other:camt.053.001.")) == Refusal.NOT_A_STATEMENT
    assert refused(whole[:-40]) == refused(whole.replace(b"</Ntry>", b"")) == Refusal.BROKEN
    assert refused(whole.replace(b"<GrpHdr/>", b"<GrpHdr>" + b"<a>" * 70)) == Refusal.BROKEN
    binary = (b"", b"%PDF-1.7", b"PK\3\4", bytes(range(256)), client_bank({}).replace(b"17", b"1\0"))
    assert {refused(data) for data in binary} == {Refusal.NOT_A_STATEMENT}


def test_L2_a_tag_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abonent.formats.bank.camt053.MAX_PENDING", 100_000)
    head = camt([]).partition(b"<GrpHdr/>")[0]
    assert refused(head + b'<GrpHdr a="' + b"x" * 400_000) == Refusal.BROKEN


def test_L2_a_file_has_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert contents(io.BytesIO(b"123"), 3) == b"123"
    with pytest.raises(StatementRefused, match=re.escape(Refusal.TOO_LARGE.value)):
        contents(io.BytesIO(b"1234"), 3)
    for module in ("client_bank", "camt053"):
        monkeypatch.setattr(f"abonent.formats.bank.{module}.MAX_ENTRIES", 2)
    assert refused(client_bank({}, {}, {})) == refused(camt([entry(details())] * 3)) == Refusal.TOO_MANY
    assert statements.MAX_BYTES == 50 * 1024 * 1024


def test_L2_the_content_says_what_a_file_is() -> None:
    assert (format_of(client_bank({})), format_of(camt([]))) == ("1c", "camt.053")
