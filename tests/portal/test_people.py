"""«Пользователи» as a page: the list, its search and filters, a person, the forms (V8)."""

from collections.abc import Callable

import pytest
from django.test import Client

from abonent.access.models import Role, Seat
from abonent.access.rights import BuiltIn
from abonent.clients.models import Folder
from abonent.portal.forms.people import MOST_TICKED
from tests.access.people import invited, over_accounts, role
from tests.cast import Cast, person
from tests.conftest import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def page(browser: Client, address: str = "/people/") -> str:
    return browser.get(address).content.decode()


def whole(cast: Cast) -> Seat:
    """The say over the whole company."""
    return Seat.objects.give(cast.sergei.person, role(BuiltIn.SUPERVISOR), cast.company)


def colleagues(cast: Cast, count: int) -> None:
    for number in range(count):
        who = person(f"Человек {number:02}", f"3752955500{number:02}", f"p{number}@aist.example")
        Seat.objects.give(who, role(BuiltIn.SUBSCRIBER), cast.company, subscribers=[cast.subscribers[1].pk])


def test_V8_the_list_shows_whom_the_manager_reaches_and_nobody_else(cast: Cast) -> None:
    own, all_of_them = page(logged_in(cast.anna)), page(logged_in(whole(cast)))
    assert [name for name in ("Anna", "Kolya", "Elena", "Sergei", "Stas") if f">{name}</a>" in own] == [
        "Anna",
        "Kolya",
        "Elena",
    ]
    assert ">Sergei</a>" in all_of_them
    assert ">Stas</a>" not in all_of_them


def test_V8_people_are_found_by_name_in_any_case_by_role_and_by_state(cast: Cast) -> None:
    colleagues(cast, 2)
    Seat.objects.filter(pk=cast.kolya.pk).update(blocked=True)
    anna = logged_in(cast.anna)
    assert ">Человек 01</a>" in page(anna, "/people/?q=ЧЕЛОВЕК 01")
    assert ">Человек 00</a>" not in page(anna, "/people/?q=ЧЕЛОВЕК 01")
    administrators = page(anna, f"/people/?role={role(BuiltIn.ADMINISTRATOR).pk}")
    assert (">Anna</a>" in administrators, ">Elena</a>" in administrators) == (True, False)
    blocked = page(anna, "/people/?state=blocked")
    assert (">Kolya</a>" in blocked, ">Elena</a>" in blocked) == (True, False)
    assert ">Kolya</a>" not in page(anna, "/people/?state=active")
    assert "Nobody fits" in page(anna, "/people/?q=zzz")


@pytest.mark.parametrize("query", ["role=x", "role=99999999999999999999", "state=x", "page=-1", "q=%00"])
def test_V8_an_impossible_filter_is_no_filter(anna_client: Client, query: str) -> None:
    assert anna_client.get(f"/people/?{query}").status_code == 200


def test_V8_a_role_of_another_company_filters_nothing_in(cast: Cast) -> None:
    theirs = Role.objects.create(client=cast.stranger, key="t", own_name="Theirs", own_rights=[])
    Seat.objects.give(cast.stas.person, theirs, cast.stranger)
    shown = page(logged_in(whole(cast)), f"/people/?role={theirs.pk}")
    assert "Stas" not in shown
    assert "Theirs" not in shown


def test_V8_the_list_and_a_person_cost_a_fixed_number_of_queries(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    colleagues(cast, 40)
    for _ in range(3):
        Seat.objects.give(cast.kolya.person, role(BuiltIn.ADMINISTRATOR), cast.company, accounts=[cast.first.pk])
    for seat, most in ((cast.anna, 22), (whole(cast), 18)):
        browser = logged_in(seat)
        with django_assert_max_num_queries(most):  # type: ignore[attr-defined]  # pytest-django's context manager
            assert browser.get("/people/").status_code == 200
    browser = logged_in(cast.anna)
    with django_assert_max_num_queries(45):  # type: ignore[attr-defined]  # the same
        browser.get(f"/people/{cast.kolya.person_id}/")


def test_V8_a_person_shows_the_last_log_in_and_who_gave_the_role(cast: Cast) -> None:
    Client().post("/login/password/", {"value": "375291000003", "password": "сорок две синие сосны"})
    Seat.objects.filter(pk=cast.kolya.pk).update(given_by=cast.anna.person)
    shown = page(logged_in(cast.anna), f"/people/{cast.kolya.person_id}/")
    assert "Has not logged in" not in shown
    assert "<dd>Anna</dd>" in shown


def test_V8_folders_are_ticked_or_typed_by_their_path(cast: Cast) -> None:
    top = Folder.objects.create(client=cast.company, name="Sales")
    minsk = Folder.objects.create(client=cast.company, name="Minsk", parent=top)
    browser = logged_in(whole(cast))
    form = {"role": role(BuiltIn.ADMINISTRATOR).pk, "reach": "folders"}
    address = f"/people/{cast.kolya.person_id}/give/"
    assert "Sales / Minsk" in page(browser, address)
    assert browser.post(address, {**form, "folders": [minsk.pk]}).status_code == 302
    Folder.objects.bulk_create(Folder(client=cast.company, name=f"F{number}") for number in range(MOST_TICKED))
    assert browser.post(address, {**form, "folders": "Sales/Brest"}).status_code == 422
    assert browser.post(address, {**form, "folders": "Sales\nSales / Minsk"}).status_code == 302
    given = Seat.objects.filter(person=cast.kolya.person, reach="folders").order_by("pk")
    assert [seat.target_ids for seat in given] == [{minsk.pk}, {top.pk, minsk.pk}]


def test_V8_numbers_are_typed_and_a_wrong_one_is_named(cast: Cast) -> None:
    browser = logged_in(cast.anna)
    form = {"role": role(BuiltIn.SUBSCRIBER).pk, "reach": "subscribers"}
    address = f"/people/{cast.kolya.person_id}/give/"
    foreign = browser.post(address, {**form, "numbers": f"375291110001; {cast.subscribers[5].number}"})
    assert foreign.status_code == 422
    assert cast.subscribers[5].number in foreign.content.decode()
    assert browser.post(address, {**form, "numbers": "+375 29 111-00-01; 375291110002"}).status_code == 302
    seat = Seat.objects.filter(person=cast.kolya.person, reach="subscribers").get()
    assert seat.target_ids == {cast.subscribers[0].pk, cast.subscribers[1].pk}


def test_V8_a_form_with_something_wrong_keeps_what_was_typed(anna_client: Client) -> None:
    answer = anna_client.post("/people/invite/", {"name": "Вера", "to": "nobody@", "reach": "accounts"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'value="Вера"' in shown
    assert 'value="nobody@"' in shown


def test_V8_who_is_invited_stands_beside_the_people(cast: Cast) -> None:
    invited(cast.anna, over_accounts(cast.first.pk))
    browser = logged_in(cast.anna)
    assert "Invitations (1)" in page(browser)
    assert "vera@example.com" in page(browser, "/people/invitations/")
