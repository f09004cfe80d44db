"""«Роли»: roles of the client's own, and who may do what (V8)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
