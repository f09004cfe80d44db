"""What people call the values that the journal keeps as codes, and how its instants and days are read."""

import datetime as dt
import re

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.documents.kinds import KINDS
from abonent.profile import current

_PROOFS: dict[str, Promise] = {
    "code": _("code"),
    "password": _("password"),
    "passkey": _("passkey"),
    "recovery_codes": _("recovery code"),
    "totp": _("code of the app"),
    "webauthn": _("passkey"),
}
_WAYS: dict[str, Promise] = {"email": _("by e-mail"), "link": _("as a link"), "hand": _("in person")}
_STATES: dict[str, Promise] = {
    "open": pgettext_lazy("appeal", "waiting for an answer"),
    "asked": pgettext_lazy("appeal", "waiting for you"),
    "answered": pgettext_lazy("appeal", "answered"),
    "closed": pgettext_lazy("appeal", "closed"),
}
_KINDS: dict[str, Promise] = {
    "bill": _("Invoices and payments"),
    "services": _("Tariffs and services"),
    "numbers": _("Numbers and SIM"),
    "quality": _("Quality of the connection"),
    "application": _("Application with a list or document"),
    "other": _("Something else"),
}

VALUES: dict[str, dict[str, Promise]] = {
    "method": _PROOFS,
    "by": _PROOFS | _WAYS,
    "delivered": _WAYS,
    "state": _STATES,
    "kind": _KINDS | {key: kind.label for key, kind in KINDS.items()},
}
# As the journal writes them: by their text alone they are known from any other value.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?\+\d\d:\d\d")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def readable(field: str, value: str) -> str:
    """A value of a field as people read it: its words, an instant of the operator's zone, a day; else as it is."""
    known = VALUES.get(field, {}).get(value)
    if known is not None:
        return str(known)
    if _INSTANT.fullmatch(value):
        return date_format(dt.datetime.fromisoformat(value).astimezone(current().zone), "SHORT_DATETIME_FORMAT")
    if _DAY.fullmatch(value):
        try:
            return date_format(dt.date.fromisoformat(value), "SHORT_DATE_FORMAT")
        except ValueError:
            return value
    return value
