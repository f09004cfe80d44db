"""«Обращения» (L10, V9)."""

from django.urls import URLPattern, path

from abonent.portal.views import appeal, appeals

urlpatterns: list[URLPattern] = [
    path("", appeals.appeals, name="appeals"),
    path("new/", appeals.appeal_new, name="appeal_new"),
    path("numbers/", appeals.appeal_numbers, name="appeal_numbers"),
    path("<int:pk>/", appeal.appeal, name="appeal"),
    path("<int:pk>/closing/", appeal.appeal_closing, name="appeal_closing"),
    path("<int:pk>/rating/", appeal.appeal_rating, name="appeal_rating"),
    path("<int:pk>/files/<int:file>/", appeal.appeal_file, name="appeal_file"),
]
