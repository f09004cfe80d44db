from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "abonent.jobs"
    label = "jobs"
