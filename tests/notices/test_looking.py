"""Who is told of what, how often, and how (V1, issue 3: notices)."""

import datetime as dt
import uuid
from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from abonent.access.models import Identifier, Person, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.appeals.conversation import Said, add_note
from abonent.lib import clock
from abonent.notices import looking, telling
from abonent.notices.fact import Told
from abonent.notices.facts.approvals import who_may_decide
from abonent.notices.kinds import Kind
from abonent.notices.looking import LOOKS_BACK, look
from abonent.notices.models import Notice, Seen
from abonent.notices.upkeep import prune
from abonent.notices.words import text_of
from abonent.orders import approval
from abonent.orders.models import Order
from abonent.outbox.models import Letter, TextMessage
from abonent.profile import current
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import NOON
from tests.notices.world import MAIL, PAGE, SMS, answered, choose, invoice, month_now, told
from tests.orders.world import placed, service, work

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]


def letters() -> list[Letter]:
    return list(Letter.objects.filter(purpose="notice").order_by("pk"))


def awaiting(cast: Cast, lines: Sequence[Subscriber] | None = None) -> Order:
    """Pavel's order above the limit of his role."""
    Role.objects.filter(pk=cast.pavel.role_id).update(max_rows=0)
    cast.pavel.role.refresh_from_db()
    chosen = cast.subscribers[3:5] if lines is None else lines
    order = placed(cast.pavel, [line.pk for line in chosen], service=cast.catalog.service.pk)
    assert order.state == Order.State.AWAITING
    return order


def test_an_invoice_is_told_to_those_who_see_its_account_and_its_money(cast: Cast) -> None:
    made = invoice(cast.second)
    look()
    assert told(cast.sergei) == [("invoice_formed", made.pk)]
    # Another account, no right, single numbers, folders, another company, the operator.
    others = (cast.anna, cast.kolya, cast.elena, cast.pavel, cast.stas, cast.olga)
    assert [told(seat) for seat in others] == [[]] * len(others)


def test_a_fact_is_told_once_however_often_one_looks(cast: Cast) -> None:
    invoice(cast.first)
    assert [look(), look(), look()] == [2, 0, 0]
    assert Notice.objects.count() == 2


def test_a_worker_that_is_killed_between_loses_nothing_and_doubles_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice(cast.first)
    for seat in (cast.anna, cast.sergei):
        choose(seat, Kind.INVOICE_FORMED, PAGE, MAIL)
    monkeypatch.setattr(telling, "CHUNK", 1)

    def killed() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(telling, "breathe", killed)
        with pytest.raises(KeyboardInterrupt):
            look()
    assert (Notice.objects.count(), len(letters()), Seen.objects.count()) == (1, 1, 0)
    assert look() == 1
    assert (Notice.objects.count(), len(letters()), Seen.objects.count()) == (2, 2, 1)


def test_a_letter_that_cannot_be_written_takes_its_notice_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    invoice(cast.first)
    choose(cast.anna, Kind.INVOICE_FORMED, PAGE, MAIL)

    def fails(*_args: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(telling, "send_letter", fails)
        with pytest.raises(OSError):  # noqa: PT011  # raised above, without words
            look()
    assert told(cast.anna) == []
    look()
    assert (len(told(cast.anna)), len(letters())) == (1, 1)


@pytest.mark.parametrize(
    "dead",
    [
        {"blocked": True},
        {"valid_to": NOON - dt.timedelta(minutes=1)},
        {"valid_from": NOON + dt.timedelta(days=1)},
    ],
)
def test_a_seat_that_is_not_in_force_is_told_nothing(cast: Cast, dead: dict[str, object]) -> None:
    Seat.objects.filter(pk=cast.anna.pk).update(**dead)
    invoice(cast.first)
    answered(cast, cast.anna)
    look()
    assert told(cast.anna) == []


def test_a_blocked_person_is_told_nothing(cast: Cast) -> None:
    Person.objects.filter(pk=cast.anna.person_id).update(is_active=False)
    invoice(cast.first)
    look()
    assert told(cast.anna) == []


def test_what_is_long_past_is_told_to_nobody(cast: Cast) -> None:
    with clock.stopped(NOON - LOOKS_BACK - dt.timedelta(minutes=1)):
        invoice(cast.first)
    assert look() == 0
    assert look(NOON - 2 * LOOKS_BACK) == 2


def test_a_right_that_is_taken_away_hides_what_was_told(cast: Cast) -> None:
    invoice(cast.first)
    look()
    assert Notice.objects.within(cast.anna).count() == 1
    role = Role.objects.create(client=cast.company, key="x", own_name="x", own_rights=[Right.SEE_SUBSCRIBERS])
    cast.anna.role = role
    assert Notice.objects.within(cast.anna).count() == 0


def test_an_order_is_told_to_the_seat_that_placed_it(cast: Cast) -> None:
    order = work(placed(cast.anna, [cast.subscribers[0].pk], service=service(cast, "x").pk))
    assert order.state == Order.State.DONE
    look()
    assert told(cast.anna) == [("order_done", order.pk)]
    assert Notice.objects.exclude(seat=cast.anna).count() == 0


def test_a_short_order_brings_no_letter_and_a_long_one_does(cast: Cast) -> None:
    choose(cast.anna, Kind.ORDER_DONE, PAGE, MAIL, rows="3")
    for count in (2, 3):
        chosen = service(cast, f"x{count}").pk
        work(placed(cast.anna, [line.pk for line in cast.subscribers[:count]], service=chosen))
        look()
    assert len(told(cast.anna)) == 2
    assert [letter.subject for letter in letters()] == ["Order 2 is done: Connection of Service x3"]


def test_an_order_that_took_long_brings_a_letter_by_default(cast: Cast) -> None:
    with clock.stopped(NOON - dt.timedelta(minutes=6)):
        order = placed(cast.anna, [cast.subscribers[0].pk], service=service(cast, "x").pk)
    work(order)
    look()
    assert [letter.to for letter in letters()] == ["anna@example.com"]


def test_S17_an_approval_is_told_to_whoever_may_give_it_and_to_nobody_else(cast: Cast) -> None:
    order = awaiting(cast)
    look()
    assert told(cast.anna) == told(cast.sergei) == [("approval_waiting", order.pk)]
    assert Notice.objects.exclude(seat__in=[cast.anna, cast.sergei]).count() == 0
    assert sorted(letter.to for letter in letters()) == ["anna@example.com", "sergei@example.com"]


def test_S17_all_seats_at_once_get_the_answer_that_each_gets_alone(cast: Cast) -> None:
    """By sets, the same as `approval.why_not` says of each seat."""
    order = awaiting(cast)
    rights = [Right.APPROVE_ORDERS, Right.CHANGE_SERVICES]
    lines, folder = [line.pk for line in cast.subscribers], cast.subscribers[3].folder_id
    assert folder is not None
    bounds: list[dict[str, list[int]]] = [
        {"subscribers": lines[3:5]},
        {"subscribers": lines[3:4]},
        {"subscribers": lines},
        {"folders": [folder]},
        {"folders": []},
        {"accounts": [cast.first.pk]},
        {"accounts": [cast.second.pk]},
        {},
    ]
    for place, bound in enumerate(bounds):
        for most in (None, 1):
            role = Role.objects.create(
                client=cast.company, key=f"{place}{most}", own_name=f"{place}{most}", own_rights=rights, max_rows=most
            )
            Seat.objects.give(Person.objects.create_person(f"P{place}"), role, cast.company, **bound)
    seats = list(Seat.objects.in_force().select_related("person", "role", "client"))
    alone = {seat.pk for seat in seats if approval.why_not(order, seat) is None}
    assert {seat.pk for seat in who_may_decide(order, seats)} == alone
    assert len(alone) == 2 + 5


def test_S17_a_settled_approval_is_unread_no_more(cast: Cast) -> None:
    order = awaiting(cast)
    look()
    unread = Notice.objects.within(cast.sergei).unread()
    assert unread.count() == 1
    assert approval.approve(order, cast.anna) is None
    assert unread.count() == 0


def test_S17_a_rejection_is_told_to_who_placed_the_order(cast: Cast) -> None:
    order = awaiting(cast)
    assert approval.reject(order, cast.anna, "Not this year") is None
    work(order)
    look()
    notice = Notice.objects.get(seat=cast.pavel)
    assert text_of(notice) == ("Order 1 was rejected by Anna: Connection of Caller ID. Reason: Not this year")


def test_L10_an_answer_is_told_to_who_spoke_and_may_still_read_it(cast: Cast) -> None:
    appeal = answered(cast, cast.anna)
    add_note(appeal, cast.olga, Said("Between us.", uuid.uuid4()), None)
    before = Letter.objects.count()
    look()
    assert told(cast.anna) == [("appeal_answered", appeal.pk)]
    assert Notice.objects.exclude(seat=cast.anna).count() == 0
    # The appeal has written its letter itself.
    assert Letter.objects.count() == before


def test_L10_who_may_not_read_the_appeal_any_more_is_not_told(cast: Cast) -> None:
    answered(cast, cast.anna)
    role = Role.objects.create(client=cast.company, key="x", own_name="x", own_rights=[Right.SEE_SUBSCRIBERS])
    Seat.objects.filter(pk=cast.anna.pk).update(role=role)
    look()
    assert told(cast.anna) == []


def test_what_a_seat_did_not_choose_it_is_not_told(cast: Cast) -> None:
    choose(cast.anna, Kind.INVOICE_FORMED)
    choose(cast.sergei, Kind.INVOICE_FORMED, MAIL)
    invoice(cast.first)
    look()
    assert told(cast.anna) == []
    assert Notice.objects.within(cast.sergei).shown().count() == 0
    assert [letter.to for letter in letters()] == ["sergei@example.com"]


def test_a_letter_goes_to_a_proven_address_alone(cast: Cast) -> None:
    choose(cast.anna, Kind.INVOICE_FORMED, PAGE, MAIL, SMS)
    Identifier.objects.filter(person=cast.anna.person_id).update(verified=False)
    invoice(cast.first)
    look()
    assert (len(told(cast.anna)), letters(), TextMessage.objects.count()) == (1, [], 0)


def test_a_person_with_two_seats_gets_one_letter_and_two_notices(cast: Cast) -> None:
    second = Seat.objects.give(cast.anna.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
    for seat in (cast.anna, second):
        choose(seat, Kind.INVOICE_FORMED, PAGE, MAIL)
    invoice(cast.first)
    look()
    assert (len(told(cast.anna)), len(told(second)), len(letters())) == (1, 1, 1)


def test_several_facts_at_once_are_one_letter(cast: Cast) -> None:
    choose(cast.sergei, Kind.INVOICE_FORMED, PAGE, MAIL)
    invoice(cast.first)
    invoice(cast.second)
    look()
    assert [letter.subject for letter in letters()] == ["2 notices"]
    notice = Notice.objects.filter(seat=cast.sergei).latest("pk")
    assert f"/notices/{notice.pk}/" in letters()[0].text
    assert cast.company.name in letters()[0].text


def test_a_letter_speaks_the_language_of_its_reader(cast: Cast) -> None:
    choose(cast.anna, Kind.INVOICE_FORMED, MAIL)
    choose(cast.sergei, Kind.INVOICE_FORMED, MAIL)
    Person.objects.filter(pk=cast.sergei.person_id).update(language="ru")
    invoice(cast.first, gross="1234.50")
    look()
    found = {letter.to: letter for letter in letters()}
    assert (found["anna@example.com"].language, found["sergei@example.com"].language) == ("en", "ru")
    assert "October 2026" in found["anna@example.com"].text
    assert "1234.50\u00a0BYN" in found["anna@example.com"].text
    assert "октябрь 2026" in found["sergei@example.com"].text
    assert "1234,50\u00a0руб." in found["sergei@example.com"].text


def test_text_messages_are_bounded_by_the_day(cast: Cast) -> None:
    choose(cast.anna, Kind.INVOICE_FORMED, PAGE, SMS)
    most = current().notices.texts_per_day
    for back in range(1, most + 3):
        invoice(cast.first, month=month_now().plus(-back))
        look()
    assert TextMessage.objects.filter(to="375291000001").count() == most
    assert len(told(cast.anna)) == most + 2


@pytest.mark.parametrize(
    ("hour", "sent"), [(7, (2026, 11, 9, 8)), (8, None), (21, None), (22, (2026, 11, 10, 8)), (0, (2026, 11, 9, 8))]
)
def test_nobody_is_woken_by_a_text_message(cast: Cast, hour: int, sent: tuple[int, int, int, int] | None) -> None:
    choose(cast.anna, Kind.INVOICE_FORMED, SMS)
    zone = current().zone
    now = dt.datetime(2026, 11, 9, hour, 30, tzinfo=zone)
    with clock.stopped(now):
        invoice(cast.first)
        look()
    when = now if sent is None else dt.datetime(*sent, tzinfo=zone)
    assert TextMessage.objects.get().next_try == when


def test_the_queries_do_not_grow_with_the_seats(cast: Cast) -> None:
    def asked() -> int:
        invoice(cast.first, month=month_now().plus(-1 - Notice.objects.count()))
        with CaptureQueriesContext(connection) as queries:
            look()
        return sum(query["sql"].startswith("SELECT") for query in queries)

    few = asked()
    role = Role.objects.built_in(BuiltIn.SUPERVISOR)
    for place in range(20):
        Seat.objects.give(Person.objects.create_person(f"P{place}"), role, cast.company)
    assert asked() == few
    assert Notice.objects.count() == 2 + 22


def test_old_notices_are_swept_and_marks_are_kept_as_long_as_one_looks(cast: Cast) -> None:
    days = current().notices.kept_days
    with clock.stopped(NOON - dt.timedelta(days=days + 1)):
        invoice(cast.first)
        look()
    invoice(cast.second)
    look()
    assert prune() == 2 + 1
    assert (Notice.objects.count(), Seen.objects.count()) == (1, 1)
    assert look() == 0


def test_nothing_is_told_twice_by_two_who_look_at_once(cast: Cast) -> None:
    """Whoever comes second finds the key."""
    invoice(cast.first)
    found = looking.FINDERS[-1](NOON - LOOKS_BACK)
    twice: list[Told] = [*found.told]
    assert telling.tell(twice) == 2
    assert telling.tell(twice) == 0
