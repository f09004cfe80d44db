from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "abonent.files"
    label = "files"
