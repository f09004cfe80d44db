"""«Пользователи»: people of the client, and invitations (V8)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
