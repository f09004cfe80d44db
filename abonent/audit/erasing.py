"""Taking a person out of the journal: what was done stays, who it was about goes."""

from django.db import transaction

from abonent.audit.journal import Actor, Origin, record
from abonent.audit.models import Beside

ERASE_ACTOR, ERASE_TARGET = "audit.erase-actor", "audit.erase-target"


def erase_actor(kind: str, key: str, *, by: Actor, origin: Origin | None = None) -> int:
    """Drop label, address, device and seat from all that this actor did; journals it and returns how many entries."""
    with transaction.atomic():
        found = Beside.objects.filter(entry__actor_kind=kind, entry__actor_id=key).exclude(who="")
        erased = found.update(who="", who_salt="")
        return _tell(ERASE_ACTOR, erased, (kind, key), by, origin)


def erase_target(kind: str, key: int | str, *, by: Actor, origin: Origin | None = None) -> int:
    """Drop label, before and after from all that was done to this target; journals it and returns how many entries."""
    with transaction.atomic():
        found = Beside.objects.filter(entry__target_kind=kind, entry__target_id=str(key)).exclude(what="")
        erased = found.update(what="", what_salt="")
        return _tell(ERASE_TARGET, erased, (kind, str(key)), by, origin)


def _tell(action: str, erased: int, target: tuple[str, str], by: Actor, origin: Origin | None) -> int:
    kind, key = target
    record(by, action, target=(kind, key, ""), after={"entries": erased}, origin=origin)
    return erased
