"""Writing and reading the journal."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import QuerySet

from abonent.audit.models import Beside, Entry
from abonent.lib import clock

ActorKind = Entry.ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it; `label` is how people know them (a name, a key's title)."""

    kind: Entry.ActorKind
    id: str
    label: str


SYSTEM = Actor(ActorKind.SYSTEM, "", "Abonent")


@dataclass(frozen=True, slots=True)
class Origin:
    """From where: network address, device (user agent), the seat in force."""

    address: str = ""
    device: str = ""
    seat: str = ""


def record(  # noqa: PLR0913  # an entry has these many sides, all but two by name
    actor: Actor,
    action: str,
    *,
    target: tuple[str, int | str, str] | None = None,
    client_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    result: str = "done",
    origin: Origin | None = None,
    digest: str = "",
) -> Entry:
    """Write one entry, in the transaction of the change that it tells of.

    `action` is "package.verb"; `target` is (kind, id, label); `before` and `after` hold the changed fields (values are
    kept as JSON; dates, money and other types as their text); `digest` is the SHA-256 of the rows of a batch.
    `client_id` None means the operator's own chain.
    """
    kind, key, label = target or ("", "", "")
    who = canonical({"label": actor.label, **asdict(origin or Origin())})
    what = canonical({"label": label, "before": dict(before or {}), "after": dict(after or {})})
    who_salt, what_salt = secrets.token_hex(16), secrets.token_hex(16)
    with transaction.atomic():
        entry = Entry.objects.create(
            client_id=client_id,
            at=clock.now(),
            action=action,
            result=result,
            digest=digest,
            actor_kind=actor.kind,
            actor_id=actor.id,
            target_kind=kind,
            target_id=str(key),
            who_digest=salted(who_salt, who),
            what_digest=salted(what_salt, what),
        )
        Beside.objects.create(entry=entry, who_salt=who_salt, who=who, what_salt=what_salt, what=what)
    return entry


def entries(
    client_id: int | None,
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    action: str = "",
    actor: tuple[str, str] | None = None,
    target: tuple[str, int | str] | None = None,
) -> QuerySet[Entry]:
    """Read one chain, newest first, with what stands beside; [since, until) by time, exact by the rest.

    `actor` is (kind, id), `target` is (kind, id).
    """
    found = Entry.objects.filter(client_id=client_id).select_related("beside").order_by("-at", "-id")
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    if action:
        found = found.filter(action=action)
    if actor is not None:
        found = found.filter(actor_kind=actor[0], actor_id=actor[1])
    if target is not None:
        found = found.filter(target_kind=target[0], target_id=str(target[1]))
    return found


def canonical(value: object) -> str:
    """One text for one value: sorted keys, no blanks; what JSON lacks goes as its text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def salted(salt: str, text: str) -> str:
    """SHA-256 (hex) of a text with its salt."""
    return hashlib.sha256(f"{salt}{text}".encode()).hexdigest()


def rows_digest(rows: list[list[object]]) -> str:
    """SHA-256 (hex) of the rows that one entry stands for, in the order given."""
    return hashlib.sha256(canonical(rows).encode()).hexdigest()
