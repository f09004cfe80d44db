"""Every rule by calendar at the second before, at and after its border: 24 months, three zones, both profiles."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from abonent import profile
from abonent.lib.periods import Month
from abonent.profile import calendar
from abonent.profile.model import Profile

# The second of them changes its clocks twice a year, on a last Sunday; no border falls into that night.
ZONES = ("Europe/Minsk", "Europe/Warsaw", "Asia/Kamchatka")
SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
FIRST = Month(2025, 1)


@pytest.fixture(params=[(code, zone) for code in ("by", "ru") for zone in ZONES], ids="-".join)
def here(request: pytest.FixtureRequest) -> Profile:
    code, zone = request.param
    return dataclasses.replace(profile.read(code), zone=ZoneInfo(zone))


def midnights(here: Profile, day: int = 1) -> Iterator[tuple[Month, dt.datetime]]:
    """The beginning of a day of each month, worked out past the product: wall clock time, then the instant."""
    for place in range(24):
        month = FIRST.plus(place)
        local = dt.datetime(month.year, month.number, day, tzinfo=here.zone)
        yield month, local.astimezone(dt.UTC)


def test_a_second_before_the_month_ends_it_is_still_that_month(here: Profile) -> None:
    for month, border in midnights(here):
        assert Month.at(border - SECOND, here.zone) == month.plus(-1)
        assert Month.at(border, here.zone) == month
        assert month.plus(-1).period(here.zone).end == border
        assert month.period(here.zone).start == border


def test_S2_the_invoice_of_a_month_is_asked_for_when_it_has_ended(here: Profile) -> None:
    for month, border in midnights(here):
        ended = month.plus(-1)
        early = calendar.may_order_invoice(here, border - SECOND, ended, formed=False)
        assert (bool(early), early.possible_from) == (False, border)
        for now in (border, border + SECOND):
            assert calendar.may_order_invoice(here, now, ended, formed=True)


def test_L7_invoices_are_closed_until_the_fourth_at_most_and_only_while_not_formed(here: Profile) -> None:
    for month, border in midnights(here, day=4):
        ended = month.plus(-1)
        closed = calendar.may_order_invoice(here, border - SECOND, ended, formed=False)
        assert (bool(closed), closed.possible_from) == (False, border)
        assert calendar.may_order_invoice(here, border - SECOND, ended, formed=True)
        late = calendar.may_order_invoice(here, border, ended, formed=False)
        assert (bool(late), late.possible_from) == (False, None)


def test_S2_an_invoice_is_had_for_thirty_six_months(here: Profile) -> None:
    for month, border in midnights(here):
        oldest = month.plus(-37)
        assert calendar.may_order_invoice(here, border - SECOND, oldest, formed=True)
        assert not calendar.may_order_invoice(here, border, oldest, formed=True)
        assert calendar.may_order_invoice(here, border, oldest.plus(1), formed=True)


def test_L4_by_link_are_the_two_months_before(here: Profile) -> None:
    for month, border in midnights(here):
        third = month.plus(-3)
        assert calendar.may_load_invoice(here, border - SECOND, third)
        assert not calendar.may_load_invoice(here, border, third)
        assert calendar.may_load_invoice(here, border, third.plus(1))


@pytest.mark.parametrize(("kind", "months"), [("mobile", 36), ("sip", 2)])
def test_S5_P2_call_details_reach_back_the_months_of_their_kind_and_to_today(
    here: Profile, kind: str, months: int
) -> None:
    sip = kind == "sip"
    for month, border in midnights(here):
        yesterday, today = month.first_day - DAY, month.first_day
        lost, kept = month.plus(-months).first_day, month.plus(1 - months).first_day
        assert calendar.may_order_call_details(here, border - SECOND, lost, yesterday, sip=sip)
        assert not calendar.may_order_call_details(here, border - SECOND, lost, today, sip=sip)
        assert not calendar.may_order_call_details(here, border, kept - DAY, yesterday, sip=sip)
        assert calendar.may_order_call_details(here, border, kept, today, sip=sip)


def test_S6_a_statement_reaches_back_thirty_six_months_and_to_today(here: Profile) -> None:
    for month, border in midnights(here):
        yesterday, today = month.first_day - DAY, month.first_day
        lost, kept = month.plus(-37).first_day, month.plus(-36).first_day
        assert calendar.may_order_statement(here, border - SECOND, lost, yesterday)
        assert not calendar.may_order_statement(here, border - SECOND, lost, today)
        assert not calendar.may_order_statement(here, border, lost, yesterday)
        assert calendar.may_order_statement(here, border, kept, today)


def test_S4_a_payment_is_registered_until_the_end_of_the_tenth(here: Profile) -> None:
    for month, border in midnights(here, day=11):
        unpaid, next_one = [month.plus(-1)], month.plus(1)
        assert calendar.may_register_payment(here, border - SECOND, unpaid)
        closed = calendar.may_register_payment(here, border, unpaid)
        opens = dt.datetime(next_one.year, next_one.number, 1, tzinfo=here.zone)
        assert (bool(closed), closed.possible_from) == (False, opens)
        assert not calendar.may_register_payment(here, border - SECOND, [month.plus(-2), month.plus(-1)])
        assert not calendar.may_register_payment(here, border - SECOND, [month.plus(-2)])


def test_L11_names_are_closed_on_a_months_last_two_days(here: Profile) -> None:
    for month, border in midnights(here):
        last = dt.datetime.combine(month.first_day - 2 * DAY, dt.time(), here.zone)
        assert calendar.may_rename(here, last.astimezone(dt.UTC) - SECOND)
        for closed in (last.astimezone(dt.UTC), border - SECOND):
            answer = calendar.may_rename(here, closed)
            assert (bool(answer), answer.possible_from) == (False, border)
        assert calendar.may_rename(here, border)
