"""«Роли»: roles of the client's own, and who may do what (V8)."""

from django.urls import URLPattern, path

from abonent.portal.views import roles, roles_matrix

urlpatterns: list[URLPattern] = [
    path("", roles.roles, name="roles"),
    path("new/", roles.role_new, name="role_new"),
    path("who-may/", roles_matrix.roles_matrix, name="roles_matrix"),
    path("<int:pk>/", roles.role, name="role"),
    path("<int:pk>/change/", roles.role_change, name="role_change"),
    path("<int:pk>/deletion/", roles.role_deletion, name="role_deletion"),
]
