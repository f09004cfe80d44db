"""What all tests share: the cast, clients that are logged in, a clock that stands, and no way to the network."""

import datetime as dt
import gc
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.db import connection
from django.http import HttpRequest
from django.test import Client, TransactionTestCase
from django.utils import translation
from pytest_django import Settings

from abonent.access.middleware import SEAT
from abonent.access.models import Seat
from abonent.access.proof import note_proof
from abonent.lib import clock
from tests import cast as cast_module
from tests import emptying, postgres, template
from tests.cast import Cast

# A Monday after the invoices of October were formed, and before the 10th.
NOON = dt.datetime(2026, 11, 9, 9, 0, tzinfo=dt.UTC)

# Most objects of a test are gone with it: looking for cycles after each 700 of them took a fourteenth of the time.
gc.set_threshold(50_000, 20, 20)

# The same examples each time, however busy the machine is: what passed does not fail a change of something else.
hypothesis.settings.register_profile("abonent", derandomize=True, deadline=None, database=None)
hypothesis.settings.load_profile("abonent")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, run what is marked for it."""
    if not postgres.is_wanted():
        return
    others = [item for item in items if item.get_closest_marker("postgres") is None]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item.get_closest_marker("postgres") is not None]


@pytest.fixture(autouse=True, scope="session")
def _tables_are_emptied_quickly() -> Iterator[None]:
    """After each test that commits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: emptying.empty(connection))
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:  # noqa: ARG001  # the name is this worker's own by then
    """Whether the tables of the tests' database are there before the tests: on SQLite, copied from a template."""
    name = connection.settings_dict["TEST"]["NAME"]
    if connection.vendor != "sqlite":
        return False
    template.copy(Path(name))
    return True


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A test that would leave this machine fails at once."""
    connect = socket.socket.connect

    def only_near(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and isinstance(address, tuple):
            host = str(address[0])
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"a test reached for {host}")
        connect(self, address)  # type: ignore[arg-type]  # passed on as it came

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_near)
        yield


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001  # the database is what it stands in
    return cast_module.build()


@pytest.fixture
def noon() -> Iterator[dt.datetime]:
    """The clock stands at `NOON` for the whole test."""
    with clock.stopped(NOON):
        yield NOON


@pytest.fixture(autouse=True)
def _language_ends_with_the_test() -> Iterator[None]:
    """What a request or a command left switched on would let the next test on this worker pass by chance."""
    yield
    translation.deactivate()


@pytest.fixture
def english(settings: Settings) -> Iterator[None]:
    """Pages for nobody in particular, and what is called outside of a request, speak English."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


def logged_in(seat: Seat) -> Client:
    """A browser in which the person of `seat` has just proven who they are by a password, and has taken it."""
    client = Client()
    client.force_login(seat.person)
    request = HttpRequest()
    request.session = client.session
    request.session[SEAT] = seat.pk
    note_proof(request, seat.person, "password")
    request.session.save()
    return client


@pytest.fixture
def anna_client(cast: Cast) -> Client:
    return logged_in(cast.anna)


@pytest.fixture
def sergei_client(cast: Cast) -> Client:
    return logged_in(cast.sergei)


@pytest.fixture
def kolya_client(cast: Cast) -> Client:
    return logged_in(cast.kolya)


@pytest.fixture
def elena_client(cast: Cast) -> Client:
    return logged_in(cast.elena)


@pytest.fixture
def stas_client(cast: Cast) -> Client:
    return logged_in(cast.stas)


@pytest.fixture
def olga_client(cast: Cast) -> Client:
    return logged_in(cast.olga)


@pytest.fixture
def pavel_client(cast: Cast) -> Client:
    return logged_in(cast.pavel)
