"""What a draft says of its action beside the receipt: what a service goes with, both plans, what ends (S15.1–S15.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from abonent.access.guard import SeatRequest
from abonent.access.rights import Right
from abonent.catalog.models import OptionSet, Service, Tariff
from abonent.lib.money import round_money
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.change_number import ChangeNumbers
from abonent.orders.actions.change_plan import ChangePlan, fee_of
from abonent.orders.actions.connect_service import ConnectService
from abonent.orders.actions.disconnect_service import DisconnectService
from abonent.orders.models import Order
from abonent.orders.present_plans import Present, present_plans
from abonent.orders.renewing import kept_until
from abonent.portal.forms.wanted import Wanted
from abonent.portal.plan_words import holds, plan_of
from abonent.profile import current
from abonent.subscribers import pool

Context = dict[str, object]


@dataclass(frozen=True, slots=True)
class Side:
    """A plan on one side of the comparison; `fee` each month, net of VAT."""

    tariff: Tariff
    option_set: OptionSet | None
    holds: str
    fee: Decimal

    @classmethod
    def of(cls, tariff: Tariff, option_set: OptionSet | None) -> "Side":
        return cls(tariff, option_set, holds(option_set), fee_of(tariff, option_set))


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of the numbers with one present plan: `each` and `all` are the difference a month, net of VAT."""

    present: Side
    count: int
    each: Decimal

    @property
    def all(self) -> Decimal:
        return round_money(self.each) * self.count


def about(request: SeatRequest, order: Order) -> Context:
    """What `orders/draft.html` shows of this action; `about` is the template, missing where there is nothing to say."""
    tell = ABOUT.get(order.action)
    return tell(request, order) if tell else {}


def of_choice(wanted: Wanted) -> Context:
    """What a screen shows of a choice that is made (the form is valid)."""
    planned = ACTIONS[wanted.doing].read(wanted.params())
    context: Context = {"planned": planned}
    if isinstance(planned, ConnectService | DisconnectService):
        return context | goes_with(planned.service)
    if isinstance(planned, ChangeNumbers):
        return context | {"free": pool.free_in(planned.category), "minutes": current().pool.offer_minutes}
    if isinstance(planned, ChangePlan):
        context |= {"new": Side.of(planned.tariff, planned.option_set), "plan": plan_of(planned.tariff)}
        if wanted.line is not None:
            context["present"] = Side.of(wanted.line.tariff, wanted.line.option_set)
    return context


def goes_with(service: Service) -> Context:
    """What a service cannot stand beside, and what it needs."""
    return {
        "service": service,
        "excludes": [one.name for one in service.excludes.all()],
        "requires": [one.name for one in service.requires.all()],
    }


def _service(_request: SeatRequest, order: Order) -> Context:
    planned = order.planned
    if not isinstance(planned, ConnectService | DisconnectService):
        return {}
    return {"about": "orders/about/service.html", **goes_with(planned.service)}


def _plan(_request: SeatRequest, order: Order) -> Context:
    planned = order.planned
    if not isinstance(planned, ChangePlan):
        return {}
    new = Side.of(planned.tariff, planned.option_set)
    changes = [_change(row, new) for row in present_plans(order)]
    return {"about": "orders/about/plan.html", "new": new, "changes": changes}


def _change(row: Present, new: Side) -> Change:
    return Change(Side.of(row.tariff, row.option_set), row.count, new.fee - row.fee)


def _termination(request: SeatRequest, _order: Order) -> Context:
    return {"about": "orders/about/termination.html", "may_see_charges": request.seat.has(Right.SEE_FINANCE)}


def _numbers(_request: SeatRequest, order: Order) -> Context:
    until = kept_until(order)
    time = f"{until.astimezone(current().zone):%H:%M}" if until else ""
    return {"about": "orders/about/numbers.html", "kept_until": time}


ABOUT: dict[str, Callable[[SeatRequest, Order], Context]] = {
    "connect_service": _service,
    "disconnect_service": _service,
    "change_plan": _plan,
    "change_option_set": _plan,
    "change_numbers": _numbers,
    "give_numbers": _numbers,
    "terminate": _termination,
}
