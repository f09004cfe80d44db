"""The invoice (S2, L3, V4): the snapshot that was issued, as a cover with a layout or as tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from abonent.access.rights import Right
from abonent.billing.models import Invoice
from abonent.clients.models import Account
from abonent.documents.bill import by_kind, by_rate, by_subscriber, line_by_line
from abonent.documents.document import Document, Kind, Ordered, Params
from abonent.documents.invoice_cover import MAX_SUBSCRIBERS, cover
from abonent.documents.invoice_data import electronic
from abonent.documents.invoice_tables import facts, lines_section, subscribers_section, summary_section, taxes_section
from abonent.documents.texts import month_name
from abonent.formats.report import Report, Section
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.profile.calendar import Answer, may_load_invoice, may_order_invoice


def month_of(params: Params) -> Month:
    return Month.parse(str(params["month"]))


def may_order(account: Account, params: Params) -> Answer:
    """Whether the invoice of that month can be had now; L7 while it is being formed."""
    month = month_of(params)
    formed = Invoice.objects.as_system().filter(account=account, month=str(month)).exists()
    sip = account.kind == Account.Kind.SIP
    return may_order_invoice(current_profile(), clock.now(), month, formed=formed, sip=sip)


def may_load(_account: Account, params: Params) -> Answer:
    """Whether the invoice of that month can be had by link (L4)."""
    return may_load_invoice(current_profile(), clock.now(), month_of(params))


@contextmanager
def _collect(request: Ordered) -> Iterator[Document]:
    invoice = Invoice.objects.as_system().get(account=request.account, month=str(month_of(request.params)))
    kinds, rates, people = by_kind(invoice), by_rate(invoice), by_subscriber(invoice)
    summary = [summary_section(invoice, kinds), taxes_section(invoice, rates)]
    breakdown = [subscribers_section(invoice, people), lines_section(invoice, line_by_line(invoice))]
    fits = len(people) <= MAX_SUBSCRIBERS
    # On paper a row for each subscriber is what is read; every line of 2,500 would be 400 pages more. The other
    # formats, which are worked with, have the lines too.
    annex = None if fits else _report(invoice, [subscribers_section(invoice, people)])
    yield Document(
        _report(invoice, [*summary, *breakdown]),
        rows=len(kinds) + len(rates) + len(people) + invoice.lines.count(),
        cover=cover(invoice, kinds, rates, people if fits else None, get_language() or "en"),
        annex=annex,
        annex_rows=0 if fits else len(people),
        electronic=electronic(invoice, rates, people),
    )


def _report(invoice: Invoice, sections: list[Section]) -> Report:
    formed = invoice.issued_at.astimezone(current_profile().zone)
    return Report("invoice", title(invoice), get_language() or "en", facts(invoice), sections, formed)


def title(invoice: Invoice) -> str:
    return _("Invoice %(number)s for %(month)s") % {"number": invoice.number, "month": month_name(invoice.period)}


def _describe(request: Ordered) -> str:
    return _("Invoice for %(month)s") % {"month": month_name(month_of(request.params))}


def _file_name(request: Ordered) -> str:
    return f"invoice-{request.account.number}-{month_of(request.params)}"


def _subject(request: Ordered) -> str:
    values = {"month": month_name(month_of(request.params)), "number": request.account.number}
    return _("Invoice for %(month)s, account %(number)s") % values


KIND = Kind(
    key="invoice",
    label=gettext_lazy("Invoice"),
    right=Right.SEE_FINANCE,
    formats=("pdf", "xlsx", "txt", "xml", "html", "csv"),
    why_not=may_order,
    link_why_not=may_load,
    collect=_collect,
    describe=_describe,
    file_name=_file_name,
    subject=_subject,
)
