"""«История действий» (V6)."""

from django.urls import URLPattern, path

from abonent.portal.views import history

urlpatterns: list[URLPattern] = [
    path("", history.history, name="history"),
    path("export/", history.history_export, name="history_export"),
    path("check/", history.history_check, name="history_check"),
    path("proof/", history.history_proof, name="history_proof"),
    path("operator/", history.operator_history, name="operator_history"),
    path("operator/export/", history.operator_history_export, name="operator_history_export"),
    path("operator/check/", history.operator_history_check, name="operator_history_check"),
    path("operator/proof/", history.operator_history_proof, name="operator_history_proof"),
]
