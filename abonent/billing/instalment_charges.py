"""The payments of instalment plans as charges of their month: whole ones, from its first moment on."""

from collections import defaultdict
from collections.abc import Collection

from abonent.billing.charges import Charge
from abonent.billing.kinds import Fee
from abonent.billing.models import InstalmentPlan
from abonent.billing.pricing import Amount
from abonent.billing.spans import Window
from abonent.lib.periods import Month


def charges(
    account_ids: Collection[int], month: Month, window: Window, only: Collection[int] | None = None
) -> dict[int, list[Charge]]:
    """By account id, in one query; of the subscribers `only` where they are given. `window` is that of the month."""
    plans = InstalmentPlan.objects.filter(account__in=account_ids).due_in(month).select_related("offer")
    wanted = None if only is None else frozenset(only)
    found: dict[int, list[Charge]] = defaultdict(list)
    for plan in plans.order_by("pk"):
        if wanted is None or plan.subscriber_id in wanted:
            found[plan.account_id].append(_charge(plan, month, window))
    return found


def _charge(plan: InstalmentPlan, month: Month, window: Window) -> Charge:
    part = next(part for part in plan.parts() if part.month == month)
    amount = Amount(part.net, plan.vat_rate, part.vat, part.gross)
    subject = f"instalment:{plan.offer.code}"
    return Charge(plan.subscriber_id, Fee.INSTALMENT.value, subject, "", window.start, window.end, 0, 0, 0, amount)
