"""«Операции с номерами» and «Управление иерархией»: the trees, the current selection, the folders (V2, V3)."""

from django.urls import URLPattern, path

from abonent.portal.views import folders, numbers, selections, structure

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
    path("folders/", folders.folders, name="folders"),
    path("folders/creation/", folders.folder_creation, name="folder_creation"),
    path("folders/moving/", folders.folder_moving, name="folder_moving"),
    path("folders/<int:pk>/name/", folders.folder_name, name="folder_name"),
    path("folders/<int:pk>/deletion/", folders.folder_deletion, name="folder_deletion"),
    path("folders/costs/", folders.folders_costs, name="folders_costs"),
    path("folders/export/", structure.folders_export, name="folders_export"),
    path("folders/import/", structure.structure_upload, name="structure_upload"),
    path("folders/import/<int:pk>/", structure.structure, name="structure"),
    path("folders/import/<int:pk>/progress/", structure.structure_progress, name="structure_progress"),
    path("folders/import/<int:pk>/application/", structure.structure_application, name="structure_application"),
]
