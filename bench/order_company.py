"""A company with many lines, a person of it in a browser, and an Excel file of the lines: what an order needs."""

import io
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import django

django.setup()

import xlsxwriter  # noqa: E402  # the settings come first
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import OperationalError, connection  # noqa: E402
from django.test import Client as Browser  # noqa: E402

from abonent.access.middleware import SEAT  # noqa: E402
from abonent.access.models import Person, Role, Seat  # noqa: E402
from abonent.access.rights import BuiltIn  # noqa: E402
from abonent.catalog.models import Service, ServiceCategory, Tariff, TariffCategory  # noqa: E402
from abonent.clients.models import Account, Client, Contract  # noqa: E402
from abonent.lib import clock  # noqa: E402
from abonent.orders.models import Order  # noqa: E402
from abonent.orders.states import State  # noqa: E402
from abonent.subscribers.models import Subscriber  # noqa: E402

CONNECT_FEE = Decimal("1.50")
CHUNK = 2000
POLL_SECONDS = 0.01
PAGE = "/orders/new/services/"
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Company:
    """`lines` active numbers on one account, the Excel file of them, and an administrator's browser."""

    seat: Seat
    service: Service
    numbers: list[str]
    file: bytes
    browser: Browser

    def open(self) -> None:
        """Look at the page with the form, as a person does before anything is sent."""
        assert self.browser.get(PAGE).status_code == 200  # OK

    def upload(self) -> Order:
        """Send the file of all numbers by the page, as a person does."""
        form = {
            "action": "connect_service",
            "service": self.service.pk,
            "by": "file",
            "file": SimpleUploadedFile("numbers.xlsx", self.file),
        }
        response = self.browser.post(PAGE, form)
        assert response.status_code == 302, response.content
        return Order.objects.get()

    def confirm(self, order: Order) -> None:
        response = self.browser.post(f"/orders/{order.pk}/confirmation/")
        assert response.status_code == 302


def build(lines: int) -> Company:
    """Make the tables, and everybody and everything in them."""
    call_command("migrate", verbosity=0)
    client = Client.objects.create(name="Bench", tax_id="1")
    contract = Contract.objects.create(client=client, number="1", signed=clock.now().date())
    account = Account.objects.create(contract=contract, number="00020000001", opened=clock.now().date())
    category = TariffCategory.objects.create(code="c", names={"ru": "Тарифы"})
    tariff = Tariff.objects.create(code="t", names={"ru": "Тариф"}, category=category, kind="mobile", fee=1)
    services = ServiceCategory.objects.create(code="s", names={"ru": "Услуги"})
    service = Service.objects.create(
        code="clip", names={"ru": "АОН"}, category=services, fee=Decimal(2), connect_fee=CONNECT_FEE
    )
    numbers = [f"37529{place:07}" for place in range(lines)]
    for start in range(0, lines, CHUNK):
        Subscriber.objects.bulk_create(
            Subscriber(account=account, tariff=tariff, number=number, iccid=f"89{number}", status="active")
            for number in numbers[start : start + CHUNK]
        )
    seat = Seat.objects.give(Person.objects.create_person("Bench"), Role.objects.built_in(BuiltIn.SUPERVISOR), client)
    return Company(seat, service, numbers, workbook((number,) for number in numbers), _browser(seat))


def _browser(seat: Seat) -> Browser:
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(seat.person)
    session = browser.session
    session[SEAT] = seat.pk
    session.save()
    return browser


def workbook(rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
    return stream.getvalue()


def start_worker(batch: int = 0) -> subprocess.Popen[bytes]:
    """Start the product's own worker, in a process that can be killed; with `batch`, in batches of so many rows."""
    small = ["bench.small_batches", str(batch)]
    return subprocess.Popen([sys.executable, "-m", *(small if batch else ["django", "work"])])  # noqa: S603  # our own


@contextmanager
def worker() -> Iterator[None]:
    process = start_worker()
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def reconnecting() -> Iterator[None]:
    """Within the block the database may be away: then the connection is made anew for the next time."""
    try:
        yield
    except OperationalError:
        connection.close()


def wait_for(order: Order, *states: State) -> float:
    """Wait until the order is in one of the states; the moment at which it was seen so (`perf_counter`)."""
    deadline = time.perf_counter() + PATIENCE_SECONDS
    while time.perf_counter() < deadline:
        with reconnecting():
            order.refresh_from_db()
            if order.state in states:
                return time.perf_counter()
        time.sleep(POLL_SECONDS)
    raise TimeoutError(f"the order is still {order.state}")
