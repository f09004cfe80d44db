"""From call records to invoice, ledger and journal: the same sums all the way."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from abonent.audit.models import Entry
from abonent.billing import current, kinds
from abonent.billing.charges import Charge
from abonent.billing.gathering import Gathered
from abonent.billing.kinds import describe
from abonent.billing.models import Invoice, InvoiceLine, LedgerEntry, UsageSoFar
from abonent.billing.run import BillRunError, bill_run
from abonent.billing.usage_charges import Used
from abonent.catalog.models import Rate
from abonent.jobs.errors import GiveUp
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber
from abonent.usage import layout
from abonent.usage.intake import load
from abonent.usage.models import UsageMonth
from tests.billing.conftest import Bill
from tests.billing.world import OCTOBER, World, local, plan, status

NOVEMBER = Month(2026, 11)


def price(world: World, traffic: str, amount: str, step: int) -> None:
    for tariff in (world.tariff, world.other_tariff):
        since = local(2025, 1, 1)
        Rate.objects.create(
            tariff=tariff, traffic=traffic, direction="out", price=Decimal(amount), step=step, start=since
        )


def call(line: Subscriber, moment: str, seconds: int) -> str:
    return f"{line.number};voice;out;{moment}+03:00;{seconds};375291110000;"


def take_in(folder: Path, name: str, *lines: str) -> None:
    path = folder / name
    path.write_text("\n".join([layout.HEADER, *lines]) + "\n", encoding="utf-8")
    result = load(path)
    assert (result.records, result.rejected) == (len(lines), 0)


@pytest.fixture
def billed(world: World, bill: Bill, store: Path) -> World:
    """Two lines that called in October, one of them on the first second of it."""
    price(world, "voice", "0.075", 60)
    one, other = world.subscriber(), world.subscriber()
    with clock.stopped(local(2026, 11, 1)):
        take_in(
            store,
            "october.csv",
            call(one, "2026-10-01T00:00:00", 61),
            call(one, "2026-10-20T12:00:00", 5),
            call(other, "2026-10-31T23:59:59", 60),
        )
    bill(world.first)
    return world


def test_lines_make_subscribers_make_the_invoice_make_the_ledger(billed: World) -> None:
    invoice = Invoice.objects.get(account=billed.first)
    lines, parts = list(invoice.lines), list(invoice.subscribers)
    voice = [(line.records, line.billed, line.net, line.vat, line.gross) for line in lines if line.kind == "voice_home"]
    # Three minutes at 0.075 are 0.225, rounded up; one is 0.075, rounded up.
    assert voice == [
        (2, 180, Decimal("0.23"), Decimal("0.06"), Decimal("0.29")),
        (1, 60, Decimal("0.08"), Decimal("0.02"), Decimal("0.10")),
    ]
    for rows in (lines, parts):
        assert sum((row.net for row in rows), ZERO) == invoice.net == Decimal("62.31")
        assert sum((row.vat for row in rows), ZERO) == invoice.vat
        assert sum((row.gross for row in rows), ZERO) == invoice.gross == invoice.net + invoice.vat
    for line in lines:
        assert line.gross == line.net + line.vat
    assert LedgerEntry.objects.get(invoice=invoice).amount == -invoice.gross
    entry = Entry.objects.get(action="billing.issue", target_id=str(invoice.pk))
    assert entry.client_id == billed.client.pk
    assert entry.beside.after["gross"] == str(invoice.gross)


def test_the_number_tells_account_and_month_and_the_version_is_pinned(billed: World) -> None:
    invoice = Invoice.objects.get(account=billed.first)
    assert invoice.number == "00020000001-202610"
    assert invoice.rating_version == UsageMonth.objects.get(month="2026-10").version
    assert not invoice.rating_version.preliminary
    assert UsageMonth.objects.get(month="2026-11").closed is None


def test_a_late_record_is_on_the_next_invoice_with_a_note(billed: World, bill: Bill, store: Path) -> None:
    line = Subscriber.objects.order_by("pk")[0]
    with clock.stopped(local(2026, 11, 5)):
        take_in(store, "late.csv", call(line, "2026-10-30T12:00:00", 60), call(line, "2026-11-04T12:00:00", 60))
    october = list(Invoice.objects.get(account=billed.first).lines.values_list())
    invoice = bill(billed.first, NOVEMBER)
    voice = [one for one in invoice.lines if one.kind == "voice_home"]
    assert [(one.late_month, one.records, str(one.net)) for one in voice] == [("", 1, "0.08"), ("2026-10", 1, "0.08")]
    assert (voice[1].period_start, voice[1].period_end) == (local(2026, 10, 1), local(2026, 11, 1))
    with translation.override("en"):
        assert describe(voice[0], invoice.snapshot["names"]) == "Calls in the country"
        assert describe(voice[1], invoice.snapshot["names"]) == "Calls in the country (of 10.2026, came late)"
    assert list(Invoice.objects.get(account=billed.first, month="2026-10").lines.values_list()) == october


def test_a_line_is_described_in_the_readers_language_by_the_snapshots_names(billed: World) -> None:
    invoice = Invoice.objects.get(account=billed.first)
    fee = invoice.lines[0]
    with translation.override("en"):
        assert describe(fee, invoice.snapshot["names"]) == "Monthly fee of the tariff: Smart"
    with translation.override("ru"):
        assert describe(fee, invoice.snapshot["names"]).endswith(": Смарт")
    assert kinds.name_of("tariff:gone", {}) == "gone"


def test_every_kind_of_usage_and_fee_has_a_label_and_a_unit() -> None:
    assert set(kinds.LABELS) == set(kinds.UNITS) == {*layout.Charge.values, *kinds.Fee.values}


def test_the_run_of_a_month_that_goes_on_is_refused(world: World) -> None:
    with clock.stopped(local(2026, 10, 31, 23, 59, 59)), pytest.raises(BillRunError):
        bill_run(OCTOBER)
    with clock.stopped(local(2026, 11, 1)):
        assert bill_run(OCTOBER).is_finished
    assert Invoice.objects.filter(account=world.first).exists()


def test_the_run_tells_its_progress_and_once_more_changes_nothing(billed: World) -> None:
    before = list(InvoiceLine.objects.values_list()), list(LedgerEntry.objects.values_list())
    told: list[tuple[int, int]] = []
    with clock.stopped(local(2026, 11, 2)):
        bill_run(OCTOBER, lambda formed, total: told.append((formed, total)))
    assert told == [(2, 2)]
    assert before == (list(InvoiceLine.objects.values_list()), list(LedgerEntry.objects.values_list()))
    assert billed.first.invoices.count() == 1


def test_an_account_that_fails_is_named_and_the_others_are_formed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reason is said; started again after the fault is gone, the run forms what was left."""
    world.subscriber()
    world.subscriber(world.second)
    charges = Gathered.charges

    def fail_for_second(self: Gathered, account: int, usage: Iterable[Used]) -> list[Charge]:
        if account == world.second.pk:
            raise GiveUp("the tariff is odd")
        return charges(self, account, usage)

    with clock.stopped(local(2026, 11, 2)):
        with monkeypatch.context() as patch:
            patch.setattr(Gathered, "charges", fail_for_second)
            with pytest.raises(BillRunError, match=f"{world.second.number}: the tariff is odd"):
                bill_run(OCTOBER)
        assert [invoice.account for invoice in Invoice.objects.all()] == [world.first]
        assert bill_run(OCTOBER).is_finished
    assert Invoice.objects.count() == 2


def test_charges_so_far_are_what_an_invoice_would_say(world: World, bill: Bill, store: Path) -> None:
    """S15.5, L6: some lines moved within the month, others did not; at its last moment both say the same."""
    price(world, "voice", "0.075", 60)
    quiet = [world.subscriber(package=world.package) for _ in range(3)]
    world.connect(quiet[0], local(2026, 1, 1))
    world.connect(quiet[1], local(2026, 10, 1), connect_fee="5")
    changed, begun, ended = world.subscriber(), world.subscriber(status="pending"), world.subscriber()
    plan(changed, world.other_tariff, local(2026, 10, 15, 12))
    status(begun, "active", local(2026, 10, 11, 7))
    status(ended, "terminated", local(2026, 10, 3))
    end = local(2026, 11, 1)
    with clock.stopped(end):
        take_in(store, "october.csv", *(call(line, "2026-10-20T12:00:00", 61) for line in [*quiet, changed]))
    last = local(2026, 10, 31, 23, 59, 59).replace(microsecond=999_999)
    with clock.stopped(last):
        assert current.refresh()
        assert not current.refresh()
        so_far = current.charges_so_far([world.first.pk, world.second.pk], last)
        lines, names = current.preliminary(world.first, last)
    invoice = bill(world.first)
    mine = so_far[world.first.pk]
    assert (mine.net, mine.vat, mine.gross) == (invoice.net, invoice.vat, invoice.gross)
    assert mine.usage == UsageSoFar.objects.get().net == Decimal("0.60")
    assert sorted((one.subscriber_id, one.kind, one.amount.gross) for one in lines) == sorted(
        (one.subscriber_id, one.kind, one.gross) for one in invoice.lines
    )
    assert "tariff:smart" in names
    assert so_far[world.second.pk].gross == ZERO


def test_charges_so_far_of_one_subscriber_are_its_own(world: World) -> None:
    one = world.subscriber()
    world.subscriber()
    lines, _names = current.preliminary(world.first, local(2026, 10, 11), only=[one.pk])
    assert [(line.subscriber_id, line.amount.net) for line in lines] == [(one.pk, Decimal("10.00"))]
