"""How large a file is likely to be, told before it is ordered: what is too large for mail goes as a link (V5).

An estimate: rows as in the last invoice, times what a row takes in each format.
"""

import math
from collections.abc import Iterable, Sequence

from django.db.models import Count, Sum

from abonent.billing.models import Invoice, InvoiceLine
from abonent.clients.models import Account
from abonent.documents.call_params import CallParams
from abonent.documents.making import is_too_large
from abonent.formats.report import MEGABYTE
from abonent.formats.writers import WRITERS
from abonent.usage.layout import Charge

# Measured: a row of call details, as each writer puts it into 10,000 of them.
BYTES = {"pdf": 69, "xlsx": 65, "xml": 305, "html": 288, "txt": 204, "csv": 133}
_DAYS_OF_MONTH = 30.4


def likely_calls(account: Account, asked: CallParams) -> int:
    """About how many calls these days have: as many a day as the last invoice tells; 0 where there is none."""
    last = Invoice.objects.as_system().filter(account=account).order_by("-month").first()
    if last is None:
        return 0
    lines = last.lines.order_by().filter(kind__in=Charge.values)
    if asked.subscribers is not None:
        lines = lines.filter(subscriber_id__in=asked.subscribers)
    records = lines.aggregate(sum=Sum("records"))["sum"] or 0
    days = (asked.last - asked.first).days + 1
    return math.ceil(records * days / _DAYS_OF_MONTH)


def too_large_for_mail(rows: int, format_key: str) -> int:
    """The likely size in MB where it is too large for a letter, else 0."""
    size = rows * BYTES[format_key]
    return round(size / MEGABYTE) if is_too_large(size) else 0


def large_invoices(accounts: Sequence[Account]) -> list[tuple[str, str]]:
    """Of each account whose last invoice would be too large in some format: its number, and those formats."""
    last = {
        row.account_id: row
        for row in Invoice.objects.as_system().filter(account__in=[one.pk for one in accounts]).order_by("month")
    }
    lines = InvoiceLine.objects.filter(breakdown__in=[one.breakdown_id for one in last.values()]).order_by()
    counts = dict(lines.values("breakdown").annotate(count=Count("pk")).values_list("breakdown", "count"))
    found = ((one.number, _formats(counts.get(last[one.pk].breakdown_id, 0))) for one in accounts if one.pk in last)
    return [(number, ", ".join(formats)) for number, formats in found if formats]


def _formats(rows: int) -> Iterable[str]:
    # The pages of an invoice have a row for each subscriber alone.
    return [WRITERS[key].label for key in BYTES if key != "pdf" and too_large_for_mail(rows, key)]
