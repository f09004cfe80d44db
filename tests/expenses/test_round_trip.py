"""Each kind of document in each format and language says the same when it is taken apart (V5; issue: round trip).

The readers know the documented layouts alone (`tests/house/test_architecture.py` sees to it).
"""

import datetime as dt
import io
import itertools
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.translation import override
from pytest_django.plugin import DjangoDbBlocker

from abonent.billing.ledger import correct
from abonent.billing.payments import receive
from abonent.billing.spending import Spending
from abonent.documents import history, subscriber_list
from abonent.documents.call_params import CallParams
from abonent.documents.document import Document, Params
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from abonent.documents.subscriber_columns import COLUMNS, Shown
from abonent.expenses.formats.content import Form
from abonent.expenses.formats.invoice_ubl import attached
from abonent.formats.report import Report
from abonent.formats.text import clean
from abonent.orders import listing, result
from abonent.orders.models import Order
from abonent.profile import current
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import NOON
from tests.documents.conftest import OCTOBER, Company, built
from tests.expenses.taken_apart import FORMS, Taken, assert_same, bytes_of, frozen, paper_agrees, taken
from tests.orders.world import placed, work

pytestmark = pytest.mark.django_db  # the documents are read from one before the first test

LANGUAGES = ("ru", "be", "en")
NAMES = ['Кацярына; "Іванаўна"', "=1+1", "O'Neil & <Sons>", "'=quoted", "Иванова " * 8]
_DAYS: Params = {"first": "2026-10-01", "last": "2026-11-09"}
ASKED: dict[str, Params] = {
    "invoice": {"month": str(OCTOBER)},
    "call_details": CallParams(dt.date(2026, 10, 1), dt.date(2026, 10, 31)).kept(),
    "subscriber_list": {},
    "reconciliation": _DAYS,
    "payments": _DAYS,
    "current_charges": {},
}
# What a page hands out beside the kinds.
EXPORTS: dict[str, Callable[[Company, str], Report]] = {
    "history": lambda company, _language: history.report(history.visible(company.cast.olga)),
    "order": lambda _company, language: result.report(Order.objects.get(), language),
    "orders": lambda company, language: listing.report(Order.objects.all(), company.cast.anna, language),
    "list with costs": lambda company, _language: subscriber_list.report(
        Subscriber.objects.filter(account=company.cast.first), shown=_everything(company)
    ),
}
GONE_ROUND = [*(kind for kind in ASKED if kind in KINDS), *EXPORTS]
Documents = dict[tuple[str, str], Document]


@pytest.fixture(scope="module")
def documents(
    django_db_setup: None,  # noqa: ARG001  # the database is what it stands in
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Documents:
    """Every kind in every language, of one company that is billed once."""
    with django_db_blocker.unblock(), transaction.atomic():
        with built(tmp_path_factory.mktemp("company"), _rename) as company:
            _book(company)
            _order(company)
            pairs = list(itertools.product(GONE_ROUND, LANGUAGES))
            made = {(kind, language): _collected(company, kind, language) for kind, language in pairs}
        transaction.set_rollback(True)
    return made


def _rename(cast: Cast) -> None:
    """Before the month is billed, so that invoices have these names too."""
    for line, name in zip(cast.subscribers, itertools.cycle(NAMES), strict=False):
        line.last_name = name
        line.save()
        line.name_holdings.update(last_name=name)


def _book(company: Company) -> None:
    account, gross = company.cast.first, company.invoice(company.cast.first).gross
    receive(account, gross - 1, received_at=NOON - dt.timedelta(days=3), reference="p; 1")
    correct(account, Decimal("1234.45"), reference="c1", note='a "wrong"; fee', at=NOON - dt.timedelta(days=1))


def test_V4_the_attached_invoice_for_programs_says_the_same(documents: Documents) -> None:
    for language in LANGUAGES:
        report, document = documents["invoice", language].report, documents["invoice", language]
        data = attached(io.BytesIO(bytes_of(document, "pdf")))
        assert data
        found = taken(data, current().zone)
        wanted = {section.key: section for section in report.sections}
        taxes, lines = found.tables
        net, vat, _gross = (wanted["lines"].total_row() or ())[-3:]
        assert (taxes.totals or ())[-2:] == (lines.totals or ())[-2:] == (net, vat)
        assert [row[1:] for row in taxes.rows] == [tuple(row[1:3]) for row in wanted["taxes"].rows]
        people = [(row[0], *row[3:5], *row[5:7]) for row in wanted["subscribers"].rows]
        assert [(row[0], *row[3:5], *row[6:]) for row in lines.rows] == people
        assert [row[1] for row in lines.rows] == [clean(row[1]).strip() for row in wanted["subscribers"].rows]
        told = {fact.key: fact.value for fact in found.opening.facts}
        facts = {fact.key: fact.value for fact in report.facts}
        assert (told["number"], told["account"], told["words"]) == (facts["number"], facts["account"], facts["words"])
        assert (found.opening.language, found.opening.form) == (language, Form.UBL)


def _order(company: Company) -> None:
    lines = [line.pk for line in company.cast.subscribers]
    work(placed(company.cast.anna, lines, service=company.cast.catalog.service.pk))


def _everything(company: Company) -> Shown:
    return Shown(tuple(COLUMNS.values()), Spending.last(company.cast.anna))


def _collected(company: Company, kind: str, language: str) -> Document:
    if kind not in KINDS:
        with override(language):
            return Document(frozen(EXPORTS[kind](company, language)), 0)
    request = DocumentRequest(kind=kind, params=dict(ASKED[kind]), account=company.cast.first, language=language)
    with override(language), KINDS[kind].collect(request) as document:
        annex = frozen(document.annex) if document.annex else None
        told = document.electronic
        electronic = replace(told, lines=tuple(told.lines)) if told else None
        return replace(document, report=frozen(document.report), annex=annex, electronic=electronic)


def found_in(documents: Documents, kind: str, language: str, form: str) -> tuple[Report, Taken]:
    document = documents[kind, language]
    with override(language):
        return document.report, taken(bytes_of(document, form), current().zone)


def test_every_kind_goes_the_round_trip() -> None:
    assert set(KINDS) <= set(ASKED)
    assert all(set(kind.formats) <= set(FORMS) for kind in KINDS.values())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", GONE_ROUND)
def test_V5_a_reader_finds_the_same_lines_and_totals(documents: Documents, kind: str, language: str, form: str) -> None:
    report, found = found_in(documents, kind, language, form)
    wanted = list(report.sections)
    if kind == "invoice" and form == "pdf":
        wanted = [section for section in wanted if section.key != "lines"]  # on paper, a row for each subscriber
    assert [(table.key, table.title) for table in found.tables] == [(one.key, one.title) for one in wanted]
    for table, section in zip(found.tables, wanted, strict=True):
        assert_same(table, section, form)
    assert found.strays == []
    # An invoice and current charges have the same tables, and a CSV has no title.
    assert found.opening.kind == ("" if form == "csv" and kind in {"invoice", "current_charges"} else report.key)
    assert any(table.rows for table in found.tables)


@pytest.mark.parametrize("form", [form for form in FORMS if form != "csv"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in GONE_ROUND if kind != "invoice"])
def test_V5_a_reader_finds_the_same_heading(documents: Documents, kind: str, language: str, form: str) -> None:
    report, found = found_in(documents, kind, language, form)
    opening = found.opening
    assert opening.title == report.title
    assert [fact.label for fact in opening.facts] == [fact.label for fact in report.facts]
    for known, wanted in zip(opening.facts, report.facts, strict=True):
        assert paper_agrees(known.value, wanted.value)
        assert known.key in {wanted.key, ""}
    formed = opening.formed or (found.closing and found.closing.formed)
    assert formed == (None if form == "xlsx" else report.formed.replace(microsecond=0))
    if form in {"pdf", "xml", "html"}:
        assert opening.language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_V4_an_annex_is_read_with_its_cover(documents: Documents, language: str) -> None:
    document = documents["invoice", language]
    people = next(section for section in document.report.sections if section.key == "subscribers")
    many = replace(people, rows=list(people.rows) * 40)
    annex = replace(document.report, sections=(many,))
    assert document.cover
    whole = replace(document, cover=replace(document.cover, subscribers=None), annex=annex)
    with override(language):
        found = taken(bytes_of(whole, "pdf"), current().zone)
    assert [table.key for table in found.tables] == ["summary", "taxes", "subscribers"]
    assert_same(found.tables[-1], many, "pdf")
    assert found.strays == []
    assert {fact.label for fact in found.opening.facts} >= {fact.label for fact in document.report.facts}
