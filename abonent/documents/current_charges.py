"""«Начисления за текущий период»: the open month so far, of an account or of some of its numbers (L6).

Also called «предварительный счет» and «информационный счет». It is what an invoice up to the moment of ordering would
add up to, with the usage that was rated last.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.documents.document import Document, Json, Kind, Ordered, Params
from abonent.documents.invoice_tables import lines_section, subscribers_section, summary_section
from abonent.documents.open_bill import OpenBill
from abonent.documents.own_lines import Lines, within
from abonent.documents.texts import month_name
from abonent.formats.report import Fact, Report
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.profile.calendar import YES, Answer


@dataclass(frozen=True, slots=True)
class ChargesParams:
    """Whose charges, up to `at`: the moment of ordering, which the server notes (`bound`), no form does."""

    subscribers: Lines = None
    at: dt.datetime | None = None

    @classmethod
    def read(cls, params: Params) -> Self:
        """From what a request keeps; anything else is a ValueError."""
        kept, at = params.get("subscribers"), params.get("at")
        if not (kept is None or isinstance(kept, Sequence)):
            raise ValueError("subscribers are a list of ids, or nothing")
        ids = None if kept is None else tuple(int(str(pk)) for pk in kept)
        return cls(ids, dt.datetime.fromisoformat(str(at)) if at else None)

    def kept(self) -> dict[str, Json]:
        """As a request keeps it."""
        chosen: Json = None if self.subscribers is None else list(self.subscribers)
        return {"subscribers": chosen} | ({"at": self.at.isoformat()} if self.at else {})

    @property
    def moment(self) -> dt.datetime:
        return self.at or clock.now()


def bound(account: Account, params: Params, seat: Seat) -> Params | Answer:
    """Up to now, also where it is ordered once more; of a narrow seat's own numbers alone (V8)."""
    cut = within(account, ChargesParams.read(params).subscribers, seat)
    return cut if isinstance(cut, Answer) else ChargesParams(cut, clock.now()).kept()


def _may_order(_account: Account, _params: Params) -> Answer:
    return YES


@contextmanager
def _collect(request: Ordered) -> Iterator[Document]:
    asked = ChargesParams.read(request.params)
    bill = OpenBill.of(request.account, asked.moment, asked.subscribers)
    kinds, people = bill.by_kind(), bill.by_subscriber()
    yield Document(report(bill), len(kinds) + len(people) + len(bill.charges))


def report(bill: OpenBill) -> Report:
    """By kind of charge, by subscriber, line by line; texts are in the language then active."""
    sections = (
        summary_section(bill, bill.by_kind()),
        subscribers_section(bill, bill.by_subscriber()),
        lines_section(bill, bill.lines()),
    )
    formed = bill.at.astimezone(current_profile().zone)
    # Translators: «Начисления за текущий период»
    title = _("Charges of the current period")
    return Report("current_charges", title, get_language() or "en", _facts(bill), sections, formed)


def _facts(bill: OpenBill) -> tuple[Fact, ...]:
    here, language = current_profile(), get_language() or "en"
    client, tax_id = bill.account.client, here.label("tax_id", language)
    rated = _written(bill.rated_at) if bill.rated_at else _("no usage yet")
    return (
        Fact("month", _("Month"), month_name(bill.month)),
        Fact("until", _("Charges up to"), _written(bill.at)),
        Fact("rated", _("Usage up to"), rated),
        Fact("operator", _("Operator"), f"{here.operator.name}, {tax_id} {here.operator.tax_id}"),
        Fact("client", _("Client"), f"{client.name}, {tax_id} {client.tax_id}"),
        Fact("account", _("Account"), bill.account.number),
        Fact("currency", _("Currency"), here.currency),
        Fact("note", _("Note"), _("This is not an invoice: the invoice of the month settles these charges.")),
    )


def _written(moment: dt.datetime) -> str:
    return date_format(moment.astimezone(current_profile().zone), "d.m.Y H:i")


def describe(request: Ordered) -> str:
    """`Charges of October 2026 up to 09.10.2026 12:00: all numbers of the account`."""
    asked = ChargesParams.read(request.params)
    if asked.subscribers is None:
        whose = _("all numbers of the account")
    else:
        count = len(asked.subscribers)
        whose = ngettext("%(count)d number", "%(count)d numbers", count) % {"count": count}
    month = month_name(Month.at(asked.moment, current_profile().zone))
    values = {"month": month, "moment": _written(asked.moment), "whose": whose}
    return _("Charges of %(month)s up to %(moment)s: %(whose)s") % values


def _file_name(request: Ordered) -> str:
    day = ChargesParams.read(request.params).moment.astimezone(current_profile().zone).date()
    return f"current-charges-{request.account.number}-{day}"


def _subject(request: Ordered) -> str:
    return _("Charges of the current period, account %(number)s") % {"number": request.account.number}


KIND = Kind(
    key="current_charges",
    # Translators: «Начисления за текущий период»
    label=gettext_lazy("Charges of the current period"),
    right=Right.SEE_FINANCE,
    formats=("pdf", "xlsx", "txt", "xml", "html", "csv"),
    why_not=_may_order,
    collect=_collect,
    describe=describe,
    file_name=_file_name,
    subject=_subject,
    bound=bound,
    by_number=True,
)
