"""Every kind of document in every format and language, from one description of its data."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import transaction
from django.utils.translation import override
from lxml import etree
from pytest_django.plugin import DjangoDbBlocker

from abonent.audit.journal import record
from abonent.billing.current import refresh
from abonent.billing.models import Payment
from abonent.billing.payments import Payer, receive
from abonent.clients.models import Account
from abonent.documents import history, payments, subscriber_list
from abonent.documents.document import Params
from abonent.documents.downloads import DOWNLOADS
from abonent.documents.kinds import KINDS
from abonent.formats.report import Cell, Kind, Report
from abonent.formats.writers import WRITERS
from abonent.orders import listing, result
from abonent.orders.models import Order
from abonent.orders.selection import Source
from abonent.subscribers.models import Subscriber
from tests.conftest import NOON
from tests.documents.conftest import Company, built
from tests.expenses.taken_apart import frozen
from tests.formats.sample import written
from tests.orders.world import draft, file_of

pytestmark = pytest.mark.django_db  # the reports are read before the first test

DOCS = Path(__file__).parents[2] / "docs" / "formats"
LANGUAGES = ("ru", "be", "en")
DAYS = {"first": "2026-10-01", "last": "2026-11-09"}
PARAMS: dict[str, Params] = {
    "invoice": {"month": "2026-10"},
    "call_details": {"first": "2026-10-01", "last": "2026-10-31", "directions": "both", "subscribers": None},
    "subscriber_list": {},
    "reconciliation": DAYS,
    "payments": DAYS,
    "current_charges": {"subscribers": None, "at": NOON.isoformat()},
}
# What a cell of each kind of column is; a figure or a day is never a text that only looks like one.
FITS: dict[Kind, type] = {
    Kind.TEXT: str,
    Kind.PHONE: str,
    Kind.INTEGER: int,
    Kind.AMOUNT: Decimal,
    Kind.DATE: dt.date,
    Kind.DATETIME: dt.datetime,
    Kind.DURATION: int,
    Kind.VOLUME: int,
}


Key = tuple[str, str, str]
"""The key of a report, how it is had, its language."""


@dataclass(frozen=True, slots=True)
class Asked:
    account: Account
    params: Params
    language: str


@pytest.fixture(scope="module")
def reports(
    django_db_setup: None,  # noqa: ARG001  # the database is what it stands in
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[Key, Report]:
    """Every report that there is, of one company that is billed once."""
    with django_db_blocker.unblock(), transaction.atomic():
        with built(tmp_path_factory.mktemp("company")) as company:
            _live(company)
            found = {key: _collected(company, *key) for key in KEYS}
        transaction.set_rollback(True)
    return found


def _live(company: Company) -> None:
    """Something for each of them to tell."""
    cast = company.cast
    receive(cast.first, Decimal("12.30"), received_at=NOON, reference="p1", payer=Payer("ОАО «Ёлка»"))
    record(cast.anna.actor(), "access.login", client_id=cast.company.pk, after={"name": "=1+1"})
    order = draft(cast.anna, file_of(cast.subscribers[0].number, "x"), service=cast.catalog.service.pk)
    order.confirm(cast.anna.actor())
    named = {line.pk: {"last_name": "Новая"} for line in cast.subscribers[:2]}
    draft(cast.anna, Source(ids=tuple(named), data=named), "rename")
    refresh()


def _collected(company: Company, key: str, how: str, language: str) -> Report:
    with override(language):
        if how == "at once":
            return frozen(_downloads(company, language)[key]())
        with KINDS[key].collect(Asked(company.cast.first, PARAMS[key], language)) as document:
            found = frozen(document.report)
            assert document.rows == sum(len(list(section.rows)) for section in found.sections)
            return found


def _downloads(company: Company, language: str) -> dict[str, Callable[[], Report]]:
    """How the report of each page is made."""
    seat, order = company.cast.anna, Order.objects.latest("pk")
    wanted = payments.Wanted(NOON.date(), NOON.date())
    return {
        "subscriber_list": lambda: subscriber_list.report(Subscriber.objects.within(seat)),
        "orders": lambda: listing.report(Order.objects.within(seat), seat, language),
        "order": lambda: result.report(order, language),
        "history": lambda: history.report(history.visible(seat)),
        "payments": lambda: payments.report(
            payments.narrowed(Payment.objects.within(seat), wanted), wanted, [company.cast.first]
        ),
    }


HAD = [*((key, "ordered") for key in KINDS), *((key, "at once") for key in DOWNLOADS)]
# How ordered kinds read in each language and format, the round trip in `tests/expenses` tells.
KEYS = [
    *((key, "ordered", "en") for key in KINDS),
    *((key, "at once", language) for key in DOWNLOADS for language in LANGUAGES),
]


@pytest.mark.parametrize(("key", "how"), HAD)
def test_S2_xml_is_valid(reports: dict[Key, Report], key: str, how: str) -> None:
    root = etree.fromstring(written("xml", reports[key, how, "en"]))
    etree.XMLSchema(etree.parse(DOCS / "report.xsd")).assertValid(root)
    assert (root.get("kind"), root.get("language")) == (key, "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", DOWNLOADS)
def test_S15_6_what_a_page_shows_can_be_had_in_every_format(
    reports: dict[Key, Report], key: str, language: str
) -> None:
    report = reports[key, "at once", language]
    assert report.language == language
    for form in DOWNLOADS[key]:
        _check(form, written(form, report))


def _check(form: str, data: bytes) -> None:
    if form == "xlsx":
        assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    elif form == "pdf":
        assert data.startswith(b"%PDF-")
        assert b"%%EOF" in data[-32:]
    else:
        assert len(data.decode("utf-8-sig").splitlines()) > 1


@pytest.mark.parametrize(("key", "how"), HAD)
def test_S2_money_is_money_and_days_are_days(reports: dict[Key, Report], key: str, how: str) -> None:
    cells = [
        (column, cell)
        for section in reports[key, how, "en"].sections
        for row in section.rows
        for column, cell in zip(section.columns, row, strict=True)
    ]
    assert cells
    assert [(column.key, cell) for column, cell in cells if not _fits(column.kind, cell)] == []


def _fits(kind: Kind, cell: Cell) -> bool:
    if kind is Kind.DATE and isinstance(cell, dt.datetime):
        return False
    return cell is None or isinstance(cell, FITS[kind])


def test_S15_6_a_row_of_an_order_says_what_it_becomes(reports: dict[Key, Report]) -> None:
    (section,) = reports["order", "at once", "en"].sections
    place = [column.title for column in section.columns].index("Becomes")
    assert [row[place] for row in section.rows] == ["Новая", "Новая"]


def test_S2_the_table_of_the_documentation_is_true() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    head = re.search(r"^\| kind \| what it is \| how \|(.*)\|$", text, re.MULTILINE)
    assert head is not None
    labels = {writer.label: key for key, writer in WRITERS.items()}
    columns = [labels[name.strip()] for name in head.group(1).split("|")]
    told: dict[tuple[str, str], set[str]] = {}
    for key, how, ticks in re.findall(r"^\| `(\w+)` \|[^|]*\| ([a-z, ]+) \|((?: ✓? ?\|)+)$", text, re.MULTILINE):
        formats = {form for form, tick in zip(columns, ticks.split("|"), strict=False) if tick.strip()}
        told |= {(key, one.strip()): formats for one in how.split(",")}
    known = {(key, "ordered"): set(kind.formats) for key, kind in KINDS.items()}
    assert told == known | {(key, "at once"): set(formats) for key, formats in DOWNLOADS.items()}


def test_every_kind_is_tried_here() -> None:
    assert PARAMS.keys() == KINDS.keys()
