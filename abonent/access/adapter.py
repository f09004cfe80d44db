"""The one place that touches allauth: its login pipeline runs, its own forms, codes and lookups do not."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from abonent.access.models import Person
from abonent.access.proof import note_proof


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def add_message(self, request: HttpRequest, level: int, *args: object, **kwargs: object) -> None:
        """Say nothing of its own: the pages say what happened."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)


def let_in(request: HttpRequest, person: Person, method: str, then: str) -> HttpResponseBase:
    """Log `person` in by allauth's pipeline (later stages, such as a second factor, hook in there); answer `then`.

    The session key is rotated; `method` (password, code) stays in the session with its time, for asking again.
    """
    note_proof(request, person, method)
    answer: HttpResponseBase = perform_login(request, person, redirect_url=then)
    return answer
