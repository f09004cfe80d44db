"""Who a session belongs to. Secrets are checked by `credentials` alone, within its bounds, by no form of Django."""

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from abonent.access.models import Person


class PersonBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,  # noqa: ARG002  # Django's signature
        username: str | None = None,  # noqa: ARG002  # the same
        password: str | None = None,  # noqa: ARG002  # the same
        **_credentials: object,
    ) -> Person | None:
        """Refuse: a guess here would be counted by nobody."""
        return None
