from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "abonent.usage"
    label = "usage"
