"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from abonent.main import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("", include("abonent.portal.urls")),
]
