"""Sessions in the database that know whose they are (the session engine of the settings)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from abonent.access.models import LoginSession, Person


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[LoginSession]:
        return LoginSession

    def create_model_instance(self, data: dict[str, Any]) -> LoginSession:
        made = super().create_model_instance(data)
        person = data.get(SESSION_KEY)
        return LoginSession(
            session_key=made.session_key,
            session_data=made.session_data,
            expire_date=made.expire_date,
            person_id=int(person) if person else None,
        )


def end_sessions(person: Person) -> int:
    """End every session of `person` at once, wherever it is open; how many there were."""
    return LoginSession.objects.filter(person=person).delete()[0]
