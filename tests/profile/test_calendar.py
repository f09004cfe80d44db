"""The rule calendar at the second, in two profiles and around each month's end."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from abonent import profile
from abonent.lib.periods import Month, midnight
from abonent.profile import calendar

BY = profile.read("by")
SECOND = dt.timedelta(seconds=1)
OCTOBER, NOVEMBER = Month(2026, 10), Month(2026, 11)


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def test_S2_an_invoice_can_be_ordered_as_soon_as_it_is_formed() -> None:
    now = midnight(dt.date(2026, 11, 1), BY.zone)
    assert calendar.may_order_invoice(BY, now, OCTOBER, formed=True)


def test_L7_while_invoices_are_formed_the_answer_says_until_when() -> None:
    until = midnight(dt.date(2026, 11, 4), BY.zone)
    answer = calendar.may_order_invoice(BY, until - SECOND, OCTOBER, formed=False)
    assert not answer
    assert answer.possible_from == until


def test_L7_on_the_fourth_it_says_honestly_that_it_is_late() -> None:
    until = midnight(dt.date(2026, 11, 4), BY.zone)
    answer = calendar.may_order_invoice(BY, until, OCTOBER, formed=False)
    assert not answer
    assert "not formed yet" in answer.reason
    assert answer.possible_from is None


def test_S2_the_open_month_has_no_invoice_and_it_says_from_when() -> None:
    border = midnight(dt.date(2026, 12, 1), BY.zone)
    answer = calendar.may_order_invoice(BY, border - SECOND, NOVEMBER, formed=False)
    assert not answer
    assert answer.possible_from == border
    assert calendar.may_order_invoice(BY, border, NOVEMBER, formed=True)


def test_S2_an_old_invoice_is_kept_for_the_months_of_the_profile() -> None:
    now = midnight(dt.date(2026, 11, 15), BY.zone)
    assert calendar.may_order_invoice(BY, now, Month(2023, 11), formed=True)
    assert not calendar.may_order_invoice(BY, now, Month(2023, 10), formed=True)


def test_S5_call_details_reach_back_three_years_and_not_into_the_future() -> None:
    now = midnight(dt.date(2026, 11, 15), BY.zone)
    today = dt.date(2026, 11, 15)
    first = dt.date(2023, 12, 1)
    assert calendar.may_order_call_details(BY, now, first, today, sip=False)
    assert not calendar.may_order_call_details(BY, now, first - dt.timedelta(days=1), today, sip=False)
    assert not calendar.may_order_call_details(BY, now, first, today + dt.timedelta(days=1), sip=False)
    assert not calendar.may_order_call_details(BY, now - SECOND, first, today, sip=False)


def test_P2_a_sip_account_has_this_month_and_the_previous_and_is_told_the_bounds() -> None:
    now = midnight(dt.date(2026, 11, 15), BY.zone)
    assert calendar.may_order_call_details(BY, now, dt.date(2026, 10, 1), dt.date(2026, 11, 15), sip=True)
    answer = calendar.may_order_call_details(BY, now, dt.date(2026, 9, 30), dt.date(2026, 11, 15), sip=True)
    assert not answer
    assert "01.10.2026" in answer.reason
    assert "15.11.2026" in answer.reason


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    now = midnight(dt.date(2026, 11, 15), BY.zone)
    assert not calendar.may_order_call_details(BY, now, dt.date(2026, 11, 2), dt.date(2026, 11, 1), sip=False)


@pytest.mark.parametrize("profile_code", ["by", "ru"])
@pytest.mark.parametrize(
    ("last_open", "first_closed", "next_open"),
    [
        ("2026-11-28", "2026-11-29", "2026-12-01"),
        ("2026-12-29", "2026-12-30", "2027-01-01"),
        ("2026-02-26", "2026-02-27", "2026-03-01"),
        # A leap year: the 29th is the last day.
        ("2028-02-27", "2028-02-28", "2028-03-01"),
    ],
)
@pytest.mark.parametrize("zone", ["", "Asia/Vladivostok", "America/New_York"])
def test_L11_names_are_closed_on_a_months_last_two_days_to_the_second(
    profile_code: str, zone: str, last_open: str, first_closed: str, next_open: str
) -> None:
    here = profile.read(profile_code)
    if zone:
        here = dataclasses.replace(here, zone=ZoneInfo(zone))
    begins, ends = (midnight(dt.date.fromisoformat(day), here.zone) for day in (first_closed, next_open))
    assert (begins - SECOND).astimezone(here.zone).date() == dt.date.fromisoformat(last_open)
    assert calendar.may_rename(here, begins - SECOND)
    assert calendar.may_rename(here, ends)
    assert calendar.may_rename(here, ends + SECOND)
    for closed in (begins, begins + SECOND, ends - SECOND):
        answer = calendar.may_rename(here, closed)
        assert not answer
        assert "last 2 days" in answer.reason
        assert answer.possible_from == ends


def test_L11_the_same_moment_is_open_in_one_zone_and_closed_in_another() -> None:
    # Midnight between the 28th and the 29th of November in Minsk.
    at = midnight(dt.date(2026, 11, 29), BY.zone)
    london = dataclasses.replace(BY, zone=ZoneInfo("Europe/London"))
    assert not calendar.may_rename(BY, at)
    assert calendar.may_rename(london, at)
    assert not calendar.may_rename(london, at + dt.timedelta(hours=3))


def test_S17_the_closed_days_of_a_month_are_those_that_the_rule_refuses() -> None:
    def rule(at: dt.datetime) -> calendar.Answer:
        return calendar.may_rename(BY, at)

    days = calendar.closed_days(BY, Month(2028, 2), rule)
    assert [day.isoformat() for day, _reason in days] == ["2028-02-28", "2028-02-29"]
    assert calendar.closed_days(BY, NOVEMBER, lambda _at: calendar.YES) == []


@pytest.mark.parametrize(
    ("numbers", "first", "last", "fits"),
    [
        (5000, "2024-01-01", "2026-12-31", "at most 20 months"),
        (60_000, "2026-10-31", "2026-11-01", "order 1 month at a time"),
        (5000, "2025-05-02", "2026-12-31", ""),
        (5000, "2025-04-30", "2026-12-31", "at most 20 months"),
        (300_000, "2026-10-01", "2026-10-31", ""),
        (2777, "2024-01-01", "2026-12-31", ""),
    ],
)
def test_V5_too_much_for_one_document_is_said_with_what_fits(numbers: int, first: str, last: str, fits: str) -> None:
    answer = calendar.may_order_so_many(BY, numbers, dt.date.fromisoformat(first), dt.date.fromisoformat(last))
    assert bool(answer) == (not fits)
    assert fits in answer.reason


@pytest.mark.parametrize("zone", ["Europe/Minsk", "Europe/Warsaw", "Asia/Kamchatka"])
def test_S4_payments_reach_back_twelve_months_to_the_second(zone: str) -> None:
    here = dataclasses.replace(BY, zone=ZoneInfo(zone))
    for back in range(24):
        month = NOVEMBER.plus(-back)
        border = midnight(month.first_day, here.zone)
        before, after = month.plus(-12).first_day, month.plus(-11).first_day
        day = dt.timedelta(days=1)
        assert calendar.may_see_payments(here, border - SECOND, before, month.first_day - day)
        assert not calendar.may_see_payments(here, border - SECOND, before, month.first_day)
        assert calendar.may_see_payments(here, border, after, month.first_day)
        assert not calendar.may_see_payments(here, border, before, month.first_day)
