from abonent.orders.models.check import OrderCheck
from abonent.orders.models.item import OrderItem
from abonent.orders.models.order import Order, OrderNumbers, OrderQuerySet
from abonent.orders.verdicts import Result, Verdict

__all__ = ["Order", "OrderCheck", "OrderItem", "OrderNumbers", "OrderQuerySet", "Result", "Verdict"]
