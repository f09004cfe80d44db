"""A company that grows: one more of everything that a page of the portal lists."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from abonent.access.models import Role, Seat
from abonent.access.rights import BuiltIn
from abonent.billing.kinds import Fee
from abonent.billing.models import Breakdown, Invoice, InvoiceLine, InvoiceSubscriber, LedgerEntry, UsageSoFar
from abonent.billing.payments import receive
from abonent.clients.models import Account
from abonent.documents.models import DocumentRequest, Mailing
from abonent.files.keeping import store
from abonent.jobs.models import State
from abonent.lib.periods import Month
from abonent.orders import states
from abonent.orders.models import Order, OrderItem
from abonent.outbox.posting import post
from abonent.profile import current
from abonent.subscribers import connecting
from abonent.subscribers.models import StatusHolding, Subscriber
from abonent.usage.layout import Charge
from abonent.usage.models import RatingVersion, UsageMonth
from tests import cast as people
from tests.cast import Cast
from tests.conftest import NOON
from tests.orders.world import service

NET, VAT, GROSS = Decimal("10.00"), Decimal("2.50"), Decimal("12.50")
PRESENT = Month.at(NOON, current().zone)
LAST = PRESENT.plus(-1)
ENDS = (Order.State.ACCEPTED, Order.State.PARTLY, Order.State.DRAFT)


@dataclass(slots=True)
class Growing:
    """The cast's company; `whole` is the seat of somebody who sees all accounts."""

    cast: Cast
    whole: Seat
    invoice: Invoice
    order: Order
    made: int = 0
    versions: dict[Month, RatingVersion] = field(default_factory=dict)

    @classmethod
    def plant(cls, cast: Cast) -> "Growing":
        person = people.person("Vera", "375291000011", "vera@example.com")
        whole = Seat.objects.give(person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
        versions: dict[Month, RatingVersion] = {}
        invoice = _invoice(cast.second, LAST, versions)
        order = _order(cast, 1, Order.State.PROCESSING)
        return cls(cast, whole, invoice, order, versions=versions)

    def grow(self, count: int) -> None:
        """Until there are `count` of everything."""
        while self.made < count:
            self.made += 1
            self._account()
            self._subscriber()
            self._money()
            for state in ENDS:
                _order(self.cast, 1 + self.made * len(ENDS) + ENDS.index(state), state)
            self._document()
        self.invoice = _invoice(self.cast.second, LAST.plus(-count), self.versions, count)

    def _account(self) -> None:
        """With an unpaid invoice, charges so far, and lines of which one was blocked this month."""
        made = people.account(self.cast.company, f"000208{self.made:05}")
        _invoice(made, LAST, self.versions)
        for place in range(2):
            line = people.subscriber(made, f"37544{self.made:06}{place}", f"Line {self.made}", self.cast.catalog)
        _block(line)
        version = _version(PRESENT, self.versions)
        UsageSoFar.objects.create(
            account=made, month=str(PRESENT), kind=Charge.VOICE_HOME, version_id=version.pk, rated_at=NOON,
            net=NET, vat=VAT, gross=GROSS,
        )  # fmt: skip

    def _subscriber(self) -> None:
        """One more on the first account and in the order, blocked this month; one more service to have, and one had."""
        line = people.subscriber(self.cast.first, f"37533{self.made:07}", f"Line {self.made}", self.cast.catalog)
        _block(line)
        OrderItem.objects.create(
            order=self.order, row=self.made, typed=line.number, number=line.number, subscriber=line, verdict="fine",
            result="refused", reason="excluded", args={"service": "clip"}, next_try=None, state=State.DONE,
        )  # fmt: skip
        service(self.cast, f"offered-{self.made}")
        had = service(self.cast, f"had-{self.made}")
        connecting.connect(had, {self.cast.subscribers[0].pk: f"made-{self.made}"}, NOON - dt.timedelta(days=40))

    def _money(self) -> None:
        """An invoice of an earlier month, and a payment that is too little."""
        _invoice(self.cast.first, LAST.plus(-self.made), self.versions)
        receive(self.cast.first, Decimal(1), received_at=NOON - dt.timedelta(minutes=self.made), reference=f"{self}")

    def _document(self) -> None:
        """One that is kept as a file, one that went by letter, one that waits."""
        for by in ("file", "letter", "nothing"):
            request = DocumentRequest.objects.create(
                kind="invoice", params={"month": str(LAST)}, account=self.cast.first, client_id=self.cast.company.pk,
                format="pdf", language="en", by="email", email="a@example.com", expires=NOON + dt.timedelta(days=1),
                state=State.WAITING if by == "nothing" else State.DONE, next_try=None,
                file=store(b"%PDF", name="a.pdf", mime="application/pdf") if by == "file" else None,
            )  # fmt: skip
            if by == "letter":
                letter = post("a@example.com", "a", "a", purpose="x", language="en")
                Mailing.objects.create(request=request, letter=letter)

    def __str__(self) -> str:
        return f"growing {self.made}"


def _block(line: Subscriber) -> None:
    """Block it this month, so that its fees are worked out by themselves."""
    at = NOON - dt.timedelta(days=2)
    line.status_holdings.update(end=at)
    StatusHolding.objects.create(subscriber=line, status=Subscriber.Status.BLOCKED, start=at)


def _version(month: Month, known: dict[Month, RatingVersion]) -> RatingVersion:
    if month not in known:
        usage = UsageMonth.objects.create(month=str(month))
        known[month] = RatingVersion.objects.create(
            month=usage, preliminary=True, records=0, unrated=0, amount_micros=0
        )
    return known[month]


def _invoice(account: Account, month: Month, known: dict[Month, RatingVersion], lines: int = 0) -> Invoice:
    """An unpaid one, of so many subscribers."""
    period = month.period(current().zone)
    assert period.end is not None
    breakdown = Breakdown.objects.create(account=account, month=str(month))
    for key in range(lines):
        _part(breakdown, key)
    invoice = Invoice.objects.create(
        account=account, month=str(month), number=f"{account.number}-{month}", issued_at=NOON,
        due_date=NOON.date() - dt.timedelta(days=1), period_start=period.start, period_end=period.end,
        breakdown=breakdown, rating_version=_version(month, known),
        currency="BYN", net=NET, vat=VAT, gross=GROSS,
        snapshot={"client": {"name": "x"}, "contract": {"number": "1"}, "names": {"tariff:business": {"en": "B"}}},
    )  # fmt: skip
    LedgerEntry.objects.create(
        account=account, at=NOON, kind="invoice", amount=-GROSS, source=f"invoice:{invoice.number}", invoice=invoice
    )
    return invoice


def _part(breakdown: Breakdown, key: int) -> None:
    """A subscriber on an invoice, with a fee and usage."""
    sums = {"net": NET, "vat": VAT, "gross": GROSS}
    InvoiceSubscriber.objects.create(
        breakdown=breakdown, subscriber_id=key, number=f"37533{key:07}", tariff="business", **sums
    )
    for kind in (Fee.TARIFF, Charge.VOICE_HOME):
        InvoiceLine.objects.create(
            breakdown=breakdown, subscriber_id=key, kind=kind, subject="tariff:business", period_start=NOON,
            period_end=NOON, vat_rate=Decimal(25), **sums,
        )  # fmt: skip


def _order(cast: Cast, number: int, state: states.State) -> Order:
    """As Anna places them: confirmed but for the drafts."""
    actor = cast.anna.actor()
    order = Order.objects.create(
        client=cast.company, action="connect_service", params={"service": cast.catalog.service.pk},
        titles={"en": "Connection"}, state=state, key=uuid.uuid4(), seat=cast.anna, person_label="Anna",
        actor_kind=actor.kind, actor_id=actor.id, actor_label=actor.label, total=30, failed=1, confirmed=30,
        number=None if state == states.State.DRAFT else number,
        confirmed_at=NOON, finished_at=NOON if state == states.State.PARTLY else None,
    )  # fmt: skip
    order.accounts.set([cast.first.pk])
    return order
