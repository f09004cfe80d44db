"""The inbox of the demonstration: letters and text messages that would otherwise have left the house."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from abonent.access.guard import public
from abonent.outbox.inbox import attached, latest_letters, latest_messages
from abonent.outbox.models import Letter, TextMessage

SHOWN = 30
CODE = re.compile(r"\b\d{6}\b")


@dataclass(frozen=True, slots=True)
class Received:
    """One line of the page; `code` is what is to be copied, if there is one."""

    message: TextMessage | Letter
    body: str

    @property
    def code(self) -> str:
        found = CODE.search(self.body) if self.message.purpose == "login code" else None
        return found[0] if found else ""


@never_cache
@require_safe
@public
def inbox(request: HttpRequest) -> HttpResponseBase:
    """The latest letters and text messages; without the demonstration there is no such page."""
    _only_in_demo()
    texts = [Received(message, message.body) for message in latest_messages(SHOWN)]
    letters = [Received(letter, letter.text) for letter in latest_letters(SHOWN)]
    return render(request, "access/inbox.html", {"texts": texts, "letters": letters})


@never_cache
@require_safe
@public
def inbox_file(request: HttpRequest, attachment_id: int) -> HttpResponseBase:  # noqa: ARG001  # Django's signature
    """Download an attachment of a letter."""
    _only_in_demo()
    found = attached(attachment_id)
    if found is None:
        raise Http404
    file, name = found
    return FileResponse(file.open(), as_attachment=True, filename=name, content_type=file.mime)


def _only_in_demo() -> None:
    if not settings.DEMO:
        raise Http404
