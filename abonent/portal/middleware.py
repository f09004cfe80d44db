"""What holds for every request and answer: how much may be sent up, and what the browser may do with what it gets."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from abonent import profile
from abonent.formats.refusal import MAX_BYTES
from abonent.portal.views import errors

Answer = Callable[[HttpRequest], HttpResponseBase]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
MEGABYTE = 1024 * 1024
# The fields beside the files, and what stands between them.
BESIDE_FILES = MEGABYTE
PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


def headers_middleware(get_response: Answer) -> Answer:
    """Set the strict policy on all answers; nothing that a logged-in person sees stays in a cache."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # A file of somebody else's has a stricter one of its own.
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def largest_request() -> int:
    """The most bytes that a form of ours sends: one list, or all files of a message, and the fields beside them."""
    appeals = profile.current().appeals
    return max(MAX_BYTES, appeals.files * appeals.file_mb * MEGABYTE) + BESIDE_FILES


def _length(request: HttpRequest) -> int:
    """What the request says, read as Django reads it: what is no number is nothing."""
    try:
        return int(request.headers.get("Content-Length", ""))
    except ValueError:
        return 0


def size_middleware(get_response: Answer) -> Answer:
    """Refuse what says that it is larger than any form of ours, before a byte of it is read (413).

    A request that does not say how long it is has no body to Django, and nothing to refuse.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        largest = largest_request()
        if _length(request) > largest:
            return errors.too_large(request, largest)
        return get_response(request)

    return middleware
