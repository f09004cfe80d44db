"""Finding one's way: the main menu, the map, the search, notices (L13, V1)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
