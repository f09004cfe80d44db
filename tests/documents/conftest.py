"""October of the cast's company, billed by the real run from a real file of call records."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import override_settings

from abonent.billing.models import Invoice
from abonent.billing.run import bill_run
from abonent.catalog.models import Rate, Zone, ZonePrefix
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.usage import intake
from abonent.usage.layout import HEADER
from tests import cast as cast_module
from tests.cast import BEGAN, Cast
from tests.conftest import NOON

OCTOBER = Month(2026, 10)
FORMED = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
_PRICES = {
    ("voice", "out"): ("0.0351", 60),
    ("voice", "in"): ("0", 60),
    ("sms", "out"): ("0.0617", 1),
    ("sms", "in"): ("0", 1),
    ("data", "out"): ("0.0123", 102_400),
}


@dataclass(frozen=True, slots=True)
class Company:
    """The cast, with an invoice of October for each account, and calls of November so far."""

    cast: Cast
    folder: Path

    def invoice(self, account: Account) -> Invoice:
        return Invoice.objects.get(account=account, month=str(OCTOBER))

    def load(self, lines: list[str], name: str = "more.csv") -> None:
        """Take in more call records."""
        path = self.folder / name
        path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
        intake.load(path)


def call_lines(numbers: list[str], month: Month, calls: int) -> list[str]:
    """`calls` records for each number, spread over the month: voice, messages and data, in and out."""
    kinds = [("voice", "out"), ("voice", "in"), ("sms", "out"), ("data", "out"), ("voice", "out"), ("sms", "in")]
    lines = []
    for place, number in enumerate(numbers):
        for call in range(calls):
            kind, direction = kinds[(call + place) % len(kinds)]
            quantity = {"voice": 37 * call + 5, "sms": 1, "data": 123_457 * (call + 1)}[kind]
            day = 1 + call * 27 // max(calls, 1)
            start = f"{month}-{day:02}T{8 + call % 12:02}:{(7 * call + place) % 60:02}:11+03:00"
            peer = "" if kind == "data" else f"37533{call:07}"
            lines.append(f"{number};{kind};{direction};{start};{quantity};{peer};BLRAB")
    return lines


def make_prices(cast: Cast) -> None:
    zone = Zone.objects.create(code="by", kind="destination", names={"ru": "Беларусь", "en": "Belarus"})
    ZonePrefix.objects.create(zone=zone, prefix="375")
    for (traffic, direction), (price, step) in _PRICES.items():
        Rate.objects.create(
            tariff=cast.catalog.tariff,
            traffic=traffic,
            direction=direction,
            price=Decimal(price),
            step=step,
            start=BEGAN,
        )


@contextmanager
def built(folder: Path, before: Callable[[Cast], None] | None = None) -> Iterator[Company]:
    """The company in an empty database, its files in `folder`; `before` changes the cast before its month is billed.

    The clock stands at `NOON`, a week after the invoices of October were formed.
    """
    (folder / "usage").mkdir()
    urls = {"USAGE_URL": f"file://{folder}/usage", "STORAGE_URL": f"file://{folder}/files"}
    with override_settings(**urls), clock.stopped(NOON):
        made = Company(cast_module.build(), folder)
        if before:
            before(made.cast)
        make_prices(made.cast)
        numbers = [line.number for line in made.cast.subscribers]
        made.load([*call_lines(numbers, OCTOBER, 20), *call_lines(numbers, Month(2026, 11), 4)], "october.csv")
        with clock.stopped(FORMED):
            bill_run(OCTOBER)
        yield made


@pytest.fixture
def company(db: None, tmp_path: Path) -> Iterator[Company]:  # noqa: ARG001  # it stands in the database
    with built(tmp_path) as made:
        yield made
