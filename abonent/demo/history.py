"""The year of the demonstration: month after month, as an operator would live it."""

import datetime as dt
import heapq
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from abonent import profile
from abonent.audit.sealing import seal
from abonent.billing import current
from abonent.billing.models import Invoice
from abonent.billing.payments import Payer, receive
from abonent.billing.run import bill_run
from abonent.demo import records
from abonent.demo.appeals import make_appeals
from abonent.demo.approval import make_approval
from abonent.demo.bank import make_bank_statement
from abonent.demo.catalog import make_catalog
from abonent.demo.clients import make_clients
from abonent.demo.deliveries import make_deliveries
from abonent.demo.folders import make_folders
from abonent.demo.forwarding import make_forwarding
from abonent.demo.instalments import end_one_early, make_offers, sell
from abonent.demo.lines import make_lines, plan_lines
from abonent.demo.network import make_network
from abonent.demo.notices import make_notices
from abonent.demo.people import make_people
from abonent.demo.plan import Plan
from abonent.demo.pool import make_pool
from abonent.demo.roles import make_roles
from abonent.demo.selections import make_selections
from abonent.lib import clock
from abonent.lib.money import round_money
from abonent.lib.periods import Month, midnight
from abonent.usage import intake

Tell = Callable[[str], None]

HOUR = dt.timedelta(hours=1)
# Each fourth invoice is paid after its due date, each ninth in two parts.
LATE, SHORT = 4, 9


@dataclass(frozen=True, slots=True)
class Coming:
    """A payment that a company is going to make at `at`; `part` counts those of one invoice from 0."""

    invoice: Invoice
    amount: Decimal
    at: dt.datetime
    part: int


def make(plan: Plan, tell: Tell) -> None:
    """Fill the empty database: catalog, clients, lines, then every month of `plan`, and the open one so far."""
    zone = profile.current().zone
    since = plan.closed_months[0].plus(-1).period(zone).start
    with clock.stopped(since):
        make_catalog(since)
        make_offers()
        make_pool()
        accounts = make_clients(since)
    own_lines = make_lines(plan_lines(accounts, plan.numbers), since, plan.now)
    make_people(accounts, own_lines)
    make_deliveries(accounts, since)
    tell(f"{len(own_lines)} subscribers on {len(accounts)} accounts")
    year = _Year(plan, records.callers(), tell)
    for month in plan.closed_months:
        sell(plan, month)
        year.live(month)
    sell(plan, plan.open_month)
    year.open()
    end_one_early(plan)
    make_bank_statement(plan)
    make_folders(plan)
    make_forwarding(plan.now)
    make_selections()
    make_appeals(plan.now)
    make_roles(plan.now)
    make_approval(plan.now)
    make_notices()
    make_network()
    seal()


@dataclass(slots=True)
class _Year:
    """The time as it passes: what companies are going to pay waits in `coming`, earliest first."""

    plan: Plan
    callers: list[records.Caller]
    tell: Tell
    coming: list[tuple[dt.datetime, int, Coming]] = field(default_factory=list)

    def live(self, month: Month) -> None:
        """A month that has ended: its files are loaded in the night after, and its invoices formed."""
        night = min(month.plus(1).period(profile.current().zone).start + 3 * HOUR, self.plan.now)
        self.pay_until(night)
        with clock.stopped(night):
            count = _load(self.plan, month, self.callers, None)
            bill_run(month)
        invoices = Invoice.objects.as_system().filter(month=str(month)).order_by("account_id")
        for invoice in invoices.select_related("account__contract__client"):
            for coming in _payments(invoice):
                heapq.heappush(self.coming, (coming.at, invoice.pk * 10 + coming.part, coming))
        self.tell(f"{month}: {count} records, {len(invoices)} invoices")

    def open(self) -> None:
        """The month that is not over: what was used until now, priced for the time being."""
        month = self.plan.open_month
        self.pay_until(self.plan.now)
        with clock.stopped(self.plan.now):
            count = _load(self.plan, month, self.callers, self.plan.now)
            current.refresh()
        self.tell(f"{month}: {count} records so far")

    def pay_until(self, moment: dt.datetime) -> None:
        while self.coming and self.coming[0][0] < moment:
            _receive(heapq.heappop(self.coming)[2])


def _load(plan: Plan, month: Month, callers: list[records.Caller], until: dt.datetime | None) -> int:
    """Write the month's call record files, take them in as any operator would, and count the records."""
    with tempfile.TemporaryDirectory(prefix="abonent-demo-") as folder:
        paths = records.write_month(
            Path(folder), month, callers, seed=plan.seed, records_target=plan.records_in(month), until=until
        )
        return sum(intake.load(path).records for path in paths)


def _payments(invoice: Invoice) -> Iterator[Coming]:
    """How a company pays: mostly in time, some late, some in two parts."""
    place = invoice.pk
    month = Month.parse(invoice.month)
    day = 27 + place % 3 if place % LATE == 1 else 8 + place * 5 % 15
    at = midnight(month.plus(1).first_day, profile.current().zone) + dt.timedelta(days=day, hours=9)
    amounts = [invoice.gross]
    if place % SHORT == 2:  # noqa: PLR2004  # one of them
        first = round_money(invoice.gross * Decimal("0.6"))
        amounts = [first, invoice.gross - first]
    for part, amount in enumerate(amounts):
        if amount > 0:
            yield Coming(invoice, amount, at + dt.timedelta(days=9 * part), part)


def _receive(coming: Coming) -> None:
    with clock.stopped(coming.at):
        receive(
            coming.invoice.account,
            coming.amount,
            received_at=coming.at,
            reference=f"BY-{coming.invoice.number}-{coming.part + 1}",
            payer=Payer(coming.invoice.account.client.name),
        )
