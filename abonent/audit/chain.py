"""What makes the chain: the hash of an entry, the signature of a head."""

import datetime as dt
import hashlib
import hmac
import json
from typing import NamedTuple

from django.conf import settings
from django.utils.crypto import salted_hmac

OWN = 0
COUNT = -1


class Content(NamedTuple):
    """The columns of an entry that are hashed, in this order."""

    id: int
    client_id: int | None
    at: dt.datetime
    actor_kind: str
    actor_id: str
    action: str
    target_kind: str
    target_id: str
    result: str
    digest: str
    who_digest: str
    what_digest: str


def entry_hash(content: tuple[object, ...], sequence: int, previous: str) -> str:
    """SHA-256 (hex) of an entry's content at its place in the chain; `content` is in the order of `Content`."""
    key, client, at, *rest = content
    if not isinstance(at, dt.datetime):
        raise TypeError("an entry's time is an aware datetime")
    text = json.dumps([key, client, at.astimezone(dt.UTC).isoformat(), *rest, sequence, previous], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def chain_of(client_id: int | None) -> int:
    return OWN if client_id is None else client_id


def sign(chain: int, sequence: int, last: str) -> str:
    return _signature(chain, sequence, last, settings.SECRET_KEY)


def is_signed(chain: int, sequence: int, last: str, signature: str) -> bool:
    """Whether the signature was made with the secret key, or with one that was in force before it."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(hmac.compare_digest(_signature(chain, sequence, last, key), signature) for key in keys)


def _signature(chain: int, sequence: int, last: str, key: str | bytes) -> str:
    return salted_hmac("abonent.audit.head", f"{chain}|{sequence}|{last}", secret=key, algorithm="sha256").hexdigest()
