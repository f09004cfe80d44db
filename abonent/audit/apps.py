from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "abonent.audit"
    label = "audit"
