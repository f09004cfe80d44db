"""Pages for what went wrong, in the look of the rest and in the person's language. None of them touches the database."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from abonent.portal.navigation import address_of, theme_of


def _page(request: HttpRequest, template: str, status: HTTPStatus, **more: str) -> HttpResponse:
    """Rendered without the request's context processors: those may ask the database for the person."""
    context = {"theme": theme_of(request), "home_url": address_of("home") or "/", **more}
    return HttpResponse(render_to_string(f"errors/{template}.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, "400", HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, "403", HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, "404", HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500", HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """A form whose page is older than the session: log in again, and what was typed is still there."""
    return session_ended(request, HTTPStatus.FORBIDDEN)


def session_ended(request: HttpRequest, status: HTTPStatus = HTTPStatus.UNAUTHORIZED) -> HttpResponse:
    """Offers the log-in, and after it the page from which the form came."""
    had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    login = address_of("login") or address_of("home") or "/"
    return _page(request, "expired" if not had_session else "csrf", status, login_url=login, next=_came_from(request))


def _came_from(request: HttpRequest) -> str:
    """The path of the page that held the form (a POST's own address may have no page), only of this site."""
    referer = request.headers.get("referer", "")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        _, _, rest = referer.partition("://")
        return "/" + rest.partition("/")[2]
    return request.path
