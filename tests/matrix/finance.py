"""Who gets what at the finance screens (`table.py` says how to read a line)."""

import datetime as dt
from decimal import Decimal

from abonent.access.models import ProvenAddress
from abonent.audit.journal import SYSTEM
from abonent.billing.instalments import agree, first_months
from abonent.billing.models import Breakdown, Invoice
from abonent.catalog.models import InstalmentOffer
from abonent.clients.models import Account
from abonent.documents.kinds import KINDS
from abonent.documents.links import token
from abonent.documents.models import DocumentRequest
from abonent.documents.ordering import By, Wish, place
from abonent.files.keeping import store
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current
from abonent.usage.models import RatingVersion, UsageMonth
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row

LIST = Answers(OK, FORBIDDEN, OK, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
OBJECT = Answers(OK, FORBIDDEN, MISSING, LOGIN)
CHANGE = Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN)
CHANGES = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
# The owner's account is no choice in a stranger's form.
PLACE = Answers(GONE_ON, FORBIDDEN, INVALID, LOGIN)


def last_month() -> Month:
    return Month.at(clock.now(), current().zone).plus(-1)


def issued(cast: Cast, account: Account | None = None) -> Invoice:
    """Last month's invoice of the first account, or of another."""
    account, month = account or cast.first, last_month()
    zone = current().zone
    period = month.period(zone)
    if period.end is None:
        raise AssertionError("a month ends")
    rated, _new = UsageMonth.objects.get_or_create(month=str(month))
    nothing = {"preliminary": False, "records": 0, "unrated": 0, "amount_micros": 0}
    version, _new = RatingVersion.objects.get_or_create(month=rated, defaults=nothing)
    snapshot = {
        "client": {"name": account.contract.client.name},
        "contract": {"number": "1"},
        "account": {"number": account.number},
        "names": {},
        "delivery": None,
    }
    return Invoice.objects.create(
        account=account,
        month=str(month),
        number=f"{account.number}-1",
        issued_at=clock.now(),
        due_date=clock.today(zone),
        period_start=period.start,
        period_end=period.end,
        breakdown=Breakdown.objects.create(account=account, month=str(month)),
        rating_version=version,
        currency="BYN",
        net=Decimal("1.00"),
        vat=Decimal("0.25"),
        gross=Decimal("1.25"),
        snapshot=snapshot,
    )


def an_invoice(cast: Cast) -> Made:
    return Made(kwargs={"pk": issued(cast).pk})


def an_invoice_order(cast: Cast) -> Made:
    issued(cast)
    data = {"account": cast.first.pk, "month": str(last_month()), "format": "pdf", "language": "en", "by": "email"}
    return Made(data=data)


def an_invoice_link(cast: Cast) -> Made:
    issued(cast)
    data = {"account": cast.first.pk, "month": str(last_month()), "format": "pdf", "language": "en", "by": "link"}
    return Made(data=data)


def a_call_details_order(cast: Cast) -> Made:
    data = {
        "step": "order", "accept": "1", "account": cast.first.pk, "period": "month", "month": str(last_month()),
        "directions": "both", "source": "all", "format": "pdf", "language": "en", "by": "email",
    }  # fmt: skip
    return Made(data=data)


def a_statement_order(cast: Cast) -> Made:
    month = last_month()
    data = {
        "account": cast.first.pk, "first": str(month.first_day), "last": str(month.last_day), "format": "pdf",
        "language": "en", "by": "email",
    }  # fmt: skip
    return Made(data=data)


def a_delivery(cast: Cast) -> Made:
    return Made(data={"accounts": cast.first.pk, "method": "hand", "format": "pdf"})


def a_confirmed_address(cast: Cast) -> Made:
    known = ProvenAddress.objects.create(client=cast.company, person=cast.anna.person, email="audit@example.org")
    return Made(kwargs={"pk": known.pk})


def ordered(cast: Cast) -> DocumentRequest:
    issued(cast)
    wish = Wish("pdf", "en", By.EMAIL)
    return place(KINDS["invoice"], cast.first, {"month": str(last_month())}, wish, cast.anna)


def a_document(cast: Cast) -> Made:
    return Made(kwargs={"pk": ordered(cast).pk})


def a_file(cast: Cast) -> Made:
    request = ordered(cast)
    request.file = store(b"%PDF-1.7", name="invoice.pdf", mime="application/pdf")
    request.expires = clock.now() + dt.timedelta(days=1)
    request.save()
    return Made(kwargs={"token": token(request)})


def charges_of_some(cast: Cast) -> Made:
    picked = str(cast.subscribers[0].pk)
    return Made(data={"step": "show", "account": cast.first.pk, "source": "list", "picked": picked, "at": "1"})


def a_list_order(cast: Cast) -> Made:
    return Made(data={"account": cast.first.pk, "format": "xlsx", "language": "en", "by": "email"})


def a_charges_order(cast: Cast) -> Made:
    data = {
        "step": "order", "account": cast.first.pk, "source": "all", "format": "pdf", "language": "en", "by": "email",
    }  # fmt: skip
    return Made(data=data)


def a_plan(cast: Cast) -> Made:
    offer = InstalmentOffer.objects.create(code="phone", names={"en": "Phone"}, price=Decimal(100), months=4)
    month = first_months()[0]
    return Made(kwargs={"pk": agree(cast.subscribers[0], offer, first=month, actor=SYSTEM).pk})


ROWS: dict[str, Row] = {
    "invoices": Row(get=LIST, post=SHOWS),
    "invoice": Row(get=OBJECT, post=SHOWS, made=an_invoice),
    "invoice_order": Row(get=LIST, post=PLACE, made=an_invoice_order),
    "invoice_link": Row(get=LIST, post=PLACE, made=an_invoice_link),
    "payments": Row(get=LIST, post=SHOWS),
    "payments_export": Row(get=LIST, post=SHOWS),
    "subscribers_order": Row(get=LIST, post=PLACE, made=a_list_order),
    "payments_order": Row(get=LIST, post=PLACE, made=a_statement_order),
    # Registering is over by the 10th of a month: on any day, what is sent here lacks a number.
    "payment_registration": Row(get=LIST, post=Answers(INVALID, FORBIDDEN, INVALID, LOGIN)),
    "charts": Row(get=LIST, post=SHOWS),
    "instalments": Row(get=LIST, post=SHOWS),
    "instalment_plan": Row(get=OBJECT, post=SHOWS, made=a_plan),
    "reconciliation": Row(get=LIST, post=PLACE, made=a_statement_order),
    "current_charges": Row(get=LIST, post=PLACE, made=a_charges_order),
    "current_charges/shown": Row(get=LIST, post=Answers(OK, FORBIDDEN, INVALID, LOGIN), made=charges_of_some),
    "call_details": Row(get=LIST, post=PLACE, made=a_call_details_order),
    "delivery": Row(get=LIST, post=PLACE, made=a_delivery),
    "confirmed_addresses": Row(get=LIST, post=SHOWS),
    "confirmed_address_removal": Row(get=CHANGES, post=CHANGE, made=a_confirmed_address),
    "documents": Row(get=LIST, post=SHOWS),
    "document": Row(get=OBJECT, post=SHOWS, made=a_document),
    "document_resend": Row(get=CHANGES, post=CHANGE, made=a_document),
    "document_row": Row(get=OBJECT, post=SHOWS, made=a_document),
    "document_repeat": Row(get=CHANGES, post=CHANGE, made=a_document),
    "document_cancel": Row(get=CHANGES, post=CHANGE, made=a_document),
    "document_file": Row(get=OBJECT, post=SHOWS, made=a_file),
}
