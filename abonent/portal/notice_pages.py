"""Where a notice leads, and the counter in the top line."""

from decimal import Decimal

from django.urls import reverse

from abonent.access.models import Seat
from abonent.notices.kinds import Kind
from abonent.notices.models import Notice
from abonent.subscribers.models import Subscriber

# Beyond that the top line says "99+".
MOST = 99

PAGES = {
    Kind.APPROVAL_WAITING: "order",
    Kind.ORDER_DONE: "order",
    Kind.INVOICE_FORMED: "invoice",
    Kind.APPEAL_ANSWERED: "appeal",
    Kind.LIMIT_PASSED: "subscriber",
    Kind.UNUSUAL_SPEND: "subscriber",
}
ICONS = {
    Kind.APPROVAL_WAITING: "clock",
    Kind.ORDER_DONE: "check",
    Kind.INVOICE_FORMED: "finance",
    Kind.APPEAL_ANSWERED: "chat",
    Kind.LIMIT_PASSED: "warning",
    Kind.UNUSUAL_SPEND: "chart",
}


def leads_to(notice: Notice) -> str:
    """The page of what it is about; of several numbers its own page has the list."""
    if notice.about:
        return reverse(PAGES[Kind(notice.kind)], args=[notice.about])
    return reverse("notice_numbers", args=[notice.pk]) if "numbers" in notice.args else reverse("home")


def unread_of(seat: Seat) -> str:
    """How many are unread, as the bell shows it; empty where there is none."""
    count = Notice.objects.within(seat).shown().unread().order_by()[: MOST + 1].count()
    return f"{MOST}+" if count > MOST else str(count or "")


def told_numbers(seat: Seat, notice: Notice) -> list[dict[str, object]]:
    """The numbers that a notice names, with what each has spent; of those that the seat still sees, their pages."""
    rows = notice.args.get("numbers", [])
    visible = set(Subscriber.objects.within(seat).filter(pk__in=[row[0] for row in rows]).values_list("pk", flat=True))
    return [
        {"pk": pk, "number": number, "spent": Decimal(spent), "mean": Decimal(mean) if mean else None}
        for pk, number, spent, mean in rows
        if pk in visible
    ]
