"""«Операции с номерами» and «Управление иерархией»: the trees, the current selection, the folders (V2, V3)."""

from django.urls import URLPattern, path

from abonent.portal.views import numbers, selections

urlpatterns: list[URLPattern] = [
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/tree/", numbers.numbers_tree, name="numbers_tree"),
    path("numbers/selection/", selections.selection_add, name="selection_add"),
    path("numbers/selection/removal/", selections.selection_remove, name="selection_remove"),
    path("numbers/selection/export/", numbers.selection_export, name="selection_export"),
    path("numbers/saved/", selections.selection_saved, name="selection_saved"),
    path("numbers/saved/<int:pk>/opening/", selections.selection_opening, name="selection_opening"),
    path("numbers/saved/<int:pk>/name/", selections.selection_name, name="selection_name"),
    path("numbers/saved/<int:pk>/deletion/", selections.selection_deletion, name="selection_deletion"),
]
