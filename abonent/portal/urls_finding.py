"""Finding one's way: the main menu, the map, the search (L13, V1)."""

from django.urls import URLPattern, path

from abonent.portal.views import finding

urlpatterns: list[URLPattern] = [
    path("menu/", finding.menu, name="menu"),
    path("map/", finding.site_map, name="site_map"),
    path("search/", finding.search, name="search"),
]
