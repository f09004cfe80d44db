"""«Начисления за текущий период»: whose, the figures, the document (L6)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from abonent.billing.current import charges_so_far, refresh
from abonent.documents import current_charges
from abonent.documents.current_charges import ChargesParams, bound
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from abonent.documents.open_bill import OpenBill
from abonent.documents.ordering import NotNow, accounts_for, place
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.lib import clock
from abonent.lib.money import ZERO
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.documents.conftest import Company
from tests.documents.test_requests import MAIL
from tests.documents.test_screens import body

pytestmark = pytest.mark.usefixtures("english", "noon")
WHERE = "current_charges"
MOST_QUERIES = 40
ORDER = {"step": "order", "format": "pdf", "language": "en", "by": "email"}


@pytest.fixture
def anna(cast: Cast) -> Client:
    return logged_in(cast.anna)


def asked(cast: Cast, **changes: object) -> dict[str, object]:
    return {"step": "choose", "account": cast.first.pk, "source": "all"} | changes


def money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def test_L6_the_figures_are_those_of_every_other_page(company: Company) -> None:
    refresh()
    bill = OpenBill.of(company.cast.first, clock.now())
    so_far = charges_so_far([company.cast.first.pk])[company.cast.first.pk]
    assert (bill.net, bill.vat, bill.gross) == (so_far.net, so_far.vat, so_far.gross)
    assert bill.rated_at == so_far.usage_at
    for parts in (bill.by_kind(), bill.by_subscriber(), list(bill.lines())):
        assert sum((part.gross for part in parts), ZERO) == bill.gross
    assert {one.usage > 0 for one in bill.by_subscriber()} == {True}
    text = body(logged_in(company.cast.anna).post(reverse(WHERE), asked(company.cast)))
    assert text.count(money(bill.gross)) >= 2
    assert all(money(one.gross) in text for one in bill.by_subscriber())
    assert "All subscribers of the account" in text


def test_L6_some_by_the_list_by_typing_by_the_selection(cast: Cast, anna: Client) -> None:
    lines = cast.subscribers
    ids = [lines[0].pk, lines[1].pk]
    whole = OpenBill.of(cast.first, NOON, ids)
    assert {charge.subscriber_id for charge in whole.charges} == set(ids)
    gross = money(whole.gross)
    page = anna.post(reverse(WHERE), asked(cast, source="list"))
    assert lines[4].name in body(page)
    assert "Status / Reason" in body(page)
    picked = anna.post(reverse(WHERE), asked(cast, source="list", step="pick", pick=ids, go="continue"))
    typed = anna.post(reverse(WHERE), asked(cast, source="typed", typed=f"{lines[0].number};{lines[1].number}"))
    selection.add(cast.anna, Wanted((Ref(Kind.NUMBER, ids[0]), Ref(Kind.NUMBER, ids[1]))))
    selected = anna.post(reverse(WHERE), asked(cast, source="selection"))
    for answer in (picked, typed, selected):
        assert answer.status_code == 200
        assert gross in body(answer)
        assert "Order it for 2 numbers" in body(answer)


def test_L6_what_cannot_be_taken_is_said_number_by_number(cast: Cast, anna: Client) -> None:
    foreign, nobodys = cast.stranger_subscriber.number, "375290000000"
    typed = f"{cast.subscribers[0].number}, +375 29 000-00-00;{foreign};{cast.subscribers[5].number};80291;x"
    text = body(anna.post(reverse(WHERE), asked(cast, source="typed", typed=typed)))
    assert "5 rows of 6 cannot be taken" in text
    assert text.count("Numbers must belong to your company.") == 4, "a stranger's looks like nobody's; the sum of them"
    assert "Order it for 1 number" in text
    nothing = anna.post(reverse(WHERE), asked(cast, source="typed", typed=f"{foreign};{nobodys}"))
    assert nothing.status_code == 422
    assert "None of the numbers can be taken." in body(nothing)
    assert foreign in nothing.content.decode(), "what was typed stays"
    for answer in (
        anna.post(reverse(WHERE), asked(cast, source="list", step="pick", picked="", go="continue")),
        anna.post(reverse(WHERE), asked(cast, account=cast.stranger_account.pk)),
        anna.post(reverse(WHERE), asked(cast, source="selection")),
        anna.post(reverse(WHERE), asked(cast, source="typed", typed="")),
    ):
        assert answer.status_code == 422


def test_L6_by_mail_to_the_address_of_the_invoices(cast: Cast, anna: Client) -> None:
    shown = body(anna.post(reverse(WHERE), asked(cast)))
    address = cast.first.delivery_at(NOON)
    assert address is not None
    assert f"The bill of the current period will be sent by e-mail to: {address.address}" in shown
    done = anna.post(reverse(WHERE), asked(cast, **ORDER), follow=True)
    assert f"The bill of the current period will be sent by e-mail to {address.address}" in body(done)
    request = DocumentRequest.objects.get()
    assert (request.kind, request.email) == ("current_charges", address.address)
    assert request.params == {"subscribers": None, "at": NOON.isoformat()}
    assert request.description == "Charges of November 2026 up to 09.11.2026 12:00: all numbers of the account"


def test_L6_a_wish_that_cannot_be_keeps_what_was_chosen(cast: Cast, anna: Client) -> None:
    line = cast.subscribers[0].pk
    wrong = ORDER | {"format": "exe", "picked": str(line), "source": "list"}
    answer = anna.post(reverse(WHERE), asked(cast, **wrong))
    assert answer.status_code == 422
    assert "Order it for 1 number" in body(answer)
    assert f'name="picked" value="{line}"' in answer.content.decode()
    assert not DocumentRequest.objects.exists()


def test_L6_ordered_once_more_it_is_up_to_then(cast: Cast) -> None:
    made = place(KINDS[WHERE], cast.first, {"subscribers": None}, MAIL, cast.anna)
    later = NOON + dt.timedelta(days=3)
    with clock.stopped(later):
        again = place(KINDS[WHERE], cast.first, made.params, MAIL, cast.anna)
    assert [ChargesParams.read(one.params).moment for one in (made, again)] == [NOON, later]


def test_V8_a_narrow_seat_gets_its_own_numbers_alone(cast: Cast) -> None:
    own, pavel = [line.pk for line in cast.subscribers[3:5]], cast.pavel
    assert list(accounts_for(current_charges.KIND, pavel)) == [cast.first]
    text = body(logged_in(pavel).post(reverse(WHERE), asked(cast)))
    assert money(OpenBill.of(cast.first, NOON, own).gross) in text
    assert cast.subscribers[0].name not in text
    assert "@example.com" not in text, "the account's address is not for it"
    cut = bound(cast.first, {"subscribers": None}, pavel)
    assert isinstance(cut, dict)
    assert cut["subscribers"] == own
    with pytest.raises(NotNow):
        place(current_charges.KIND, cast.first, {"subscribers": [cast.subscribers[0].pk]}, MAIL, pavel)


def test_L6_more_numbers_than_are_added_up_at_once(cast: Cast, anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("abonent.portal.views.current_charges.AT_ONCE", 3)
    text = body(anna.post(reverse(WHERE), asked(cast)))
    assert "There are too many numbers to list here at once" in text
    assert money(charges_so_far([cast.first.pk])[cast.first.pk].gross) in text


def test_L6_who_left_for_another_company_is_a_number_without_a_name(cast: Cast) -> None:
    line = cast.subscribers[0]
    name, line.last_name, line.account = line.last_name, "Secret", cast.stranger_account
    line.save()
    people = {one.subscriber_id: one for one in OpenBill.of(cast.first, NOON).by_subscriber()}
    assert name
    assert (people[line.pk].number, people[line.pk].name) == (line.number, "")


def test_L6_the_charges_of_five_numbers_are_read_as_those_of_one(cast: Cast, anna: Client) -> None:
    counts = []
    for lines in (cast.subscribers[:1], cast.subscribers[:5]):
        typed = ";".join(line.number for line in lines)
        with CaptureQueriesContext(connection) as queries:
            assert anna.post(reverse(WHERE), asked(cast, source="typed", typed=typed)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES
