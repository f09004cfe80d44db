from abonent.orders.models.check import OrderCheck
from abonent.orders.models.chosen import ChosenLines
from abonent.orders.models.item import OrderItem
from abonent.orders.models.naming import NewNames
from abonent.orders.models.numbers import OrderNumbers
from abonent.orders.models.order import Order, OrderQuerySet
from abonent.orders.verdicts import Result, Verdict

__all__ = [
    "ChosenLines",
    "NewNames",
    "Order",
    "OrderCheck",
    "OrderItem",
    "OrderNumbers",
    "OrderQuerySet",
    "Result",
    "Verdict",
]
