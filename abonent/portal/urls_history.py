"""«История действий» (V6)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
