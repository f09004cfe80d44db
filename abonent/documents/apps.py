from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "abonent.documents"
    label = "documents"
