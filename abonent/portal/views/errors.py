"""Pages for what went wrong, in the look of the rest and in the person's language.

None touches the database, but the one that keeps a form of an older log-in.
"""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string

from abonent.access.guard import public, wanted_page
from abonent.access.typed import keep_of_older_login
from abonent.portal.navigation import address_of, theme_of


def _page(request: HttpRequest, template: str, status: HTTPStatus, **more: object) -> HttpResponse:
    """Rendered without the request's context processors: those may ask the database for the person."""
    context = {"theme": theme_of(request), "home_url": address_of("front") or "/", **more}
    return HttpResponse(render_to_string(f"errors/{template}.html", context), status=status)


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, "400", HTTPStatus.BAD_REQUEST)


@public
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, "403", HTTPStatus.FORBIDDEN)


@public
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    return _page(request, "404", HTTPStatus.NOT_FOUND)


@public
def too_large(request: HttpRequest, largest: int) -> HttpResponse:
    """More was sent than the `largest` request, in bytes."""
    return _page(request, "413", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, largest=filesizeformat(largest))


@public
def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500", HTTPStatus.INTERNAL_SERVER_ERROR)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's signature
    """A form from an older session: the page offers to go on with what was typed, the log-in, the form's page."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    login = address_of(settings.LOGIN_URL) or "/"
    template = "csrf" if known else "expired"
    kept = keep_of_older_login(request)
    return _page(request, template, HTTPStatus.FORBIDDEN, login_url=login, next=wanted_page(request), kept=kept)
