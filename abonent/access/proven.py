"""What somebody has proven by a code, kept in their session for the next step, for a while."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest

from abonent.access.codes import Purpose
from abonent.access.models import Identifier
from abonent.lib import clock

PROVEN = "proven"
KEPT = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proof:
    """`value` is the number, address or account that was asked for, `sent_to` where the code went."""

    kind: Identifier.Kind
    value: str
    sent_to: str


def keep_proof(request: HttpRequest, purpose: Purpose, proof: Proof) -> None:
    """Remember it in a session with a new key: whoever planted the old one learns nothing."""
    request.session.cycle_key()
    request.session[PROVEN] = {
        "purpose": purpose,
        "kind": proof.kind,
        "value": proof.value,
        "sent_to": proof.sent_to,
        "until": (clock.now() + KEPT).timestamp(),
    }


def proof_of(request: HttpRequest, purpose: Purpose) -> Proof | None:
    """What this session has proven for `purpose`, if that is not too long ago."""
    kept = request.session.get(PROVEN)
    if kept is None or kept["purpose"] != purpose or kept["until"] <= clock.now().timestamp():
        return None
    return Proof(Identifier.Kind(kept["kind"]), kept["value"], kept["sent_to"])


def drop_proof(request: HttpRequest) -> None:
    request.session.pop(PROVEN, None)
