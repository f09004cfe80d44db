"""However often a bill run is killed, and however many there are at once, each account gets one invoice."""

import datetime as dt
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from abonent.audit.models import Entry
from abonent.billing import writing
from abonent.billing.models import AccountRun, Breakdown, Invoice, InvoiceLine, LedgerEntry
from abonent.billing.run import account_runs_queue, begin, bill_run, bill_runs_queue
from abonent.clients.models import Account
from abonent.jobs.errors import LeaseLost
from abonent.lib import clock
from abonent.lib.money import ZERO
from tests.billing.world import OCTOBER, World, local
from tests.jobs.processes import until

SEED = 20261101
ACCOUNTS = 30
pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def crowd(world: World) -> World:
    """Thirty accounts: some of one line, the first of sixty."""
    for place in range(ACCOUNTS - 2):
        Account.objects.create(contract=world.first.contract, number=f"0002100{place:04}", opened=dt.date(2025, 1, 1))
    for account in Account.objects.all():
        for _ in range(60 if account == world.first else 2):
            world.connect(world.subscriber(account, package=world.package), local(2026, 10, 2))
    return world


def start(moment: dt.datetime) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "ABONENT_TEST_DATABASE_URL": _url(),
        "ABONENT_CLOCK": moment.isoformat(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", "tests.billing.child", str(OCTOBER), settings.USAGE_URL]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own module


def _url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    user, password = quote(database["USER"], safe=""), quote(database["PASSWORD"], safe="")
    host, port = quote(database["HOST"], safe=""), f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{user}:{password}@{host}{port}/{database['NAME']}"


def said(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def must_be_whole() -> None:
    """One invoice per account, each with its own lines, one booking, one journal entry; nothing else is left."""
    invoices = list(Invoice.objects.all())
    assert Counter(invoice.account_id for invoice in invoices) == Counter(Account.objects.values_list("pk", flat=True))
    for invoice in invoices:
        lines = list(invoice.lines)
        assert len(lines) == 3 * invoice.account.subscribers.count()
        assert sum((line.gross for line in lines), ZERO) == invoice.gross > 0
    assert InvoiceLine.objects.count() == sum(invoice.lines.count() for invoice in invoices)
    assert Breakdown.objects.count() == len(invoices)
    booked = Counter(LedgerEntry.objects.values_list("invoice_id", flat=True))
    assert booked == Counter(invoice.pk for invoice in invoices)
    assert Entry.objects.filter(action="billing.issue").count() == len(invoices)


def test_a_run_that_is_killed_again_and_again_forms_each_invoice_once(crowd: World) -> None:
    assert crowd.first.subscribers.count() == 60
    dice, moment, killed_with = random.Random(SEED), local(2026, 11, 1, 1), []  # noqa: S311  # a seeded die is meant
    for _ in range(6):
        wanted = Invoice.objects.count() + dice.randint(0, 5)
        pause = dice.uniform(0, 0.05)
        with start(moment) as child:
            assert said(child) == "ready"
            until(lambda: Invoice.objects.count() >= wanted)  # noqa: B023  # used up within this turn of the loop
            threading.Event().wait(pause)
            child.kill()
        killed_with.append(Invoice.objects.count())
        # Leases run out while nobody works.
        moment += dt.timedelta(minutes=1)
    print(f"killed with so many invoices formed: {killed_with}, seed {SEED}")  # noqa: T201  # a figure of the test
    with clock.stopped(moment):
        assert bill_run(OCTOBER).is_finished
    must_be_whole()
    assert 0 < killed_with[-1] < ACCOUNTS


def test_two_runs_at_once_form_each_invoice_once(crowd: World) -> None:
    assert crowd.second.subscribers.count() == 2
    with start(local(2026, 11, 1, 1)) as one, start(local(2026, 11, 1, 1)) as other:
        assert (said(one), said(other)) == ("ready", "ready")
        assert (said(one), said(other)) == ("finished", "finished")
    must_be_whole()


def test_what_a_killed_run_wrote_is_swept_before_the_account_is_formed_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the last line and the invoice: the worst moment."""
    world.subscriber()

    def die(*_args: object) -> None:
        raise LeaseLost("as if the process were gone")

    now = local(2026, 11, 1, 1)
    with clock.stopped(now), monkeypatch.context() as patch:
        begin(OCTOBER)
        assert bill_runs_queue.turn({}) == 1
        patch.setattr("abonent.billing.invoicing._appear", die)
        account_runs_queue.turn({})
        assert (InvoiceLine.objects.count(), Invoice.objects.count()) == (1, 0)
    with clock.stopped(now + dt.timedelta(minutes=1)):
        bill_run(OCTOBER)
    assert (InvoiceLine.objects.count(), Invoice.objects.count(), Breakdown.objects.count()) == (1, 2, 2)


def test_a_worker_that_lost_its_lease_drops_its_work(world: World) -> None:
    world.subscriber()
    now = local(2026, 11, 1, 1)
    with clock.stopped(now):
        begin(OCTOBER)
        bill_runs_queue.turn({})
        slow = account_runs_queue.claim()
    assert slow is not None
    with clock.stopped(now + dt.timedelta(minutes=1)):
        bill_run(OCTOBER)
        with pytest.raises(LeaseLost):
            account_runs_queue.work(list(slow.open.values()), slow)
    assert Invoice.objects.count() == LedgerEntry.objects.count() == 2


def test_the_command_says_what_it_formed_and_refuses_what_is_no_ended_month(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.subscriber()
    with clock.stopped(local(2026, 11, 1, 1)):
        call_command("bill-run", "2026-10")
        shown = capsys.readouterr()
        assert "00020000001  00020000001-202610  38.75 BYN" in shown.out
        assert "2 of 2 accounts" in shown.err
        for wrong in ("2026-13", "october", "2026-10-01"):
            with pytest.raises(CommandError, match="is not a month"):
                call_command("bill-run", wrong)
        with pytest.raises(CommandError, match="2026-11"):
            call_command("bill-run", "2026-11")


def test_rows_are_written_in_pieces(crowd: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "PIECE", 7)
    assert crowd.first.subscribers.count() == 60
    with clock.stopped(local(2026, 11, 1, 1)):
        bill_run(OCTOBER)
    must_be_whole()


def test_an_account_that_kills_its_worker_does_not_take_its_neighbours_with_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempts count for the account in work, not for those that wait behind it in the batch."""
    world.subscriber()

    def die(*_args: object) -> None:
        raise LeaseLost("as if the process were gone")

    with clock.stopped(local(2026, 11, 1, 1)), monkeypatch.context() as patch:
        begin(OCTOBER)
        bill_runs_queue.turn({})
        patch.setattr("abonent.billing.invoicing._appear", die)
        account_runs_queue.turn({})
    attempts = AccountRun.objects.order_by("account_id").values_list("account_id", "attempts")
    assert list(attempts) == [(world.first.pk, 1), (world.second.pk, 0)]
