"""Ids of another company in any filter, address or form show nothing of it and change nothing of it (V8, V9)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.cast import Cast, build
from tests.matrix.foreign import Foreign, Rows, ask, forms, harm, owner_of, places, plant, queries, rows_of
from tests.matrix.row import GONE_ON, OK, location
from tests.matrix.table import TABLE
from tests.matrix.test_walk import body_of
from tests.snapshot import remembered

# Pages of a client's people: the operator's staff see every client, and what is for everybody shows nobody's data.
OWN = {name: row for name, row in TABLE.items() if row.owner != "olga" and row.get.anonymous != OK}
LISTS = [name for name, row in OWN.items() if row.get.owner == OK]
CHANGES = [name for name, row in OWN.items() if row.post.owner in {OK, GONE_ON}]
NUMBERED = list(OWN)
# What the bench adds up: `record_property` of pytest.
Note = Callable[[str, object], None]


@dataclass(frozen=True, slots=True)
class Planted:
    """The cast, what the other company has in every list, and all of its rows as they then are."""

    cast: Cast
    foreign: Foreign
    rows: Rows


@remembered
def make() -> Planted:
    members = build()
    return Planted(members, plant(members), rows_of(members.stranger))


@pytest.fixture
def planted(db: None) -> Planted:  # noqa: ARG001  # the database is what it stands in
    return make()


@pytest.mark.parametrize("name", LISTS)
def test_V8_a_filter_by_what_is_foreign_or_cannot_be_shows_nothing_foreign(
    name: str, planted: Planted, record_property: Note
) -> None:
    foreign = planted.foreign
    browser, made = owner_of(OWN[name], planted.cast)
    address = location(name, made.kwargs)
    wrong: list[str] = []
    asked = list(queries(body_of(ask(browser, "get", address)), foreign))
    record_property("requests", len(asked))
    for query in asked:
        wrong += harm(foreign, ask(browser, "get", address, query), query)
    assert wrong == []


@pytest.mark.parametrize("name", CHANGES)
def test_V8_a_form_that_names_what_is_foreign_changes_nothing_foreign(
    name: str, planted: Planted, record_property: Note
) -> None:
    foreign = planted.foreign
    browser, made = owner_of(OWN[name], planted.cast)
    wrong: list[str] = []
    sent = list(forms(made, foreign))
    record_property("requests", len(sent))
    for form in sent:
        wrong += harm(foreign, ask(browser, "post", location(name, made.kwargs), form), form)
    assert wrong == []
    assert rows_of(planted.cast.stranger) == planted.rows


@pytest.mark.parametrize("name", NUMBERED)
def test_V8_an_address_with_what_is_foreign_leads_nowhere(name: str, planted: Planted, record_property: Note) -> None:
    foreign = planted.foreign
    browser, made = owner_of(OWN[name], planted.cast)
    wrong: list[str] = []
    found = list(places(name, made, foreign))
    record_property("requests", 2 * len(found))
    for address in found:
        for method, data in (("get", None), ("post", made.data)):
            wrong += harm(foreign, ask(browser, method, address, data), address)
    assert wrong == []
    assert rows_of(planted.cast.stranger) == planted.rows


def test_the_walk_would_notice_a_foreign_change(cast: Cast) -> None:
    """The rows of the other company are found by themselves: its numbers, its orders, its people."""
    plant(cast)
    before = rows_of(cast.stranger)
    names = {model.__name__ for model in before}
    expected = {"Client", "Account", "Subscriber", "Folder", "Role", "Seat", "Person", "Order", "OrderItem"}
    assert expected | {"DocumentRequest", "NumberHolding", "Identifier"} <= names
    assert cast.company.pk not in before[type(cast.company)]
    cast.stranger_subscriber.last_name = "Changed"
    cast.stranger_subscriber.save()
    assert rows_of(cast.stranger) != before
