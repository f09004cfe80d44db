from abonent.orders.models.check import OrderCheck
from abonent.orders.models.item import OrderItem, Result, Verdict
from abonent.orders.models.order import Order, OrderNumbers, OrderQuerySet

__all__ = ["Order", "OrderCheck", "OrderItem", "OrderNumbers", "OrderQuerySet", "Result", "Verdict"]
