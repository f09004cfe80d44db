"""«Обращения» (L10, V9)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
