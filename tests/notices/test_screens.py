"""The bell, the list of notices, opening one, and choosing what to be told of (V1, issue 3: notices)."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from abonent.access.models import Identifier, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.notices.choosing import choices_of
from abonent.notices.kinds import Channel, Kind
from abonent.notices.looking import look
from abonent.notices.models import Choice, Notice
from abonent.notices.spending import watch_spend
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.notices.world import MAIL, PAGE, SMS, choose, invoice, month_now

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]


def text(response: object) -> str:
    content = getattr(response, "content", b"").decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def bell(client: Client) -> str:
    """What the top line says of notices."""
    found = re.search(r'class="icon-button bell".*?</a>', client.get(reverse("menu")).content.decode(), re.DOTALL)
    assert found
    return " ".join(re.findall(r"Notices[^<]*", found[0]))


def notice_of(seat: Seat) -> Notice:
    return Notice.objects.get(seat=seat)


def test_the_bell_counts_what_is_unread(cast: Cast, anna_client: Client) -> None:
    assert bell(anna_client) == "Notices"
    for back in (1, 2):
        invoice(cast.first, month_now().plus(-back))
    look()
    assert bell(anna_client) == "Notices, unread: 2"
    assert "99+" not in bell(anna_client)


def test_the_bell_does_not_count_for_ever(cast: Cast, anna_client: Client) -> None:
    Notice.objects.bulk_create(
        Notice(seat=cast.anna, kind=Kind.INVOICE_FORMED, key=str(place), at=NOON, on_page=True) for place in range(101)
    )
    assert bell(anna_client) == "Notices, unread: 99+"


def test_the_operators_staff_have_no_bell(olga_client: Client) -> None:
    assert b"icon-button bell" not in olga_client.get(reverse("menu")).content


def test_opening_a_notice_reads_it_and_leads_on(cast: Cast, anna_client: Client) -> None:
    made = invoice(cast.first, gross="1234.50")
    look()
    page = anna_client.get(reverse("notices"))
    assert "The invoice for October 2026 of account 00020777001 is formed: 1234.50\u00a0BYN" in page.content.decode()
    # No page writes when it is read.
    assert bell(anna_client) == "Notices, unread: 1"
    address = reverse("notice", args=[notice_of(cast.anna).pk])
    assert anna_client.get(address).headers["Location"] == reverse("invoice", args=[made.pk])
    assert bell(anna_client) == "Notices, unread: 1"
    assert anna_client.post(address).headers["Location"] == reverse("invoice", args=[made.pk])
    assert bell(anna_client) == "Notices"
    assert "Everything is read" in text(anna_client.get(reverse("notices"), {"unread": "1"}))
    assert "October 2026" in text(anna_client.get(reverse("notices")))


def test_everything_can_be_marked_as_read_of_this_role_alone(cast: Cast, anna_client: Client) -> None:
    second = Seat.objects.give(cast.anna.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
    invoice(cast.first)
    look()
    anna_client.post(reverse("notices_read"))
    assert bell(anna_client) == "Notices"
    assert bell(logged_in(second)) == "Notices, unread: 1"


@pytest.mark.parametrize("method", ["get", "post"])
def test_somebody_elses_notice_is_not_found(cast: Cast, sergei_client: Client, method: str) -> None:
    invoice(cast.first)
    look()
    foreign = notice_of(cast.anna)
    for name in ("notice", "notice_numbers"):
        response = getattr(sergei_client, method)(reverse(name, args=[foreign.pk]))
        assert response.status_code == (404 if (name, method) != ("notice_numbers", "post") else 405)
    foreign.refresh_from_db()
    assert foreign.read is None


def test_a_link_to_a_notice_of_another_own_role_says_which_to_take(cast: Cast, anna_client: Client) -> None:
    second = Seat.objects.give(cast.anna.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
    invoice(cast.second)
    look()
    address = reverse("notice", args=[notice_of(second).pk])
    page = anna_client.get(address)
    assert "Another of your roles" in text(page)
    response = anna_client.post(reverse("seats"), {"seat": second.pk, "next": address})
    assert response.headers["Location"] == address
    assert anna_client.get(address).status_code == 302
    # By a form it is not opened from another role.
    taken = logged_in(cast.anna)
    assert taken.post(address).status_code == 404


def test_a_role_that_is_over_has_no_notices_to_take(cast: Cast, anna_client: Client) -> None:
    second = Seat.objects.give(cast.anna.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
    invoice(cast.second)
    look()
    address = reverse("notice", args=[notice_of(second).pk])
    Seat.objects.filter(pk=second.pk).update(blocked=True)
    assert anna_client.get(address).status_code == 404


def test_numbers_of_a_notice_that_are_the_seats_no_more_are_not_shown(cast: Cast, anna_client: Client) -> None:
    choose(cast.anna, Kind.LIMIT_PASSED, PAGE, each="1")
    watch_spend()
    notice = notice_of(cast.anna)
    address = reverse("notice_numbers", args=[notice.pk])
    assert anna_client.get(reverse("notice", args=[notice.pk])).headers["Location"] == address
    gone, kept = cast.subscribers[0], cast.subscribers[1]
    Subscriber.objects.filter(pk=gone.pk).update(account=cast.second)
    page = anna_client.get(address).content.decode()
    assert reverse("subscriber", args=[kept.pk]) in page
    assert reverse("subscriber", args=[gone.pk]) not in page


def test_the_choice_begins_with_the_defaults_of_what_the_role_may_see(cast: Cast) -> None:
    ways = {kind: wish.channels for kind, wish in choices_of(cast.anna).items()}
    assert set(ways) == set(Kind)
    assert ways[Kind.INVOICE_FORMED] == ways[Kind.APPEAL_ANSWERED] == {Channel.PAGE}
    assert ways[Kind.APPROVAL_WAITING] == ways[Kind.ORDER_DONE] == {Channel.PAGE, Channel.MAIL}
    assert ways[Kind.UNUSUAL_SPEND] == frozenset()
    # A subscriber sees no money, a head of department no account; whoever has no right, and the operator, nothing.
    assert set(choices_of(cast.elena)) == {Kind.ORDER_DONE, Kind.APPEAL_ANSWERED}
    assert set(choices_of(cast.pavel)) == {Kind.ORDER_DONE, Kind.LIMIT_PASSED, Kind.UNUSUAL_SPEND}
    assert choices_of(cast.kolya) == choices_of(cast.olga) == {}


FORM = {
    "approval_waiting-page": "on",
    "order_done-page": "on",
    "order_done-rows": "50",
    "invoice_formed-mail": "on",
    "invoice_formed-sms": "on",
    "appeal_answered-page": "on",
    "limit_passed-page": "on",
    "limit_passed-whole": "1000.50",
    "unusual_spend-factor": "",
    "unusual_spend-least": "",
}


def test_a_choice_is_saved_in_one_step_and_journaled(cast: Cast, anna_client: Client) -> None:
    response = anna_client.post(reverse("notice_choices"), FORM)
    assert response.headers["Location"] == reverse("notice_choices")
    now = choices_of(cast.anna)
    assert now[Kind.INVOICE_FORMED].channels == {MAIL, SMS}
    assert {key: str(value) for key, value in now[Kind.LIMIT_PASSED].figures.items()} == {"whole": "1000.50"}
    entry = Entry.objects.select_related("beside").get(action="notices.choose")
    before = {"on_page": True, "by_mail": False, "by_sms": False}
    assert entry.beside.before["invoice_formed"] == before
    assert entry.beside.after["invoice_formed"] == {"on_page": False, "by_mail": True, "by_sms": True}
    assert entry.beside.after["limit_passed"] == {
        "on_page": True,
        "by_mail": False,
        "by_sms": False,
        "whole": "1000.50",
    }
    # What did not change is not told, and saving the same again is nothing.
    assert "appeal_answered" not in entry.beside.after
    anna_client.post(reverse("notice_choices"), FORM)
    assert Entry.objects.filter(action="notices.choose").count() == 1
    history = text(anna_client.get(reverse("history")))
    assert "Choice of notices changed" in history


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"limit_passed-whole": "-1"}, "greater than or equal to 0.01"),
        ({"limit_passed-whole": "much"}, "Enter a number"),
        ({"unusual_spend-factor": "0.5"}, "greater than or equal to 1"),
        ({"limit_passed-page": ""}, "Say how you want to be told"),
    ],
)
def test_a_figure_that_makes_no_sense_is_said_at_its_field(
    cast: Cast, anna_client: Client, changes: dict[str, str], said: str
) -> None:
    response = anna_client.post(reverse("notice_choices"), {**FORM, **changes})
    assert response.status_code == 422
    assert said in text(response)
    assert not Choice.objects.filter(seat=cast.anna).exists()


def test_a_kind_that_the_role_may_not_see_cannot_be_chosen(cast: Cast, elena_client: Client) -> None:
    elena_client.post(reverse("notice_choices"), FORM)
    assert set(Choice.objects.values_list("kind", flat=True)) <= {"order_done", "appeal_answered"}
    with pytest.raises(KeyError):
        choose(cast.elena, Kind.LIMIT_PASSED, PAGE, whole="1")


def test_a_way_by_which_nobody_can_be_reached_is_not_offered(cast: Cast, anna_client: Client) -> None:
    Identifier.objects.filter(person=cast.anna.person_id, kind__in=["email", "phone"]).delete()
    page = text(anna_client.get(reverse("notice_choices")))
    assert "add an e-mail address" in page
    assert "add a phone number" in page
    anna_client.post(reverse("notice_choices"), FORM)
    assert choices_of(cast.anna)[Kind.INVOICE_FORMED].channels == frozenset()
    # What was chosen before stays for the day on which there is an address again.
    assert MAIL in choices_of(cast.anna)[Kind.ORDER_DONE].channels


def test_a_right_that_is_taken_away_closes_what_was_told(cast: Cast, anna_client: Client) -> None:
    invoice(cast.first)
    look()
    notice = notice_of(cast.anna)
    role = Role.objects.create(client=cast.company, key="x", own_name="x", own_rights=[Right.SEE_SUBSCRIBERS])
    Seat.objects.filter(pk=cast.anna.pk).update(role=role)
    assert bell(anna_client) == "Notices"
    assert "October" not in text(anna_client.get(reverse("notices")))
    assert anna_client.get(reverse("notice", args=[notice.pk])).status_code == 404


def test_a_page_asks_no_more_often_for_many_notices_than_for_a_few(cast: Cast, anna_client: Client) -> None:
    def asked(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert anna_client.get(reverse(name)).status_code == 200
        return len(queries)

    invoice(cast.first)
    look()
    few = asked("notices"), asked("notice_choices")
    at = clock.now()
    args = notice_of(cast.anna).args
    Notice.objects.bulk_create(
        Notice(seat=cast.anna, kind=Kind.INVOICE_FORMED, key=str(place), at=at, args=args, on_page=True)
        for place in range(60)
    )
    assert (asked("notices"), asked("notice_choices")) == few
    assert max(few) <= 10


def test_the_bell_costs_a_page_one_question(cast: Cast, anna_client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        anna_client.get(reverse("menu"))
    assert sum("notices_notice" in query["sql"] for query in queries) == 1
    assert cast.anna.pk
