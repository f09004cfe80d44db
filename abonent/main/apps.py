from django.apps import AppConfig
from django.utils.module_loading import import_string


class MainConfig(AppConfig):
    name = "abonent.main"
    label = "main"

    def ready(self) -> None:
        # By name: what it asks has models, which may not be imported before every app is known.
        import_string("abonent.main.starting.check_settings")()
