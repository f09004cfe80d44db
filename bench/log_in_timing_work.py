"""The work of the bench `log_in_timing`, in a process of its own that has a scratch database."""

import logging
import statistics
import time
from dataclasses import dataclass

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings come first
from django.test import Client as Browser  # noqa: E402

from abonent.access.models import Identifier, Person, Role, Seat  # noqa: E402
from abonent.access.rights import BuiltIn  # noqa: E402
from abonent.clients.models import Client  # noqa: E402
from bench.measure import figure  # noqa: E402

PEOPLE, ROUNDS = 100, 3
AIM_MS = 5.0


@dataclass(frozen=True, slots=True)
class Way:
    """A form that somebody fills in without being logged in: what it is called with a known and an unknown value."""

    name: str
    address: str
    known: str
    unknown: str
    password: bool = False


WAYS = (
    Way("password", "/login/password/", "37529100{:04}", "37529900{:04}", password=True),
    Way("account", "/login/account/", "0002010{:04}", "0002099{:04}", password=True),
    Way("sms_code", "/login/", "37529100{:04}", "37529900{:04}"),
    Way("email_code", "/login/email/", "p{}@known.example", "p{}@other.example"),
    Way("forgotten_password", "/password/", "37529100{:04}", "37529900{:04}"),
    Way("forgotten_by_email", "/password/email/", "p{}@known.example", "p{}@other.example"),
)


def build() -> None:
    """People of one company, each with a number, an address, an account number and a password."""
    company = Client.objects.create(name="Known", tax_id="100000001")
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    for place in range(PEOPLE):
        person = Person.objects.create_person(f"Person {place}", "the right password", language="ru")
        for kind, pattern in (("phone", "37529100{:04}"), ("account", "0002010{:04}"), ("email", "p{}@known.example")):
            Identifier.objects.create(kind=kind, value=pattern.format(place), person=person, verified=True)
        Seat.objects.give(person, role, company)


def seconds(way: Way, value: str, place: int) -> float:
    """One try from a network address of its own: no bound is reached, and none is shared."""
    browser = Browser(SERVER_NAME="localhost", REMOTE_ADDR=f"10.{place // 250}.{place % 250}.1")
    form = {"value": value} | ({"password": "a wrong password"} if way.password else {})
    start = time.perf_counter()
    answer = browser.post(way.address, form)
    spent = time.perf_counter() - start
    assert answer.status_code == (422 if way.password else 302), (way.name, answer.status_code)  # a bench of refusals
    return spent


def measure(way: Way) -> None:
    spent: dict[str, list[float]] = {way.known: [], way.unknown: []}
    for patterns in ((way.known, way.unknown), (way.unknown, way.known)):
        for pattern in patterns:
            seconds(way, pattern.format(0), 0)
    for attempt in range(PEOPLE * ROUNDS):
        # Whoever comes first changes each time: what slows the machine down hits both alike.
        order = (way.known, way.unknown) if attempt % 2 else (way.unknown, way.known)
        for pattern in order:
            spent[pattern].append(seconds(way, pattern.format(attempt % PEOPLE), attempt))
    known, unknown = (mean_ms(spent[pattern]) for pattern in (way.known, way.unknown))
    all_of = [statistics.mean(spent[pattern]) * 1000 for pattern in (way.known, way.unknown)]
    note = (
        f"means of {PEOPLE * ROUNDS} interleaved tries without the slowest tenth: known {known:.2f}, "
        f"unknown {unknown:.2f}; with it {all_of[0]:.2f} and {all_of[1]:.2f}; aim: under {AIM_MS:g}"
    )
    figure(f"log_in_timing.{way.name}.difference_ms", abs(known - unknown), "ms", note=note)


def mean_ms(spent: list[float]) -> float:
    """The mean without the slowest tenth, in which the machine did something else."""
    return statistics.mean(sorted(spent)[: len(spent) * 9 // 10]) * 1000


def main() -> None:
    # Each refusal would print a line.
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    build()
    for way in WAYS:
        measure(way)


if __name__ == "__main__":
    main()
