"""V8: "who may change a tariff in folder X, and why": against a slow reference that walks the tree by hand."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Person, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.access.who_may import Answer, State, over_each_folder, who_may
from abonent.clients.models import Client, Folder
from abonent.lib import clock
from abonent.subscribers import places
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
RIGHT = Right.CHANGE_TARIFFS
Reach = Seat.Reach


@contextmanager
def forgotten() -> Iterator[None]:
    """What one example wrote is gone before the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build(cast: Cast, seed: int, folders: int, seats: int) -> tuple[list[Folder], list[Seat]]:
    """A random tree with the cast's lines strewn over it, and random seats; a part of them blocked or over."""
    dice = random.Random(seed)  # noqa: S311  # the same each time
    tree: list[Folder] = []
    for place in range(folders):
        parent = dice.choice([None, *tree])
        tree.append(Folder.objects.create(client=cast.company, name=f"F{place}", parent=parent))
    for line in cast.subscribers:
        line.folder = dice.choice([None, *tree])
        line.save()
    without = Role.objects.create(client=cast.company, key="w", own_name="Without", own_rights=["see_calls"])
    having = Role.objects.create(client=cast.company, key="h", own_name="With", own_rights=[RIGHT])
    roles = [without, having, Role.objects.built_in(BuiltIn.ADMINISTRATOR)]
    made = [random_seat(cast, dice, tree, dice.choice(roles), place) for place in range(seats)]
    return tree, [*made, *Seat.objects.filter(client=cast.company).exclude(pk__in=[seat.pk for seat in made])]


def random_seat(cast: Cast, dice: random.Random, tree: list[Folder], role: Role, place: int) -> Seat:
    person = Person.objects.create_person(f"P{place}")
    pools = {
        "accounts": [cast.first.pk, cast.second.pk],
        "folders": [folder.pk for folder in tree],
        "subscribers": [line.pk for line in cast.subscribers],
    }
    kind = dice.choice(["", *pools])
    targets = dice.sample(pools[kind], dice.randint(0, min(3, len(pools[kind])))) if kind else []
    seat = Seat.objects.give(person, role, cast.company, **({kind: targets} if kind else {}))
    seat.valid_from = NOON - dt.timedelta(days=1)
    seat.blocked = dice.random() < 0.15
    seat.valid_to = NOON if dice.random() < 0.15 else None
    seat.save()
    return seat


def chain(folder: Folder | None) -> Iterator[int]:
    while folder is not None:
        yield folder.pk
        folder = folder.parent


def is_over(seat: Seat) -> bool:
    return seat.valid_to is not None and seat.valid_to <= NOON


def covers(seat: Seat, line: Subscriber) -> bool:
    """The reference: whether one seat reaches one number, by looking."""
    targets = set(seat.targets.values_list("target", flat=True))
    return {
        Reach.CLIENT: True,
        Reach.ACCOUNTS: line.account_id in targets,
        Reach.FOLDERS: bool(targets & set(chain(line.folder))),
        Reach.SUBSCRIBERS: line.pk in targets,
    }[Reach(seat.reach)]


def shown(answers: list[Answer]) -> dict[int, bool]:
    return {answer.seat.pk: answer.whole for answer in answers}


EXAMPLES = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EXAMPLES
@given(seed=st.integers(0, 10**9), folders=st.integers(1, 9), seats=st.integers(0, 12))
def test_V8_who_may_act_on_a_number_is_who_sees_it_with_the_right(
    cast: Cast, seed: int, folders: int, seats: int
) -> None:
    with forgotten(), clock.stopped(NOON):
        _tree, everybody = build(cast, seed, folders, seats)
        for line in Subscriber.objects.filter(account__contract__client=cast.company):
            named = [seat for seat in everybody if RIGHT in seat.rights and not is_over(seat)]
            wanted = {seat.pk: True for seat in named if covers(seat, line)}
            answers = who_may(RIGHT, places.of_number(line))
            assert shown(answers) == wanted
            # Who is in force and named is exactly who finds the number within their seat.
            now = {answer.seat.pk for answer in answers if answer.state == State.NOW}
            in_force = [seat for seat in Seat.objects.in_force() if RIGHT in seat.rights]
            seeing = {seat.pk for seat in in_force if Subscriber.objects.within(seat).filter(pk=line.pk).exists()}
            assert now == seeing


@EXAMPLES
@given(seed=st.integers(0, 10**9), folders=st.integers(1, 9), seats=st.integers(0, 12))
def test_V8_who_may_act_in_a_folder_has_it_whole_or_some_of_it(cast: Cast, seed: int, folders: int, seats: int) -> None:
    with forgotten(), clock.stopped(NOON):
        tree, everybody = build(cast, seed, folders, seats)
        at_once = over_each_folder(cast.company, RIGHT)
        assert set(at_once) == set(Folder.objects.filter(client=cast.company).values_list("pk", flat=True))
        for folder in tree:
            wanted = {}
            for seat in everybody:
                answer = by_hand(seat, folder, tree)
                if RIGHT in seat.rights and answer is not None and not is_over(seat):
                    wanted[seat.pk] = answer
            answers = who_may(RIGHT, places.of_folder(folder))
            assert shown(answers) == wanted
            whole = {answer.seat.person_id for answer in answers if answer.whole and answer.state == State.NOW}
            assert at_once[folder.pk] == whole


def by_hand(seat: Seat, folder: Folder, tree: list[Folder]) -> bool | None:
    """The reference: whether a seat has the folder whole (True), some of it (False) or nothing (None)."""
    targets = set(seat.targets.values_list("target", flat=True))
    if seat.reach == Reach.CLIENT or (seat.reach == Reach.FOLDERS and targets & set(chain(folder))):
        return True
    inside = {other.pk for other in tree if folder.pk in chain(other)}
    if seat.reach == Reach.FOLDERS:
        return False if targets & inside else None
    lines = [line for line in Subscriber.objects.all() if line.folder_id in inside]
    keys = {line.account_id if seat.reach == Reach.ACCOUNTS else line.pk for line in lines}
    return False if targets & keys else None


def test_V8_an_account_is_had_whole_or_in_part(cast: Cast) -> None:
    give, role = Seat.objects.give, Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    top = Folder.objects.create(client=cast.company, name="Top")
    inner = Folder.objects.create(client=cast.company, name="Inner", parent=top)
    empty = Folder.objects.create(client=cast.company, name="Empty")
    Subscriber.objects.filter(pk=cast.subscribers[5].pk).update(folder=inner)
    who = cast.kolya.person
    over_top, over_empty = (
        give(who, role, cast.company, folders=[top.pk]),
        give(who, role, cast.company, folders=[empty.pk]),
    )
    single = give(who, role, cast.company, subscribers=[cast.subscribers[5].pk])
    answers = shown(who_may(Right.SEE_FINANCE, places.of_account(cast.second)))
    assert answers == {cast.sergei.pk: True, over_top.pk: False, single.pk: False}
    assert over_empty.pk not in answers


def test_V8_over_the_whole_client_everybody_with_the_right_is_named(cast: Cast) -> None:
    whole = Seat.objects.give(cast.kolya.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
    answers = {answer.seat.pk: answer for answer in who_may(Right.SEE_FINANCE, places.of_client(cast.company))}
    del answers[cast.pavel.pk]
    assert {pk: answer.whole for pk, answer in answers.items()} == {
        cast.anna.pk: False,
        cast.sergei.pk: False,
        whole.pk: True,
    }
    assert answers[cast.sergei.pk].through == (cast.first.pk, cast.second.pk)
    assert answers[whole.pk].through == ()


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State.NOW),
        ({"blocked": True}, State.BLOCKED),
        ({"valid_to": NOON}, None),
        ({"valid_to": NOON + dt.timedelta(seconds=1)}, State.NOW),
        ({"valid_from": NOON + dt.timedelta(seconds=1)}, State.TO_COME),
        ({"valid_from": NOON}, State.NOW),
    ],
)
def test_V8_a_seat_out_of_force_is_shown_as_such(cast: Cast, change: dict[str, object], state: State | None) -> None:
    Seat.objects.filter(pk=cast.anna.pk).update(**change)
    with clock.stopped(NOON):
        answers = who_may(RIGHT, places.of_number(cast.subscribers[0]))
    assert {answer.seat.pk: answer.state for answer in answers}.get(cast.anna.pk) == state


def test_V8_people_of_others_are_never_named(cast: Cast) -> None:
    """Not even where ids of accounts, folders and numbers of two clients are the same figures."""
    folder = Folder.objects.create(client=cast.company, name="Minsk")
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    for bounds in ({"folders": [folder.pk]}, {"accounts": [cast.first.pk]}, {"subscribers": [cast.subscribers[0].pk]}):
        Seat.objects.give(cast.stas.person, role, cast.stranger, **bounds)
    line = Subscriber.objects.get(pk=cast.subscribers[0].pk)
    asked = [places.of_client(cast.company), places.of_account(cast.first), places.of_folder(folder)]
    for place in [*asked, places.of_number(line)]:
        assert cast.stas.person not in [answer.seat.person for answer in who_may(RIGHT, place)]
    assert over_each_folder(cast.stranger, RIGHT) == {}


def test_V8_a_deep_tree_is_no_recursion(cast: Cast) -> None:
    made = Folder.objects.bulk_create(Folder(client=cast.company, name=f"D{place}") for place in range(1500))
    for above, folder in pairwise(made):
        folder.parent = above
    Folder.objects.bulk_update(made, ["parent"], batch_size=500)
    seat = Seat.objects.give(
        cast.kolya.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company, folders=[made[700].pk]
    )
    found = over_each_folder(cast.company, RIGHT)
    assert [found[made[place].pk] for place in (699, 700, 1499)] == [set(), {seat.person_id}, {seat.person_id}]


def test_V8_the_questions_cost_few_queries_however_many_people(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client: Client = cast.company
    folder = Folder.objects.create(client=client, name="Minsk")
    for place in range(20):
        person = Person.objects.create_person(f"P{place}")
        Seat.objects.give(person, Role.objects.built_in(BuiltIn.SUPERVISOR), client, folders=[folder.pk])
    with django_assert_num_queries(4):
        over_each_folder(client, RIGHT)
    with django_assert_num_queries(9):
        who_may(RIGHT, places.of_folder(Folder.objects.select_related("client").get(pk=folder.pk)))
