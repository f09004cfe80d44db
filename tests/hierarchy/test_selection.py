"""The current selection of a seat: what goes in and out, who sees it, and what is kept by name."""

import threading

import pytest
from django.db import connections

from abonent.access.models import Seat
from abonent.audit.models import Entry
from abonent.clients.models import Folder
from abonent.hierarchy import selection
from abonent.hierarchy.models import SelectedLine, Selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import NameRefused, Wanted, add, clear, lines, summary, take_out
from abonent.subscribers.models import Subscriber
from tests.cast import Cast, account, subscriber

pytestmark = pytest.mark.django_db


def numbers(*ids: int) -> Wanted:
    return Wanted(tuple(Ref(Kind.NUMBER, pk) for pk in ids))


def of(kind: Kind, *ids: int) -> Wanted:
    return Wanted(tuple(Ref(kind, pk) for pk in ids))


def fits(text: str) -> Wanted:
    return Wanted(fitting=lambda found: found.matching(text))


def held(seat: Seat) -> set[int]:
    return set(lines(seat).values_list("pk", flat=True))


def ids(cast: Cast, *places: int) -> set[int]:
    return {cast.subscribers[place].pk for place in places}


def test_V2_an_account_a_folder_and_numbers_go_in_together(cast: Cast) -> None:
    folder = Folder.objects.create(client=cast.company, name="Up")
    below = Folder.objects.create(client=cast.company, name="Below", parent=folder)
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(folder=below)
    refs = (
        Ref(Kind.FOLDER, folder.pk),
        Ref(Kind.ACCOUNT, cast.second.pk),
        Ref(Kind.NUMBER, cast.subscribers[1].pk),
    )
    assert add(cast.sergei, Wanted(refs)) == 3
    assert held(cast.sergei) == ids(cast, 0, 1, 5)


def test_V2_what_is_there_already_is_not_counted_again(cast: Cast) -> None:
    assert add(cast.sergei, numbers(cast.subscribers[0].pk)) == 1
    assert add(cast.sergei, of(Kind.ACCOUNT, cast.first.pk)) == 4
    assert add(cast.sergei, of(Kind.ACCOUNT, cast.first.pk)) == 0
    assert add(cast.sergei, of(Kind.CLIENT, cast.company.pk)) == 1


def test_V2_all_that_fits_a_text_goes_in_and_out(cast: Cast) -> None:
    assert add(cast.sergei, fits("КОВАЛ")) == 1
    assert add(cast.sergei, fits("")) == 5
    assert take_out(cast.sergei, fits("ковал")) == 1
    assert held(cast.sergei) == ids(cast, 0, 2, 3, 4, 5)


def test_V2_numbers_and_nodes_are_taken_out(cast: Cast) -> None:
    add(cast.sergei, of(Kind.CLIENT, cast.company.pk))
    assert take_out(cast.sergei, numbers(*ids(cast, 0, 1))) == 2
    assert take_out(cast.sergei, numbers(*ids(cast, 0))) == 0
    assert take_out(cast.sergei, of(Kind.ACCOUNT, cast.second.pk)) == 1
    assert held(cast.sergei) == ids(cast, 2, 3, 4)
    assert clear(cast.sergei) == 3
    assert held(cast.sergei) == set()


@pytest.mark.parametrize("kind", list(Kind))
def test_V8_foreign_ids_add_nothing_and_take_nothing_out(cast: Cast, kind: Kind) -> None:
    strange = Folder.objects.create(client=cast.stranger, name="Strange")
    Subscriber.objects.filter(pk=cast.stranger_subscriber.pk).update(folder=strange)
    foreign = {
        Kind.CLIENT: cast.stranger.pk,
        Kind.CONTRACT: cast.stranger_account.contract_id,
        Kind.ACCOUNT: cast.stranger_account.pk,
        Kind.FOLDER: strange.pk,
        Kind.NUMBER: cast.stranger_subscriber.pk,
    }[kind]
    add(cast.stas, of(Kind.CLIENT, cast.stranger.pk))
    for seat in (cast.sergei, cast.anna, cast.elena, cast.olga):
        assert add(seat, of(kind, foreign)) == 0
        assert take_out(seat, of(kind, foreign)) == 0
    assert held(cast.stas) == {cast.stranger_subscriber.pk}
    assert SelectedLine.objects.count() == 1


def test_V8_a_seat_adds_only_what_it_reaches(cast: Cast) -> None:
    assert add(cast.anna, of(Kind.ACCOUNT, cast.second.pk)) == 0
    assert add(cast.anna, of(Kind.CLIENT, cast.company.pk)) == 5
    assert add(cast.elena, of(Kind.ACCOUNT, cast.first.pk)) == 0
    assert add(cast.elena, fits("")) == 1


def test_V8_what_a_seat_may_no_longer_see_is_given_out_to_nobody(cast: Cast) -> None:
    add(cast.anna, of(Kind.ACCOUNT, cast.first.pk))
    selection.save(cast.anna, "Mine")
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(account=cast.second)
    assert held(cast.anna) == ids(cast, 1, 2, 3, 4)
    assert summary(cast.anna).count == 4
    assert selection.restore(cast.anna, selection.saved(cast.anna)[0]) == 4


def test_V2_each_seat_of_a_person_has_its_own(cast: Cast) -> None:
    other = Seat.objects.give(cast.anna.person, cast.anna.role, cast.company, accounts=[cast.second.pk])
    add(cast.anna, numbers(cast.subscribers[0].pk))
    assert held(other) == set()
    add(other, numbers(cast.subscribers[5].pk))
    clear(other)
    assert held(cast.anna) == ids(cast, 0)


def test_V2_terminated_numbers_are_not_silently_lost(cast: Cast) -> None:
    add(cast.sergei, of(Kind.ACCOUNT, cast.first.pk))
    Subscriber.objects.filter(pk=cast.subscribers[0].pk).update(status=Subscriber.Status.TERMINATED)
    assert held(cast.sergei) == ids(cast, 0, 1, 2, 3, 4)


def test_V2_the_heading_says_whether_it_is_one_contract_and_one_type(cast: Cast) -> None:
    assert (summary(cast.sergei).count, summary(cast.sergei).nature) == (0, "")
    add(cast.sergei, of(Kind.CLIENT, cast.company.pk))
    found = summary(cast.sergei)
    assert [(of_account.number, count) for of_account, count in found.accounts] == [
        ("00020777001", 5),
        ("00020777002", 1),
    ]
    assert (found.count, found.contracts, found.types) == (6, 1, 1)
    sip = account(cast.company, "00020777003", "sip")
    whole = Seat.objects.give(cast.sergei.person, cast.sergei.role, cast.company)
    subscriber(sip, "sip-1", "SIP", cast.catalog)
    contract = cast.company.contracts.create(number="D-2", signed=cast.first.opened)
    sip.contract = contract
    sip.save()
    add(whole, of(Kind.CLIENT, cast.company.pk))
    assert (summary(whole).contracts, summary(whole).types) == (2, 2)
    assert summary(whole).nature != summary(cast.sergei).nature


def test_V2_a_selection_is_kept_opened_renamed_and_forgotten(cast: Cast) -> None:
    add(cast.sergei, of(Kind.ACCOUNT, cast.first.pk))
    kept = selection.save(cast.sergei, "  Drivers ")
    clear(cast.sergei)
    add(cast.sergei, numbers(cast.subscribers[5].pk))
    assert selection.restore(cast.sergei, kept) == 5
    assert held(cast.sergei) == ids(cast, 0, 1, 2, 3, 4)
    selection.rename(kept, "Couriers")
    assert [one.name for one in selection.saved(cast.sergei)] == ["Couriers"]
    assert selection.saved(cast.anna) == []
    selection.forget(kept)
    assert selection.saved(cast.sergei) == []
    assert held(cast.sergei) == ids(cast, 0, 1, 2, 3, 4)
    written = Entry.objects.filter(client_id=cast.company.pk).order_by("pk").values_list("action", flat=True)
    assert list(written) == ["selection.save", "selection.rename", "selection.forget"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Drivers"])
def test_V2_a_name_that_does_not_do_is_refused_with_a_reason(cast: Cast, name: str) -> None:
    selection.save(cast.sergei, "Drivers")
    with pytest.raises(NameRefused, match=r"\w"):
        selection.save(cast.sergei, name)
    other = selection.save(cast.sergei, "Other")
    with pytest.raises(NameRefused):
        selection.rename(other, name)
    assert {one.name for one in selection.saved(cast.sergei)} == {"Drivers", "Other"}
    assert selection.save(cast.anna, "Drivers").name == "Drivers"


def test_V2_a_seat_keeps_so_many_and_no_more(cast: Cast) -> None:
    for place in range(selection.MOST_SAVED):
        Selection.objects.create(seat=cast.sergei, name=f"{place}")
    add(cast.sergei, numbers(cast.subscribers[0].pk))
    with pytest.raises(NameRefused):
        selection.save(cast.sergei, "One more")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_V2_the_same_added_and_taken_out_by_twenty_at_once_gives_no_error(cast: Cast) -> None:
    wanted = [
        of(Kind.ACCOUNT, cast.first.pk),
        numbers(*sorted(ids(cast, 0, 1, 2, 3, 4), reverse=True)),
        fits(""),
    ]
    errors: list[Exception] = []
    start = threading.Barrier(20)

    def work(place: int) -> None:
        try:
            seat = Seat.objects.get(pk=cast.sergei.pk)
            start.wait()
            add(seat, wanted[place % 3])
            if place % 5 == 0:
                take_out(seat, wanted[1])
                add(seat, wanted[0])
        except Exception as error:  # noqa: BLE001  # handed to the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=[place]) for place in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert Selection.objects.filter(seat=cast.sergei).count() == 1
    assert held(cast.sergei) == ids(cast, 0, 1, 2, 3, 4, 5)
