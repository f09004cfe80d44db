"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from abonent.backoffice.urls import addresses as operator_addresses
from abonent.main import health
from abonent.main.work import QUEUES

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("operator/", include(operator_addresses(QUEUES))),
    path("", include("abonent.portal.urls")),
]

handler400 = "abonent.portal.views.errors.bad_request"
handler403 = "abonent.portal.views.errors.permission_denied"
handler404 = "abonent.portal.views.errors.page_not_found"
handler500 = "abonent.portal.views.errors.server_error"
