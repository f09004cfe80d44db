"""L2 for the operator's staff: bank statements are loaded, and money that names no account is settled once."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from abonent.access.rights import Right
from abonent.audit.journal import SYSTEM
from abonent.audit.models import Entry
from abonent.billing.balance import state_of
from abonent.billing.bank.loading import bank_statements_queue, enter, finish
from abonent.billing.bank.proposals import Why, proposals
from abonent.billing.bank.settling import SettledAlready, assign, put_aside
from abonent.billing.models import BankLine, BankStatement, Payment
from abonent.billing.promises import Paid, register
from abonent.lib import clock
from tests.billing.test_ledger import issued
from tests.billing.world import local
from tests.cast import Cast
from tests.formats.bank.samples import PAYER, camt, client_bank, details, entry

pytestmark = pytest.mark.usefixtures("english")
NAMELESS = {"НазначениеПлатежа": "за связь"}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path) -> Iterator[None]:
    with clock.stopped(local(2026, 11, 22, 12)), override_settings(STORAGE_URL=f"file://{tmp_path}/files"):
        yield


def waiting(*documents: dict[str, str]) -> list[BankLine]:
    statement = finish(enter(client_bank(*(documents or (NAMELESS,))), "day.txt", SYSTEM)[0])
    return list(statement.lines.filter(state="waiting"))


def sent(browser: Browser, data: bytes) -> tuple[int, str]:
    file = SimpleUploadedFile("day.txt", data)
    response = browser.post(reverse("operator_payments"), {"file": file}, follow=True)
    return response.status_code, response.content.decode()


def test_L2_a_statement_is_sent_and_its_entries_are_seen(cast: Cast, olga_client: Browser) -> None:
    data = client_bank({"НазначениеПлатежа": f"л/с {cast.first.number}"}, NAMELESS, {"Сумма": "?"})
    status, page = sent(olga_client, data)
    assert (status, "Booking the entries" in page) == (200, True)
    bank_statements_queue.turn({})
    statement = BankStatement.objects.get()
    progress = olga_client.get(reverse("operator_statement_progress", args=[statement.pk]))
    assert progress.headers["HX-Refresh"] == "true"
    page = olga_client.get(reverse("operator_statement", args=[statement.pk])).content.decode()
    assert [text in page for text in (cast.first.number, "no amount that can be read", "names no account")] == [
        True
    ] * 3
    only = olga_client.get(reverse("operator_statement", args=[statement.pk]), {"only": "unread"}).content.decode()
    assert ("no amount that can be read" in only, cast.first.number in only) == (True, False)
    assert Entry.objects.get(action="billing.receive").actor_id == str(cast.olga.person_id)
    assert "loaded already" in sent(olga_client, data)[1]
    assert Payment.objects.count() == 1


def test_L2_a_file_that_is_no_statement_is_refused_on_the_form(
    cast: Cast, olga_client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = camt([entry(details())], head='<!DOCTYPE x [<!ENTITY a "b">]>')
    assert "no bank statement" in sent(olga_client, b"%PDF-1.7")[1]
    assert "declarations" in sent(olga_client, bomb)[1]
    assert "The file is empty" in sent(olga_client, b"")[1]
    monkeypatch.setattr("abonent.backoffice.forms.payments.MAX_MB", 0)
    status, page = sent(olga_client, client_bank({}))
    assert (status, "larger than 0 MB" in page) == (422, True)
    assert not BankStatement.objects.exists()
    assert cast.first.entries.count() == 0


def test_L2_a_person_books_what_waits_to_an_account(cast: Cast, olga_client: Browser) -> None:
    (line,) = waiting()
    assert "ООО «Ромашка»" in olga_client.get(reverse("operator_payments")).content.decode()
    booking = reverse("operator_payment_booking", args=[line.pk])
    page = olga_client.post(booking, {"account": "00020888888"})
    assert (page.status_code, "There is no account 00020888888" in page.content.decode()) == (422, True)
    assert olga_client.post(booking, {"account": f" {cast.first.number} "}).status_code == 302
    payment = Payment.objects.get()
    assert (payment.account, payment.amount, state_of(cast.first).balance) == (
        cast.first,
        Decimal("175.68"),
        Decimal("175.68"),
    )
    page = olga_client.post(booking, {"account": cast.second.number}, follow=True)
    assert "Somebody settled it meanwhile" in page.content.decode()
    note = Entry.objects.get(action="billing.assign")
    assert (note.client_id, note.actor_id) == (cast.company.pk, str(cast.olga.person_id))
    assert note.beside.before == {"state": "waiting", "note": ""}
    assert note.beside.after == {"account": cast.first.number, "amount": "175.68", "payer": "ООО «Ромашка»"}
    assert Payment.objects.count() == 1
    assert "Nothing waits" in olga_client.get(reverse("operator_payments")).content.decode()


def test_L2_what_is_put_aside_says_why_and_can_still_be_booked(cast: Cast, olga_client: Browser) -> None:
    (line,) = waiting()
    aside = reverse("operator_payment_aside", args=[line.pk])
    assert olga_client.post(aside, {"note": " "}).status_code == 422
    olga_client.post(aside, {"note": "Sent back."})
    listed = olga_client.get(reverse("operator_payments"), {"which": "aside"}).content.decode()
    assert "Sent back." in listed
    assert not Payment.objects.exists()
    assert Entry.objects.get(action="billing.put-aside").beside.after["note"] == "Sent back."
    olga_client.post(reverse("operator_payment_booking", args=[line.pk]), {"account": cast.first.number})
    assert Payment.objects.get().account == cast.first
    line.refresh_from_db()
    with pytest.raises(SettledAlready):
        put_aside(line, "again", SYSTEM)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_L2_two_who_settle_the_same_payment_at_once_book_it_once(cast: Cast) -> None:
    (line,) = waiting()
    verbs: list[Callable[[], object]] = [
        lambda: assign(line, cast.first, SYSTEM),
        lambda: assign(line, cast.second, SYSTEM),
        lambda: put_aside(line, "no", SYSTEM),
        lambda: assign(line, cast.first, SYSTEM),
    ]
    start, late, failed = threading.Barrier(len(verbs)), [], []

    def come(verb: Callable[[], object]) -> None:
        start.wait()
        try:
            verb()
        except SettledAlready as error:
            late.append(error)
        except Exception as error:  # noqa: BLE001  # it is looked at below
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    # One of the bookings, and before it perhaps the putting aside.
    assert len(late) in {2, 3}
    assert Payment.objects.count() == Entry.objects.filter(action="billing.assign").count() == 1


@pytest.mark.postgres
def test_L2_proposals_say_what_speaks_for_each_account(cast: Cast) -> None:
    cast.company.tax_id = "100000001"
    cast.company.save()
    cast.stranger.bank_accounts = "BY86 AKBB 3012 0000 0000 2000 0000\nBY1"
    cast.stranger.save()
    issued(cast.second, "2026-10", "175.68")
    with clock.stopped(local(2026, 11, 5)):
        register(cast.second, state_of(cast.second), Paid(Decimal("175.68"), local(2026, 11, 21).date(), "17"), SYSTEM)
    both = {"НазначениеПлатежа": f"{cast.first.number}, {cast.second.number}"}
    (line,) = waiting(both)
    found = {one.account: set(one.reasons) for one in proposals(line)}
    assert found == {
        cast.first: {Why.NAMED, Why.TAX_ID},
        cast.second: {Why.NAMED, Why.TAX_ID, Why.PROMISE, Why.INVOICE},
        cast.stranger_account: {Why.BANK_ACCOUNT},
    }
    assert proposals(line)[0].account == cast.second
    assign(line, cast.second, SYSTEM)
    (other,) = waiting({"Номер": "18", "Сумма": "3.00", "ПлательщикИНН": "", **NAMELESS})
    assert other.payer_account == PAYER
    reasons = {one.account: one.reasons for one in proposals(other)}
    assert reasons == {cast.second: (Why.PAID_BEFORE,), cast.stranger_account: (Why.BANK_ACCOUNT,)}


def test_L2_the_pages_need_the_right_and_few_questions(
    cast: Cast,
    olga_client: Browser,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    lines = waiting(*({"Номер": str(number), **NAMELESS} for number in range(12)))
    pages = [
        reverse("operator_payments"),
        reverse("operator_statement", args=[lines[0].statement_id]),
        reverse("operator_payment", args=[lines[0].pk]),
    ]
    for page in pages:
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]  # a context manager of pytest-django
            assert olga_client.get(page).status_code == 200
    monkeypatch.setattr("abonent.access.models.seats.Seat.has", lambda _seat, right: right != Right.OPERATOR_MONEY)
    assert [olga_client.get(page).status_code for page in pages] == [403] * 3
    assert cast.first.entries.count() == 0
