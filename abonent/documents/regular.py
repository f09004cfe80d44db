"""The regular delivery: each issued invoice goes out once, its way as it was when the invoice was formed (L3, S3)."""

import datetime as dt

from django.conf import settings
from django.db.models import Q

from abonent.billing.models import Invoice
from abonent.clients.addresses import addresses_in, joined
from abonent.clients.models import Delivery
from abonent.documents.models import DocumentRequest
from abonent.documents.ordering import By, Wish, deliver_regular
from abonent.jobs.pause import breathe
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile

# An invoice that was formed late goes out all the same, also where no worker ran for as long as this.
LATE = dt.timedelta(days=20)


def deliver_issued() -> int:
    """Request the delivery of invoices that have none yet; return how many.

    A task of the schedule. They are those of the last ended month, and of any month where they were formed just now:
    a run that had died was started again, or came late. What is older was delivered in its time, or is asked for by a
    person.
    """
    here = current_profile()
    month = Month.at(clock.now(), here.zone).plus(-1)
    fresh = Q(month=str(month)) | Q(issued_at__gt=clock.now() - LATE)
    invoices = Invoice.objects.as_system().filter(fresh).select_related("account__contract")
    sent = DocumentRequest.objects.as_system().filter(regular_invoice_id__isnull=False)
    waiting = invoices.exclude(pk__in=sent.values("regular_invoice_id"))
    return sum(_deliver(invoice) for invoice in waiting.iterator())


def _deliver(invoice: Invoice) -> int:
    """By mail to all addresses of the snapshot; what is collected in person is made too, and waits for the staff."""
    delivery = invoice.snapshot["delivery"] or {}
    by_mail = delivery.get("method") == Delivery.Method.EMAIL
    email = joined(addresses_in(delivery.get("address", ""))) if by_mail else ""
    wish = Wish(delivery.get("format") or "pdf", settings.LANGUAGE_CODE, By.EMAIL if email else By.HAND)
    made = deliver_regular(invoice.account, invoice.pk, {"month": invoice.month}, wish, email)
    breathe()
    return int(made is not None)
