"""What single numbers cost on an invoice of last month."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from abonent.billing.models import Breakdown, Invoice, InvoiceSubscriber
from abonent.clients.models import Account
from abonent.lib.periods import Month
from abonent.profile import current
from abonent.subscribers.models import Subscriber
from abonent.usage.models import RatingVersion, UsageMonth
from tests.conftest import NOON

LAST = Month.at(NOON, current().zone).plus(-1)


def bill(account: Account, costs: Mapping[Subscriber, str], month: Month = LAST) -> Invoice:
    """Form an invoice of `month` on which each number costs so much, with VAT."""
    period = month.period(current().zone)
    assert period.end is not None
    usage, _made = UsageMonth.objects.get_or_create(month=str(month))
    version = RatingVersion.objects.create(month=usage, preliminary=True, records=0, unrated=0, amount_micros=0)
    breakdown = Breakdown.objects.create(account=account, month=str(month))
    for line, gross in costs.items():
        InvoiceSubscriber.objects.create(
            breakdown=breakdown,
            subscriber_id=line.pk,
            number=line.number,
            net=Decimal(gross),
            vat=0,
            gross=Decimal(gross),
        )
    return Invoice.objects.create(
        account=account, month=str(month), number=f"{account.number}-{month}", issued_at=NOON,
        due_date=NOON.date() + dt.timedelta(days=5), period_start=period.start, period_end=period.end,
        breakdown=breakdown, rating_version=version, currency="BYN", net=1, vat=0, gross=1, snapshot={},
    )  # fmt: skip
