"""The person's own log-in: sessions, second factors, phone and e-mail; registration and a forgotten password (S0.3)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
