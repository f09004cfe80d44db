"""Addresses that are proven before a form is taken: each gets a code, which the end of the form asks for (S3, S6).

Nothing waits on the server but the keys of the codes: the form carries what was typed, and is sent again with them.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from abonent.access.address import origin_of
from abonent.access.addresses import is_proven, redeem, send_code
from abonent.access.bounds import TooOften
from abonent.access.guard import SeatRequest
from abonent.lib import clock
from abonent.portal.returning import too_often

ASKED = "addresses"
MOST_ASKED = 20
# Sent again so soon, a form gets no other code: it was pressed twice.
SOON = dt.timedelta(minutes=1)


def code_field(email: str) -> str:
    """The name of the field for the code that was sent to `email`."""
    return f"code-{hashlib.sha256(email.encode()).hexdigest()[:12]}"


def proven(request: SeatRequest, form: forms.Form, emails: Iterable[str]) -> bool:
    """Whether every address is proven, also by a code that came with this form; if not, the form asks for the codes."""
    # Each is asked about, also beyond the first that is not.
    return not [email for email in emails if not _proven(request, form, email)]


def codes_for(request: SeatRequest, email: str) -> forms.Form | None:
    """For a page that is no form of its own (a receipt): the form that asks for the code; None where none is needed."""
    codes = forms.Form(request.POST)
    codes.is_valid()
    return None if not email or proven(request, codes, [email]) else codes


def _proven(request: SeatRequest, form: forms.Form, email: str) -> bool:
    if is_proven(request.seat, email):
        return True
    typed = "".join(letter for letter in request.POST.get(code_field(email), "") if letter.isdigit())
    try:
        if typed and _redeemed(request, email, typed):
            return True
        said = _wrong() if typed else _send(request, email)
    except TooOften as bound:
        said = too_often(bound)
    form.fields[code_field(email)] = _field(email)
    form.add_error(code_field(email), said)
    return False


def _redeemed(request: SeatRequest, email: str, typed: str) -> bool:
    asked = request.session.get(ASKED, {}).get(email)
    return asked is not None and redeem(request.seat, uuid.UUID(asked["key"]), typed, origin_of(request)) == email


def _send(request: SeatRequest, email: str) -> str:
    """Send a code, unless one has just gone; what is said of it."""
    asked = request.session.get(ASKED, {})
    now = clock.now()
    known = asked.get(email)
    if known is None or now - dt.datetime.fromisoformat(known["at"]) >= SOON:
        key = send_code(request.seat, email, origin_of(request))
        kept = {name: value for name, value in list(asked.items())[1 - MOST_ASKED :] if name != email}
        request.session[ASKED] = {**kept, email: {"key": str(key), "at": now.isoformat()}}
    return _("A code was sent to this address. Type it here, and send the form again.")


def _wrong() -> str:
    return _("This code is wrong, has been used, or is too old. Leave it empty, and another one is sent.")


def _field(email: str) -> forms.CharField:
    attributes = {"inputmode": "numeric", "autocomplete": "one-time-code"}
    hint = _("In this demo, letters stand in the inbox.") if settings.DEMO else ""
    label = _("The code sent to %(email)s") % {"email": email}
    return forms.CharField(label=label, max_length=20, help_text=hint, widget=forms.TextInput(attrs=attributes))
