from django.apps import AppConfig


class FormatsConfig(AppConfig):
    name = "abonent.formats"
    label = "formats"
