"""«Акт сверки»: opening balance, every invoice and payment, closing balance (S6)."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from abonent.access.rights import Right
from abonent.billing.models import LedgerEntry
from abonent.billing.statement import Booking, Statement, statement_of
from abonent.clients.models import Account
from abonent.documents.document import Document, Kind, Ordered, Params
from abonent.documents.texts import day, days, month_name
from abonent.formats.report import Column, Fact, Report, Row, Section
from abonent.formats.report import Kind as Cells
from abonent.lib import clock
from abonent.profile import current as current_profile
from abonent.profile.calendar import Answer, may_order_statement


def days_of(params: Params) -> tuple[dt.date, dt.date]:
    """Both inclusive."""
    return dt.date.fromisoformat(str(params["first"])), dt.date.fromisoformat(str(params["last"]))


def may_order(_account: Account, params: Params) -> Answer:
    return may_order_statement(current_profile(), clock.now(), *days_of(params))


@contextmanager
def _collect(request: Ordered) -> Iterator[Document]:
    statement = statement_of(request.account, *days_of(request.params), current_profile().zone)
    yield Document(_report(statement), len(statement.bookings))


def _report(statement: Statement) -> Report:
    formed = clock.now().astimezone(current_profile().zone)
    rows = [_row(booking) for booking in statement.bookings]
    section = Section("bookings", "", _columns(), rows, (None, _("Total"), statement.charged, statement.paid))
    # Translators: «Акт сверки»
    title = _("Reconciliation statement")
    return Report("reconciliation", title, get_language() or "en", _facts(statement), (section,), formed)


def _facts(statement: Statement) -> tuple[Fact, ...]:
    here, language = current_profile(), get_language() or "en"
    client, tax_id = statement.account.client, here.label("tax_id", language)
    return (
        Fact("period", _("Period"), days(statement.first, statement.last)),
        Fact("operator", _("Operator"), f"{here.operator.name}, {tax_id} {here.operator.tax_id}"),
        Fact("client", _("Client"), f"{client.name}, {tax_id} {client.tax_id}"),
        Fact("contract", _("Contract"), statement.account.contract.number),
        Fact("account", _("Account"), statement.account.number),
        Fact("currency", _("Currency"), here.currency),
        Fact("opening", _("Balance on %(day)s") % {"day": day(statement.first)}, f"{statement.opening:.2f}"),
        Fact("closing", _("Balance after %(day)s") % {"day": day(statement.last)}, f"{statement.closing:.2f}"),
        Fact("sign", _("Sign"), _("Minus means that the client owes.")),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("day", _("Date"), Cells.DATE, 12),
        Column("what", _("Document"), Cells.TEXT, 44),
        Column("charged", _("Charged"), Cells.AMOUNT, 14),
        Column("paid", _("Paid"), Cells.AMOUNT, 14),
    )


def _row(booking: Booking) -> Row:
    return booking.day, _what(booking.entry), booking.charged or None, booking.paid or None


def _what(entry: LedgerEntry) -> str:
    if entry.invoice is not None and entry.kind == LedgerEntry.Kind.INVOICE:
        named = {"number": entry.invoice.number, "month": month_name(entry.invoice.period)}
        return _("Invoice %(number)s for %(month)s") % named
    if entry.payment is not None:
        return _("Payment %(reference)s") % {"reference": entry.payment.reference}
    return _("Correction: %(note)s") % {"note": entry.note}


def _describe(request: Ordered) -> str:
    return _("Reconciliation statement for %(days)s") % {"days": days(*days_of(request.params))}


def _file_name(request: Ordered) -> str:
    first, last = days_of(request.params)
    return f"reconciliation-{request.account.number}-{first}-{last}"


def _subject(request: Ordered) -> str:
    return _("Reconciliation statement of account %(number)s") % {"number": request.account.number}


KIND = Kind(
    key="reconciliation",
    # Translators: «Акт сверки»
    label=gettext_lazy("Reconciliation statement"),
    right=Right.SEE_FINANCE,
    formats=("pdf", "xlsx", "txt", "xml", "html", "csv"),
    why_not=may_order,
    collect=_collect,
    describe=_describe,
    file_name=_file_name,
    subject=_subject,
)
