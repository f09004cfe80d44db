"""The other side of a call for a role that must not see whom people call: where it is, not who (V8)."""

import phonenumbers

from abonent.profile import current as current_profile

HIDDEN = "***"
_OPERATOR_DIGITS = 2


def masked(peer: str) -> str:
    """`37529*******`: the country, at home also the operator or the area; no digit beyond.

    A short number, the name of a sender, a SIP id and whatever else is no telephone number say whom: they are hidden.
    """
    if not (peer.isascii() and peer.isdigit()):
        return HIDDEN
    plan = current_profile().numbers
    if len(peer) == plan.length and peer.startswith(plan.country_code):
        return _starred(peer, len(plan.country_code) + _OPERATOR_DIGITS)
    try:
        number = phonenumbers.parse(f"+{peer}")
    except phonenumbers.NumberParseException:
        return HIDDEN
    if not phonenumbers.is_possible_number(number):
        return HIDDEN
    return _starred(peer, len(str(number.country_code)))


def _starred(digits: str, kept: int) -> str:
    return digits[:kept] + "*" * (len(digits) - kept)
