"""Bank statements are loaded: every entry has its row and its reason, and money is booked once."""

import datetime as dt
import threading
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from abonent.audit.journal import SYSTEM
from abonent.audit.models import Entry
from abonent.billing.balance import balance_at, state_of
from abonent.billing.bank import loading
from abonent.billing.bank.loading import counts, enter, finish
from abonent.billing.models import BankLine, BankStatement, LedgerEntry, Payment
from abonent.billing.promises import Paid, register
from abonent.formats.bank.entries import StatementRefused
from abonent.jobs.models import State
from abonent.lib import clock
from tests.billing.bank.conftest import Load
from tests.billing.test_ledger import issued
from tests.billing.world import World, local
from tests.formats.bank.samples import OWN, PAYER, camt, client_bank, details, entry

pytestmark = pytest.mark.usefixtures("english")
SECOND = "л/с 00020000002"


def verdicts(statement: BankStatement) -> list[tuple[str, str]]:
    return list(statement.lines.order_by("place").values_list("state", "reason"))


def test_L2_money_that_names_one_account_is_booked_to_it(world: World, load: Load) -> None:
    issued(world.first, "2026-10", "175.68")
    with clock.stopped(local(2026, 11, 5)):
        promise, _new = register(
            world.first, state_of(world.first), Paid(Decimal("175.68"), dt.date(2026, 11, 5), "17"), SYSTEM
        )
    with clock.stopped(local(2026, 11, 15)):
        statement = load(client_bank({"ДатаПоступило": "14.11.2026"}))
    payment = Payment.objects.get()
    assert (payment.account, payment.amount, payment.payer) == (world.first, Decimal("175.68"), "ООО «Ромашка»")
    assert (payment.value_date, payment.received_at) == (dt.date(2026, 11, 14), local(2026, 11, 14))
    assert balance_at(world.first, local(2026, 11, 15)) == Decimal("175.68")
    promise.refresh_from_db()
    assert promise.payment == payment
    line = statement.lines.get()
    assert (line.state, line.payment, line.line) == ("booked", payment, 9)
    assert state_of(world.first).due == 0


@pytest.mark.postgres
def test_L2_every_entry_gets_a_row_and_a_reason(world: World, load: Load) -> None:
    statement = load(
        client_bank(
            {},
            {"ПлательщикСчет": OWN, "ПолучательСчет": PAYER},
            {"ПолучательСчет": "BY99"},
            {"КодВалюты": "840"},
            {"Сумма": "0.00"},
            {"Номер": "18", "Сумма": "?"},
            {"Номер": "19", "НазначениеПлатежа": "за связь"},
            {"Номер": "20", "НазначениеПлатежа": "л/с 00020999999, 000200000011"},
            {"Номер": "21", "НазначениеПлатежа": "00020000001 и 00020000002"},
            {"Номер": "22", "ДатаПоступило": "23.11.2026"},
            {},
            {"Номер": "23", "ДатаПоступило": "01.01.0001"},
        )
    )
    assert verdicts(statement) == [
        ("booked", ""),
        ("ignored", "debit"),
        ("ignored", "other_account"),
        ("ignored", "currency"),
        ("ignored", "not_positive"),
        ("unread", "amount"),
        ("waiting", "no_account"),
        ("waiting", "no_account"),
        ("waiting", "several"),
        ("unread", "future"),
        ("ignored", "known"),
        ("unread", "date"),
    ]
    assert [entry.account for entry in LedgerEntry.objects.all()] == [world.first]
    assert counts(statement) == {"booked": 1, "ignored": 5, "unread": 3, "waiting": 3}
    assert Entry.objects.get(action="billing.load-statement").beside.after == counts(statement)


def test_L2_reversals_and_what_is_pending_are_told_and_not_booked(world: World, load: Load) -> None:
    back = entry(details(), direction="DBIT", extra="<RvslInd>true</RvslInd>")
    statement = load(camt([back, entry(details(), extra="<RvslInd>true</RvslInd>"), entry(details(), status="PDNG")]))
    assert verdicts(statement) == [("ignored", "reversal"), ("ignored", "reversal"), ("ignored", "pending")]
    assert not world.first.payments.exists()


def test_L2_the_same_file_again_changes_nothing(world: World, load: Load) -> None:
    data = client_bank({}, {"Номер": "18", "НазначениеПлатежа": SECOND})
    first = load(data)
    assert load(data, "again.txt") == first
    assert (BankStatement.objects.count(), BankLine.objects.count(), world.first.payments.count()) == (1, 2, 1)


@pytest.mark.postgres
def test_L2_the_same_payment_in_another_file_or_format_is_known(world: World, load: Load) -> None:
    load(client_bank({}))
    again = client_bank({}, {"Номер": "18"})
    assert verdicts(load(again)) == [("ignored", "known"), ("booked", "")]
    both = camt([entry(details(reference="A")), entry(details(number="18", reference="B"))])
    assert verdicts(load(both)) == [("ignored", "known"), ("ignored", "known")]
    assert world.first.payments.count() == 2


def test_L2_what_only_looks_like_a_payment_of_the_other_format_waits_for_a_person(world: World, load: Load) -> None:
    """The bank gave no number of the order: nothing says whether it is the one that was booked."""
    load(client_bank({}))
    statement = load(camt([entry(details(number="NOTPROVIDED", reference="A"))]))
    assert verdicts(statement) == [("waiting", "may_be_known")]
    assert world.first.payments.count() == 1


def test_L2_so_does_what_comes_without_the_payers_account(world: World, load: Load) -> None:
    """It is optional in ISO 20022, and part of what makes a payment known."""
    load(client_bank({}))
    assert verdicts(load(camt([entry(details(payer="", reference="A"))]))) == [("waiting", "may_be_known")]
    assert world.first.payments.count() == 1


def test_L2_payments_that_are_alike_are_told_apart_where_the_bank_does(world: World, load: Load) -> None:
    """Two by cash without a number; two of one number that the bank gave references of its own; one twice."""
    cash = {"Номер": "", "ПлательщикСчет": ""}
    assert verdicts(load(client_bank(cash, cash))) == [("booked", ""), ("booked", "")]
    assert verdicts(load(client_bank(cash, cash, cash))) == [("ignored", "known")] * 2 + [("booked", "")]
    own = [entry(details(number="5", reference=reference)) for reference in ("A", "B", "A")]
    assert verdicts(load(camt(own))) == [("booked", ""), ("booked", ""), ("ignored", "known")]
    assert world.first.payments.count() == 5


def test_L2_a_statement_whose_file_was_lost_is_loaded_when_it_comes_again(world: World, load: Load) -> None:
    statement, _new = enter(client_bank({}), "day.txt", SYSTEM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("abonent.files.models.StoredFile.open", missing)
        assert finish(statement).state == State.DEAD
    assert load(client_bank({})).state == State.DONE
    assert world.first.payments.count() == 1


def missing(_file: object) -> None:
    raise FileNotFoundError


def test_L2_a_file_that_is_refused_leaves_nothing(world: World, load: Load) -> None:
    for data in (client_bank({})[5:], camt([entry(details())])[:-9]):
        with pytest.raises(StatementRefused):
            load(data)
    assert not BankStatement.objects.exists()
    assert not world.first.payments.exists()


def test_L2_a_load_that_was_killed_goes_on_where_it_was(
    world: World, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = client_bank(*({"Номер": str(number)} for number in range(1, 26)))
    statement, _new = enter(data, "long.txt", SYSTEM)
    take, pieces = loading._take, []  # noqa: SLF001  # what happens in between is the matter

    def die(*args: object) -> None:
        pieces.append(args)
        if len(pieces) == 2:
            raise KeyboardInterrupt
        take(*args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(loading, "_take", die)
    with pytest.raises(KeyboardInterrupt):
        loading.bank_statements_queue.turn({})
    assert world.first.payments.count() == loading.PIECE
    monkeypatch.setattr(loading, "_take", take)
    with clock.stopped(clock.now() + dt.timedelta(minutes=1)):
        finish(statement)
    assert load(data) == statement
    assert (statement.state, counts(statement)) == (State.DONE, {"booked": 25})
    assert world.first.payments.count() == 25


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_L2_files_that_overlap_loaded_at_once_book_each_payment_once(world: World) -> None:  # noqa: ARG001  # its accounts are there
    """Four files with the same payments in different orders, each by two at once."""
    numbers = [{"Номер": str(number)} for number in range(1, 7)]
    files = [client_bank(*numbers[turn:], *numbers[:turn]) for turn in (0, 2)]
    files.append(camt([entry(details(number=one["Номер"])) for one in reversed(numbers)]))
    files *= 2
    start, failed = threading.Barrier(len(files)), []

    def come(data: bytes) -> None:
        start.wait()
        try:
            finish(enter(data, "statement", SYSTEM)[0])
        except Exception as error:  # noqa: BLE001  # it is looked at below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(data,)) for data in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert set(BankStatement.objects.values_list("state", flat=True)) == {State.DONE}
    assert BankStatement.objects.count() == 3
    assert Payment.objects.count() == LedgerEntry.objects.count() == 6
    assert BankLine.objects.count() == 18


def test_L2_the_command_tells_what_became_of_each_entry(world: World, tmp_path: Path) -> None:
    file = tmp_path / "day.txt"
    file.write_bytes(client_bank({}, {"Номер": "18", "НазначениеПлатежа": "за связь"}))
    out = StringIO()
    call_command("load-payments", str(file), stdout=out)
    told = out.getvalue()
    assert "booked: 1, waiting for an account: 1" in told
    assert "the purpose names no account of ours: 175.68 ООО «Ромашка»" in told
    out = StringIO()
    call_command("load-payments", str(file), stdout=out)
    assert "loaded already, nothing changed" in out.getvalue()
    file.write_bytes(b"%PDF")
    with pytest.raises(CommandError, match="no bank statement"):
        call_command("load-payments", str(file))
    with pytest.raises(CommandError, match="No such file"):
        call_command("load-payments", str(tmp_path / "none"))
    assert world.first.payments.count() == 1
