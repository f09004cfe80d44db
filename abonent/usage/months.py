"""Billing months: which are open, and closing one. Months close in order, once they have ended."""

from django.db import transaction
from django.utils.translation import gettext as _

from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.usage.models import StoredPart, UsageMonth


class CannotCloseError(ValueError):
    """The month has not ended, or an earlier one with records is still open."""


def closed_through() -> Month | None:
    """The last closed month: records of it and of those before it come late from now on."""
    last = UsageMonth.objects.filter(closed__isnull=False).order_by("-month").first()
    return last.period if last else None


def locked(month: Month) -> UsageMonth:
    """The row of `month`, made where there is none, locked until the transaction ends."""
    UsageMonth.objects.get_or_create(month=str(month))
    return UsageMonth.objects.select_for_update(of=("self",)).get(month=str(month))


@transaction.atomic
def close(month: Month) -> UsageMonth:
    """Fix the set of record parts of `month`; a month that is closed stays as it is. CannotCloseError says why not."""
    row = locked(month)
    if row.closed:
        return row
    now = clock.now()
    end = month.period(current_profile().zone).end
    if end is None or end > now:
        raise CannotCloseError(_("The month %(month)s has not ended yet.") % {"month": month})
    earlier = StoredPart.objects.filter(month__month__lt=str(month), month__closed__isnull=True).first()
    if earlier:
        raise CannotCloseError(_("The month %(month)s must be closed first.") % {"month": earlier.month})
    row.closed = now
    row.save(update_fields=["closed"])
    return row
