"""Finding one's way: the main menu, the map, the search, the notices (L13, V1)."""

from django.urls import URLPattern, path

from abonent.portal.views import finding, notices

urlpatterns: list[URLPattern] = [
    path("menu/", finding.menu, name="menu"),
    path("map/", finding.site_map, name="site_map"),
    path("search/", finding.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/choices/", notices.notice_choices, name="notice_choices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/numbers/", notices.notice_numbers, name="notice_numbers"),
]
