from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "abonent.clients"
    label = "clients"
