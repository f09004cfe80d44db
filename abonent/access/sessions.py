"""Sessions in the database that know whose they are, since when and from where (the session engine of the settings)."""

import datetime as dt
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from abonent.access.models import LoginSession, Person
from abonent.audit.journal import Origin, record
from abonent.lib import clock

# A session says at most this often that it is in use: a page that only shows does not write each time.
SEEN_AGAIN = dt.timedelta(minutes=5)
MOVED_AGAIN = dt.timedelta(minutes=1)
# An ended session is what a form typed into it is recognised by: its row is kept, and the browser names it, as long.
KEPT = dt.timedelta(days=2)
# In a session: which identifier it was opened with. It sets the seat that is offered first, and it ends the session
# when the person loses that identifier.
VIA = "via"
# No identifier has this id: the session was opened with a passkey.
BY_PASSKEY = 0


class SessionStore(DatabaseStore):
    # From where this request comes; without one (a test, a command) what the row says stays.
    origin: Origin | None = None
    row: LoginSession | None = None

    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def _get_session_from_db(self) -> LoginSession | None:
        """Read the row, unless its time is over by our clock (Django's own would ask the computer's)."""
        now = clock.now()
        self.row = LoginSession.objects.filter(session_key=self.session_key, expire_date__gt=now).first()
        if self.row is None:
            self._session_key = None
        return self.row

    def get_expiry_date(self, **kwargs: Any) -> dt.datetime:  # noqa: ANN401  # Django's signature
        return super().get_expiry_date(**{"modification": clock.now(), **kwargs})

    def get_expiry_age(self, **kwargs: Any) -> int:  # noqa: ANN401  # the same
        """How long the browser keeps the cookie, in seconds: longer than it lets anybody in."""
        return super().get_expiry_age(**kwargs) + int(KEPT.total_seconds())

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        made = super().create_model_instance(data)
        person = data.get(SESSION_KEY)
        row = LoginSession(
            session_key=made.session_key,
            session_data=made.session_data,
            expire_date=made.expire_date,
            person_id=int(person) if person else None,
            via=data.get(VIA),
        )
        before = self.row
        if before is not None and row.person_id is not None and before.person_id == row.person_id:
            row.opened, row.address, row.device = before.opened, before.address, before.device
        if self.origin is not None and row.person_id is not None:
            row.address, row.device = self.origin.address, self.origin.device
        return row

    def came_from(self, origin: Origin) -> None:
        """Remember from where the request comes; it is written when the session is saved, or by `touch`."""
        self.origin = origin

    def touch(self) -> None:
        """Write that the session is in use: now and then, and soon after it moved to another address or browser."""
        row, origin = self.row, self.origin
        if row is None or row.person_id is None or origin is None:
            return
        moved = (row.address, row.device) != (origin.address, origin.device)
        now = clock.now()
        if now - row.seen >= (MOVED_AGAIN if moved else SEEN_AGAIN):
            LoginSession.objects.filter(pk=row.pk).update(seen=now, address=origin.address, device=origin.device)


def open_sessions(person: Person) -> list[LoginSession]:
    """The sessions of `person` whose time is not over, the last used first."""
    return list(LoginSession.objects.filter(person=person, expire_date__gt=clock.now()).order_by("-seen", "-opened"))


def name_of(session: LoginSession) -> str:
    """What stands for a session on a page: its key itself would let in whoever reads it."""
    return salted_hmac("abonent.access.session", session.session_key, algorithm="sha256").hexdigest()[:32]


def end_one(person: Person, name: str, origin: Origin, client_id: int | None) -> bool:
    """End the session of `person` with this name at once; False where they have none of that name."""
    found = next((mine for mine in open_sessions(person) if constant_time_compare(name_of(mine), name)), None)
    if found is None:
        return False
    with transaction.atomic():
        note_end(person, origin, client_id, before={"device": found.device, "address": found.address})
        found.delete()
    return True


def end_others(person: Person, key: str | None, origin: Origin, client_id: int | None) -> int:
    """End every session of `person` but the one with this key; how many there were."""
    with transaction.atomic():
        ended = LoginSession.objects.filter(person=person).exclude(session_key=key).delete()[0]
        if ended:
            note_end(person, origin, client_id, before={"sessions": ended})
    return ended


def note_end(person: Person, origin: Origin, client_id: int | None, before: dict[str, object]) -> None:
    target = ("person", person.pk, person.name)
    record(person.actor(), "access.session-end", target=target, client_id=client_id, before=before, origin=origin)


def end_sessions(person: Person) -> int:
    """End every session of `person` at once, wherever it is open; how many there were."""
    return LoginSession.objects.filter(person=person).delete()[0]
