"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from abonent.main import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("abonent.portal.urls")),
]

handler400 = "abonent.portal.views.errors.bad_request"
handler403 = "abonent.portal.views.errors.permission_denied"
handler404 = "abonent.portal.views.errors.page_not_found"
handler500 = "abonent.portal.views.errors.server_error"
