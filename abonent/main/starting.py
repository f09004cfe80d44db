"""What must stand before anything starts: settings that mean something, each named where it does not."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from abonent import profile
from abonent.files.storage import storage
from abonent.main.settings import env
from abonent.network.gateway import gateway
from abonent.outbox import transport
from abonent.usage import store

PREFIX = "ABONENT_"
# Read by others than the settings: the clock of a process, and the tests.
ELSEWHERE = ("ABONENT_CLOCK", "ABONENT_TEST_")
SHORTEST_SECRET = 32


def check_settings() -> None:
    """Raise `ImproperlyConfigured`, which names the variable, at start rather than with the first person who needs it.

    The demonstration brings its own settings, so there the environment's other variables are nobody's mistake.
    """
    transport.check_settings()
    storage()
    store.root()
    gateway()
    try:
        profile.current()
    except ValueError as unknown:
        raise ImproperlyConfigured(str(unknown)) from unknown
    if not settings.DEMO:
        _check_secret()
        _check_names()


def _check_secret() -> None:
    if len(settings.SECRET_KEY) < SHORTEST_SECRET:
        raise ImproperlyConfigured(f"ABONENT_SECRET_KEY must have at least {SHORTEST_SECRET} characters")


def _check_names() -> None:
    """A misspelt variable would leave a default in force that nobody meant."""
    known = env.dump()
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known and not name.startswith(ELSEWHERE):
            raise ImproperlyConfigured(f"{name} is no setting of Abonent; is it misspelt?")
