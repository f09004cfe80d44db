"""What the numbers of an order have now, beside what they would get: by present plan (S15.2)."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from abonent.catalog.models import OptionSet, Tariff
from abonent.orders.actions.change_plan import fee_of
from abonent.orders.models import Order, Verdict


@dataclass(frozen=True, slots=True)
class Present:
    """`count` numbers of the order have this plan; `fee` is what one of them costs each month, net of VAT."""

    tariff: Tariff
    option_set: OptionSet | None
    count: int

    @property
    def fee(self) -> Decimal:
        return fee_of(self.tariff, self.option_set)


def present_plans(order: Order) -> list[Present]:
    """Of the rows that are fine, the most frequent plan first; three queries however many rows there are."""
    fine = order.items.filter(verdict=Verdict.FINE, result="").order_by()
    plans = fine.values_list("subscriber__tariff", "subscriber__option_set").annotate(count=Count("pk"))
    found = [(tariff, option_set, count) for tariff, option_set, count in plans if tariff is not None]
    tariffs = Tariff.objects.in_bulk({tariff for tariff, _set, _count in found})
    sets = OptionSet.objects.in_bulk({one for _tariff, one, _count in found if one is not None})
    rows = [Present(tariffs[tariff], sets.get(one), count) for tariff, one, count in found]
    return sorted(rows, key=lambda row: (-row.count, row.tariff.code))
