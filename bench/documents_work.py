"""Call details and invoices end to end, from the store to the file: a company with records in a scratch place.

`python -m bench.documents_work call_details FOLDER` (or `invoice`) fills the place and tells the figures; each
measurement runs in a process of its own.
"""

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import django
import pypdfium2
import python_calamine

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings come first
from django.utils.translation import override  # noqa: E402

from abonent.billing.run import bill_run  # noqa: E402
from abonent.catalog.models import Direction, OptionSet, Tariff  # noqa: E402
from abonent.clients.models import Account, Client, Contract  # noqa: E402
from abonent.demo import catalog, records  # noqa: E402
from abonent.documents.call_params import CallParams  # noqa: E402
from abonent.documents.call_sums import Summary  # noqa: E402
from abonent.documents.kinds import KINDS  # noqa: E402
from abonent.documents.models import DocumentRequest  # noqa: E402
from abonent.documents.writing import write  # noqa: E402
from abonent.lib import clock  # noqa: E402
from abonent.lib.periods import Month  # noqa: E402
from abonent.subscribers.models import AccountHolding, NumberHolding, PlanHolding, StatusHolding, Subscriber  # noqa: E402
from abonent.usage import intake, rating  # noqa: E402
from bench.call_details import rows_of_xml  # noqa: E402
from bench.measure import Work, figure, in_child  # noqa: E402

NUMBERS = 5_000
SINCE = dt.datetime(2026, 6, 30, 21, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 9, 9, tzinfo=dt.UTC)
FEW, ROWS, MANY = 10_000, 100_000, 1_000_000
MONTHS = {FEW: Month(2026, 8), ROWS: Month(2026, 9), MANY: Month(2026, 10)}


def setup(folder: Path, counts: Sequence[int]) -> None:
    """5,000 numbers on one account, and the months that have about `counts` records; those up to 100,000 are billed."""
    make_place()
    for count in counts:
        fill(folder, MONTHS[count], count)
        if count <= ROWS:
            bill_run(MONTHS[count])


def make_place() -> None:
    """An empty database with the company in it."""
    clock.start_at(NOW)
    call_command("migrate", verbosity=0)
    _people()


def fill(folder: Path, month: Month, count: int) -> None:
    """About `count` records of a month, rated."""
    for path in records.write_month(folder, month, records.callers(), seed=1, records_target=count):
        intake.load(path)
    rating.rate(month)


def _people() -> None:
    catalog.make_catalog(SINCE)
    client = Client.objects.create(name="ООО «Пример»", tax_id="1")
    contract = Contract.objects.create(client=client, number="1", signed=SINCE.date())
    account = Account.objects.create(contract=contract, number="00020000001", opened=SINCE.date())
    tariff, package = Tariff.objects.get(code="rhythm"), OptionSet.objects.get(code="rhythm-150")
    made = Subscriber.objects.bulk_create(
        Subscriber(account=account, number=f"37529{1_000_000 + 7 * i}", tariff=tariff, option_set=package)
        for i in range(NUMBERS)
    )
    NumberHolding.objects.bulk_create(NumberHolding(subscriber=one, number=one.number, start=SINCE) for one in made)
    AccountHolding.objects.bulk_create(AccountHolding(subscriber=one, account=account, start=SINCE) for one in made)
    PlanHolding.objects.bulk_create(
        PlanHolding(subscriber=one, tariff=tariff, option_set=package, start=SINCE) for one in made
    )
    StatusHolding.objects.bulk_create(StatusHolding(subscriber=one, status="active", start=SINCE) for one in made)


def call_details(form: str, rows: str, path: str) -> Work:
    """Every call of the month that has about `rows` of them, from the store to the file."""
    month = MONTHS[int(rows)]
    params = CallParams(month.first_day, month.last_day).kept()
    return making("call_details", dict(params), form, Path(path))


def checked_call_details(form: str, rows: str, path: str) -> Work:
    """The same, after one file was read back and its rows counted."""
    work = call_details(form, rows, path)
    work()
    assert READ_BACK[form](Path(path)) == wanted_rows(form, MONTHS[int(rows)])
    return work


def wanted_rows(form: str, month: Month) -> int:
    """What a reader must find: calls in a PDF (each tells its direction once), calls and totals elsewhere."""
    summary = Summary.of(Account.objects.get(), CallParams(month.first_day, month.last_day))
    calls = sum(total.records for totals in summary.totals.values() for total in totals)
    return calls if form == "pdf" else summary.rows


def directions_in(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    with override("ru"):
        return sum(text.count(f" {direction.label} ") for direction in Direction)


def rows_of_workbook(path: Path) -> int:
    """Titles, headings and sums stand around the rows: a row begins with a number."""
    book = python_calamine.load_workbook(path)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return sum(str(row[0]).removeprefix("+").startswith("375") for sheet in sheets for row in sheet)


READ_BACK: dict[str, Callable[[Path], int]] = {
    "pdf": directions_in,
    "xlsx": rows_of_workbook,
    "xml": rows_of_xml,
}


def invoice(path: str) -> Work:
    """The invoice of September with 5,000 numbers as PDF."""
    return making("invoice", {"month": str(MONTHS[ROWS])}, "pdf", Path(path))


def making(kind: str, params: dict[str, object], form: str, path: Path) -> Work:
    clock.start_at(NOW)
    request = DocumentRequest(kind=kind, params=params, account=Account.objects.get(), format=form, language="ru")

    def make() -> None:
        with override("ru"), KINDS[kind].collect(request) as document, path.open("wb") as stream:
            write(document, form, stream, lambda _rows: None)

    return make


def tell_call_details(folder: Path) -> None:
    setup(folder, [FEW, ROWS, MANY])
    for form in READ_BACK:
        own = folder / f"own.{form}"
        cost = in_child("bench.documents_work:checked_call_details", form, ROWS, own)
        rows = wanted_rows("xml", MONTHS[ROWS])
        note = f"end to end, from the store to the file: {rows} rows with totals, read back"
        figure(f"call_details.{form}.end_to_end", rows / cost.seconds, "rows/s", note=note)
        few, many = (in_child("bench.documents_work:call_details", form, n, own, times=1) for n in (FEW, MANY))
        figure(f"call_details.{form}.end_to_end.peak_mb", many.peak_mb, "MB", note=f"{MANY} rows")
        grown = many.peak_mb - few.peak_mb
        figure(f"call_details.{form}.end_to_end.growth_mb", grown, "MB", note=f"from {FEW} to {MANY} rows; aim: 40")


def tell_invoice(folder: Path) -> None:
    setup(folder, [ROWS])
    cost = in_child("bench.documents_work:invoice", folder / "invoice.pdf", times=1)
    note = f"{NUMBERS} numbers: cover and annex joined, {len(pypdfium2.PdfDocument(folder / 'invoice.pdf'))} pages"
    figure("invoice_pdf.large.seconds", cost.seconds, "s", note=f"{note}; aim: 10")
    figure("invoice_pdf.large.peak_mb", cost.peak_mb, "MB", note=f"{note}; aim: 300")


if __name__ == "__main__":
    {"call_details": tell_call_details, "invoice": tell_invoice}[sys.argv[1]](Path(sys.argv[2]))
