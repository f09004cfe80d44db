"""The rule calendar: may this be done now; if not, why, and when next. Pure functions of the facts passed."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.lib.periods import Month, midnight
from abonent.profile.model import Profile


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it may be done; where not, the reason in the reader's language and the moment when it next may."""

    allowed: bool
    reason: str = ""
    possible_from: dt.datetime | None = None

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(allowed=True)


def may_order_invoice(profile: Profile, now: dt.datetime, month: Month, *, formed: bool, sip: bool = False) -> Answer:
    """S2, L3, L7, P3: an invoice can be ordered once it is formed, for as long as the profile keeps it.

    `formed` says whether that account's invoice of `month` exists, `sip` that it is a SIP account's.
    """
    kept = profile.documents.invoice_history_months_sip if sip else profile.documents.invoice_history_months
    present = Month.at(now, profile.zone)
    if month >= present:
        next_one = month.plus(1).period(profile.zone).start
        return Answer(False, _("The month has not ended yet; its invoice is formed after it."), next_one)
    if month < present.plus(-kept):
        return Answer(False, _("Invoices can be ordered for the last %(months)d months.") % {"months": kept})
    if formed:
        return YES
    if month == present.plus(-1):
        return _forming(profile, now, present)
    return Answer(False, _("There was no invoice for this month."))


def may_load_invoice(profile: Profile, now: dt.datetime, month: Month) -> Answer:
    """L4: by link, the invoices of the profile's last months alone; an older one goes by e-mail."""
    months = profile.documents.invoice_link_months
    if month >= Month.at(now, profile.zone).plus(-months):
        return YES
    reason = _("Only invoices of the last %(months)d months can be had by link. Order an older one by e-mail.")
    return Answer(False, reason % {"months": months})


def may_rename(profile: Profile, at: dt.datetime) -> Answer:
    """L11: not on the last days of a month, when its invoices are being got ready."""
    month = Month.at(at, profile.zone)
    next_one = month.plus(1)
    closed_from = next_one.first_day - dt.timedelta(days=profile.rename_closed_last_days)
    if at < midnight(closed_from, profile.zone):
        return YES
    reason = _("Names cannot be changed on the last %(days)d days of a month.") % {
        "days": profile.rename_closed_last_days
    }
    return Answer(False, reason, midnight(next_one.first_day, profile.zone))


def closed_days(profile: Profile, month: Month, may: Callable[[dt.datetime], Answer]) -> list[tuple[dt.date, str]]:
    """The days of `month` at whose beginning the rule `may` says no, in their order, each with its reason (S17).

    What is planned for a day begins as the day does in the profile's zone.
    """
    days = (month.first_day + dt.timedelta(days=after) for after in range(month.last_day.day))
    answers = ((day, may(midnight(day, profile.zone))) for day in days)
    return [(day, answer.reason) for day, answer in answers if not answer]


def answer_due(profile: Profile, asked: dt.datetime) -> dt.datetime:
    """By when an appeal that came at `asked` is answered (L10): the end of the last of its working days."""
    day = asked.astimezone(profile.zone).date()
    left = profile.appeals.answer_days
    while left:
        day += dt.timedelta(days=1)
        left -= profile.appeals.is_working(day)
    return midnight(day + dt.timedelta(days=1), profile.zone)


def _forming(profile: Profile, now: dt.datetime, present: Month) -> Answer:
    last_day = present.first_day + dt.timedelta(days=profile.billing.forming_days)
    until = midnight(last_day, profile.zone)
    if now < until:
        return Answer(
            False,
            _("The invoice is being formed (1st to %(day)d of the month).") % {"day": profile.billing.forming_days},
            until,
        )
    return Answer(False, _("The invoice is not formed yet, although it should be by now. We are working on it."))


def may_order_call_details(profile: Profile, now: dt.datetime, start: dt.date, end: dt.date, *, sip: bool) -> Answer:
    """S5, P2, V5: days `start` to `end` inclusive, within the profile's months, not in the future."""
    months = profile.documents.call_details_months_sip if sip else profile.documents.call_details_months
    today = now.astimezone(profile.zone).date()
    first = Month.of(today).plus(1 - months).first_day
    if start > end:
        return Answer(False, _("The period ends before it begins."))
    if start < first or end > today:
        return Answer(
            False,
            _("Call details can be ordered from %(first)s to %(last)s.")
            % {"first": first.strftime("%d.%m.%Y"), "last": today.strftime("%d.%m.%Y")},
        )
    return YES


def may_order_so_many(profile: Profile, numbers: int, start: dt.date, end: dt.date) -> Answer:
    """V5: call details of so many numbers in one document, days `start` to `end` inclusive; of one month always."""
    first, last = Month.of(start), Month.of(end)
    months = (last.year - first.year) * 12 + last.number - first.number + 1
    most = profile.documents.call_details_most
    if months <= 1 or numbers * months <= most:
        return YES
    fits = max(1, most // numbers)
    reason = ngettext(
        "%(numbers)d numbers over %(months)d months are too much for one document. Of so many numbers, order "
        "%(fits)d month at a time, or choose fewer numbers.",
        "%(numbers)d numbers over %(months)d months are too much for one document. Of so many numbers, order at most "
        "%(fits)d months at a time, or choose fewer numbers.",
        fits,
    )
    return Answer(False, reason % {"numbers": numbers, "months": months, "fits": fits})


def may_order_statement(profile: Profile, now: dt.datetime, start: dt.date, end: dt.date) -> Answer:
    """S6: days `start` to `end` inclusive, within the profile's months, not in the future."""
    today = now.astimezone(profile.zone).date()
    first = Month.of(today).plus(-profile.documents.statement_months).first_day
    if start > end:
        return Answer(False, _("The period ends before it begins."))
    if start < first or end > today:
        reason = _("A statement can be ordered from %(first)s to %(last)s.")
        return Answer(False, reason % {"first": first.strftime("%d.%m.%Y"), "last": today.strftime("%d.%m.%Y")})
    return YES


def may_see_payments(profile: Profile, now: dt.datetime, start: dt.date, end: dt.date) -> Answer:
    """S4: days `start` to `end` inclusive, within the profile's months (the present one is one), not in the future."""
    today = now.astimezone(profile.zone).date()
    first = Month.of(today).plus(1 - profile.documents.payments_months).first_day
    if start > end:
        return Answer(False, _("The period ends before it begins."))
    if start < first or end > today:
        reason = _("Payments are shown from %(first)s to %(last)s.")
        return Answer(False, reason % {"first": first.strftime("%d.%m.%Y"), "last": today.strftime("%d.%m.%Y")})
    return YES


def may_register_payment(profile: Profile, now: dt.datetime, unpaid: Sequence[Month]) -> Answer:
    """S4: until the profile's day of the month after the billed one, while nothing but the last invoice is unpaid.

    `unpaid` are the months of the invoices that still ask for something, oldest first.
    """
    if not unpaid:
        return Answer(False, _("All invoices are paid: there is nothing to register."))
    present, last = Month.at(now, profile.zone), profile.billing.registration_until_day
    until = midnight(present.first_day + dt.timedelta(days=last), profile.zone)
    if len(unpaid) > 1 or unpaid[0] < present.plus(-1):
        return Answer(False, _("A payment can be registered only while nothing but the last invoice is unpaid."))
    if now >= until:
        reason = _("Payments are registered until day %(day)d. The next invoice’s can be, once this one is paid.")
        return Answer(False, reason % {"day": last}, midnight(present.plus(1).first_day, profile.zone))
    return YES
