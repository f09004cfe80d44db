"""What pages on the way somewhere share: where the person was going, and how a bound is told."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from abonent import profile
from abonent.access.bounds import TooOften
from abonent.access.guard import PersonRequest, safe_next
from abonent.access.models import Person
from abonent.access.typed import Typed, drop_typed


def next_page(request: HttpRequest) -> str:
    """The page that the person was going to: one of this site, else the front page."""
    return safe_next(request, request.POST.get("next") or request.GET.get("next") or "/")


def with_next(request: HttpRequest, url_name: str, **more: str) -> str:
    """The address of a page of this flow, which still knows where to go afterwards."""
    then = next_page(request)
    parameters = {**({} if then == "/" else {"next": then}), **more}
    return f"{reverse(url_name)}?{urlencode(parameters)}" if parameters else reverse(url_name)


def after_login(request: HttpRequest, person: Person) -> str:
    """A form that was typed before waits; a person's only seat is taken at once, and `seats` leads on, else it asks."""
    if Typed.of(request, person) is not None:
        return reverse("resume")
    drop_typed(request)
    return f"{reverse('seats')}?{urlencode({'next': next_page(request)})}"


def after_proof(request: PersonRequest) -> str:
    """Back to where the person was going: first to the form that waits, where one does."""
    return reverse("resume") if Typed.of(request, request.user) else next_page(request)


def too_often(bound: TooOften) -> str:
    """A reached bound in words, with the time from which it goes on."""
    until = bound.until.astimezone(profile.current().zone)
    return _("Too many tries. The next one is possible on %(day)s at %(time)s.") % {
        "day": f"{until:%d.%m.%Y}",
        "time": f"{until:%H:%M}",
    }


def status_of(form: object) -> int:
    """422 for a form with errors."""
    return 422 if getattr(form, "errors", None) else 200
