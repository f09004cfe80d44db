"""Bounds hold among concurrent tries, on SQLite and on PostgreSQL (S0.1)."""

import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from abonent.access.bounds import DAY, Limit, TooOften, take_all
from abonent.access.codes import Purpose, digest_of
from abonent.access.credentials import Claim, redeem
from abonent.access.hashers import TunedArgon2PasswordHasher
from abonent.access.models import Bound, Identifier, LoginCode, LoginSession, Person
from abonent.access.upkeep import prune
from abonent.audit.journal import Origin
from abonent.lib import clock
from abonent.main import settings as product_settings
from tests.conftest import NOON

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 12


def at_once(work: Callable[[], object]) -> list[object]:
    def one(_number: int) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def a_code(secret: str) -> uuid.UUID:
    person = Person.objects.create_person("Anna")
    Identifier.objects.create(kind="phone", value="375291000001", person=person, verified=True)
    key = uuid.uuid4()
    expires = clock.now() + dt.timedelta(minutes=5)
    LoginCode.objects.create(
        key=key, kind="phone", value="375291000001", digest=digest_of(key, secret, Purpose.LOGIN), expires=expires
    )
    return key


def test_S0_1_of_many_concurrent_guesses_five_are_looked_at() -> None:
    key = a_code("123456")
    assert at_once(lambda: redeem(key, "000000", Origin())) == [None] * AT_ONCE
    assert LoginCode.objects.get().tries == 5
    assert redeem(key, "123456", Origin()) is None


def test_S0_1_a_code_that_is_given_many_times_at_once_works_once() -> None:
    key = a_code("123456")
    assert len([found for found in at_once(lambda: redeem(key, "123456", Origin())) if found]) == 1


def test_S0_1_a_limit_is_not_passed_by_concurrent_tries() -> None:
    limit = Limit("code", "375291000001", 7, DAY)
    with clock.stopped(NOON):
        assert sum(bool(taken) for taken in at_once(limit.take)) == 7
        assert Bound.objects.get().count == 7


def test_a_try_that_was_refused_by_one_limit_counts_for_none() -> None:
    wide, narrow = Limit("wide", "x", 9, DAY), Limit("narrow", "x", 0, DAY)
    with clock.stopped(NOON):
        with pytest.raises(TooOften) as refused:
            take_all(wide, narrow)
        assert refused.value.until == dt.datetime(2026, 11, 10, tzinfo=dt.UTC)
        assert not Bound.objects.filter(count__gt=0).exists()


def test_what_is_over_is_cleared_away() -> None:
    with clock.stopped(NOON):
        a_code("123456")
        Limit("code", "x", 7, DAY).take()
        LoginSession.objects.create(session_key="k", session_data="", expire_date=NOON)
        assert prune() == 0
    with clock.stopped(NOON + dt.timedelta(days=3, hours=1)):
        assert prune() == 3


def test_a_claim_finds_whoever_has_the_number_now() -> None:
    a_code("1")
    claim = Claim(Identifier.Kind.PHONE, "375291000001", Origin())
    found = claim.identifier()
    assert found
    assert found.person.name == "Anna"
    Person.objects.update(is_active=False)
    assert claim.identifier() is None


def test_passwords_are_kept_by_argon2_at_the_chosen_cost() -> None:
    hasher = TunedArgon2PasswordHasher()
    assert hasher.encode("x", hasher.salt()).startswith("argon2$argon2id$v=19$m=32768,t=3,p=1$")
    assert product_settings.PASSWORD_HASHERS == ["abonent.access.hashers.TunedArgon2PasswordHasher"]
