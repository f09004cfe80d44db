from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "abonent.orders"
    label = "orders"
