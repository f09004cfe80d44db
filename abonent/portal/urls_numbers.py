"""«Операции с номерами» and «Управление иерархией»: the trees, the current selection, the folders (V2, V3)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
