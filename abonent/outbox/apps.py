from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "abonent.outbox"
    label = "outbox"
