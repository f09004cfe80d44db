"""Whatever happens in whatever order, sum of entries = balance = what every page and document says (S1, S4, S6, L8)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abonent.access.models import Person, Role, Seat
from abonent.access.rights import BuiltIn
from abonent.audit.journal import SYSTEM
from abonent.billing import balance, invoicing, ledger
from abonent.billing.instalments import NothingLeft, agree, end_early, standings
from abonent.billing.models import InstalmentPlan, Invoice, InvoiceLine
from abonent.billing.payments import receive
from abonent.billing.promises import NotRegistered, Paid, register
from abonent.billing.statement import statement_of
from abonent.catalog.models import InstalmentOffer
from abonent.clients.models import Account
from abonent.documents.document import Params
from abonent.documents.kinds import KINDS
from abonent.formats.report import Report
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber
from abonent.usage.models import RatingVersion, UsageMonth
from tests.billing.world import MINSK, World, local
from tests.conftest import logged_in

BEGAN = local(2026, 1, 1)
DAY = dt.timedelta(days=1)
JANUARY = Month(2026, 1)
_cents = st.integers(1, 100_000).map(lambda cents: Decimal(cents).scaleb(-2))
_steps = st.lists(
    st.tuples(
        st.sampled_from(("invoice", "invoice", "payment", "correction", "promise", "instalments", "end early")),
        _cents,
        st.integers(0, 20),
    ),
    min_size=4,
    max_size=14,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document is ordered with."""

    account: Account
    params: Params
    language: str = "en"


@dataclass(slots=True)
class Story:
    """An account's life: `now` goes on, `seen` keeps the balance of each moment, `paid` what came."""

    world: World
    account: Account
    offer: InstalmentOffer
    now: dt.datetime = BEGAN
    month: Month = JANUARY
    paid: Decimal = Decimal(0)
    expected: Decimal = Decimal(0)
    seen: list[tuple[dt.datetime, Decimal]] = field(default_factory=list)

    def go(self, kind: str, amount: Decimal, days: int, place: int) -> None:
        self.now += dt.timedelta(days=days, minutes=1)
        reference = f"{self.account.number}/{place}"
        with clock.stopped(self.now):
            if kind == "invoice":
                self.bill()
            elif kind == "payment":
                receive(self.account, amount, received_at=self.now, reference=reference)
                self.paid += amount
                self.expected += amount
            elif kind == "correction":
                signed = amount if place % 2 else -amount
                ledger.correct(self.account, signed, reference=reference, note="x")
                self.expected += signed
            elif kind == "promise":
                self.promise(amount, reference)
            elif kind == "instalments":
                agree(self.line, self.offer, first=Month.at(self.now, MINSK), actor=SYSTEM)
            else:
                self.end_early()
        self.seen.append((self.now + dt.timedelta(seconds=1), self.expected))

    @property
    def line(self) -> Subscriber:
        return self.account.subscribers.get()

    def bill(self) -> None:
        """The invoice of the next month that has none, in the night after it."""
        self.now = max(self.now, local(self.month.plus(1).year, self.month.plus(1).number, 1, 3))
        version, _new = RatingVersion.objects.get_or_create(
            month=UsageMonth.objects.get_or_create(month=str(self.month))[0],
            defaults={"preliminary": False, "records": 0, "unrated": 0, "amount_micros": 0},
        )
        with clock.stopped(self.now):
            invoice = invoicing.issue(self.account, self.month, version, [])
        self.expected -= invoice.gross
        self.month = self.month.plus(1)

    def promise(self, amount: Decimal, number: str) -> None:
        before = balance.state_of(self.account)
        try:
            register(self.account, before, Paid(amount, self.now.date(), number[-8:]), SYSTEM)
        except NotRegistered:
            return
        assert balance.state_of(self.account) == before

    def end_early(self) -> None:
        for plan in InstalmentPlan.objects.as_system().filter(account=self.account)[:1]:
            try:
                end_early(plan, SYSTEM)
            except NothingLeft:
                return


def begun(world: World) -> Story:
    number = f"00028{Account.objects.count():06}"
    account = Account.objects.create(contract=world.first.contract, number=number, opened=BEGAN.date())
    world.subscriber(account)
    offer, _new = InstalmentOffer.objects.get_or_create(
        code="phone", defaults={"names": {"en": "Phone"}, "price": Decimal("100.01"), "months": 3}
    )
    return Story(world, account, offer)


@contextmanager
def document(kind: str, account: Account, first: dt.date, last: dt.date) -> Iterator[Report]:
    with KINDS[kind].collect(Asked(account, {"first": str(first), "last": str(last)})) as collected:
        report = collected.report
        assert isinstance(report, Report)
        yield report


@pytest.mark.usefixtures("english")
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_steps)
def test_S1_entries_balance_pages_and_documents_say_the_same(
    world: World, steps: list[tuple[str, Decimal, int]]
) -> None:
    story = begun(world)
    for place, (kind, amount, days) in enumerate(steps):
        story.go(kind, amount, days, place)
        entries = sum((entry.amount for entry in story.account.entries.all()), Decimal(0))
        assert entries == balance.state_of(story.account).balance == story.expected
    for moment, then in story.seen:
        assert balance.balance_at(story.account, moment) == then
    with clock.stopped(story.now + DAY):
        pages_agree(story)
        documents_agree(story)
        instalments_agree(story)


def pages_agree(story: Story) -> None:
    person = Person.objects.create_person(story.account.number, "no matter")
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    seat = Seat.objects.give(person, role, story.world.client, accounts=[story.account.pk])
    browser = logged_in(seat)
    home = browser.get(reverse("home")).context
    assert home["balance"] == story.expected
    assert home["due"] == sum(one.left for one in balance.unpaid_of(story.account))
    assert browser.get(reverse("payments"), {"months": "12"}).context["total"] == story.paid


def documents_agree(story: Story) -> None:
    """The statement closes with the balance; two that follow each other chain; the history has what was paid."""
    first, last = BEGAN.date(), story.now.date()
    middle = first + (last - first) / 2
    with document("reconciliation", story.account, first, last) as report:
        assert {fact.key: fact.value for fact in report.facts}["closing"] == f"{story.expected:.2f}"
    parts = [
        statement_of(story.account, first, middle, MINSK),
        statement_of(story.account, middle + DAY, last, MINSK),
    ]
    assert (parts[0].opening, parts[0].closing, parts[1].closing) == (Decimal(0), parts[1].opening, story.expected)
    with document("payments", story.account, first, last) as report:
        (section,) = report.sections
        assert sum(row[4] for row in section.rows if isinstance(row[4], Decimal)) == story.paid


def instalments_agree(story: Story) -> None:
    """What is billed of each plan is what its invoices say, and with what is ahead it is the price."""
    plans = InstalmentPlan.objects.as_system().filter(account=story.account)
    billed = InvoiceLine.objects.filter(breakdown__account=story.account, kind="instalment")
    ahead = Decimal(0)
    for standing in standings(plans.select_related("account", "offer")):
        assert sum(one.part.gross for one in standing.payments) == standing.plan.price
        months = set(Invoice.objects.filter(account=story.account).values_list("month", flat=True))
        ahead += sum(one.part.gross for one in standing.payments if str(one.part.month) in months)
    assert sum(line.gross for line in billed) == ahead
