"""Several e-mail addresses in one text, as people write them and as they are kept: separated by commas."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SEPARATOR = ", "
MOST = 10
LONGEST = 254
_BETWEEN = re.compile(r"[,;\s]+")


def addresses_in(text: str) -> tuple[str, ...]:
    """Each address once, in lower case, in the order in which they stand; whether they can be is not asked."""
    return tuple(dict.fromkeys(part.lower() for part in _BETWEEN.split(text) if part))


def joined(addresses: Iterable[str]) -> str:
    return SEPARATOR.join(addresses)


def why_not(address: str) -> str:
    """Why letters cannot go to this address, in a sentence; empty where they can."""
    name = address[:60]
    if address.count("@") == 1 and not address.partition("@")[0].isascii():
        return _("“%(address)s” has letters before the @ that mail servers do not take.") % {"address": name}
    return "" if _can_be(address) else _("“%(address)s” is not an e-mail address.") % {"address": name}


def _can_be(address: str) -> bool:
    try:
        validate_email(address)
        address.rpartition("@")[2].encode("idna")
    except (ValidationError, UnicodeError):
        return False
    return len(address) <= LONGEST


def check_addresses(text: str) -> None:
    """Validator: every address in the text can be one, and there are not too many."""
    found = addresses_in(text)
    wrong = [reason for address in found if (reason := why_not(address))]
    if len(found) > MOST:
        text = ngettext("At most %(count)d address.", "At most %(count)d addresses.", MOST)
        wrong.append(text % {"count": MOST})
    if wrong:
        raise ValidationError(wrong)
