"""What a draft that cannot be placed says: why, and that it can be sent as a written application (L11, S15.5)."""

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.orders import written
from abonent.orders.models import Order
from abonent.orders.reasons import Wording


def bars(seat: Seat, order: Order) -> dict[str, object]:
    """`barred` is why the order as a whole is refused; `may_apply`, whether this reader may write instead."""
    bar = order.bar() if order.left else None
    context: dict[str, object] = {"may_apply": seat.has(Right.ASK_OPERATOR) and written.is_needed(order)}
    if bar is not None:
        context |= {"barred": Wording().reason(bar.code, bar.args), "barred_accounts": bar.args.get("accounts", "")}
    return context
