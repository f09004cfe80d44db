from django.apps import AppConfig


class MainConfig(AppConfig):
    name = "abonent.main"
    label = "main"
