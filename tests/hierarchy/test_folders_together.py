"""Several people at one tree, on a database that really commits (V3)."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from abonent.clients.models import Folder
from abonent.hierarchy import folders
from abonent.hierarchy.placing import move_numbers
from abonent.hierarchy.refusal import FolderRefused, Why
from abonent.subscribers.models import FolderStay, Subscriber
from tests.cast import Cast
from tests.hierarchy.world import chains, tree, whole

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(acts: Sequence[Callable[[], object]]) -> list[Why | None]:
    """Begin all of them together; the refusal of each."""
    barrier = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> Why | None:
        try:
            connection.ensure_connection()
            barrier.wait()
            act()
        except FolderRefused as refused:
            return refused.why
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def test_V3_two_moves_that_cross_make_no_circle(cast: Cast) -> None:
    seat = whole(cast)
    for turn in range(5):
        made = tree(seat, f"a{turn}", f"b{turn}")
        a, b = made[f"a{turn}"].pk, made[f"b{turn}"].pk
        refusals = at_once([partial(folders.move, seat, a, b), partial(folders.move, seat, b, a)])
        assert set(refusals) == {None, Why.INTO_ITSELF}
        assert Folder.objects.filter(pk__in=[a, b], parent=None).count() == 1


def test_V3_twenty_people_drag_at_once_and_each_number_ends_in_one_folder(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "a", "b", "c", "d")
    places = [folder.pk for folder in made.values()]
    lines = Subscriber.objects.as_system().filter(account__in=[cast.first, cast.second])
    acts = [partial(move_numbers, seat, lines, places[at % len(places)]) for at in range(20)]
    assert at_once(acts) == [None] * 20
    for line in lines:
        assert FolderStay.objects.filter(subscriber=line, end=None).count() == 1
        assert chains(line)
    assert len(set(lines.values_list("folder_id", flat=True))) == 1


def test_V3_a_folder_is_deleted_while_others_drag_into_it(cast: Cast) -> None:
    seat = whole(cast)
    made = tree(seat, "a", "a/b")
    lines = Subscriber.objects.as_system().filter(account=cast.first)
    inside = made["a/b"].pk
    acts: list[Callable[[], object]] = [lambda: move_numbers(seat, lines, inside) for _ in range(4)]
    refusals = at_once([*acts, lambda: folders.delete(seat, inside)])
    assert set(refusals) <= {None, Why.GONE}
    assert not lines.filter(folder=inside).exists()
    assert all(chains(line) for line in lines)


def test_V3_of_two_who_make_the_same_folder_one_is_told(cast: Cast) -> None:
    seat = whole(cast)
    refusals = at_once([lambda: folders.create(seat, "Minsk", None) for _ in range(4)])
    assert sorted(map(str, refusals)) == ["None", "taken", "taken", "taken"]
