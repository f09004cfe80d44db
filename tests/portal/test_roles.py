"""«Роли» (V8) in a browser without scripts: the list, the form, the matrix of who may do what."""

import datetime as dt
import re

import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Person, Role, Seat
from abonent.access.own_roles import Wish, change, make
from abonent.access.rights import CLIENT_RIGHTS, BuiltIn, Right
from abonent.audit.models import Entry
from abonent.clients.models import Folder
from abonent.documents.history import told
from abonent.hierarchy.paths import Paths
from abonent.lib import clock
from abonent.portal.forms.who_may import MENU_FOLDERS, WhoMayForm
from tests.cast import Cast
from tests.conftest import NOON, logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FEW = frozenset({Right.SEE_FINANCE, Right.ORDER_DOCUMENTS})


def text(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address, headers={"accept-language": "en"})
    assert answer.status_code == status
    return answer.content.decode()


def role_manager(cast: Cast, *rights: Right, max_rows: int | None = None) -> Seat:
    """Kolya over the whole client, with the right to make roles and those that are named."""
    role = make(cast.sergei, Wish("Manager", frozenset({Right.MANAGE_ROLES, *rights}), max_rows))
    return Seat.objects.give(cast.kolya.person, role, cast.company)


def sent(**values: object) -> dict[str, object]:
    return {"name": "Accountant", "rights": ["see_finance", "order_documents"], "version": 1} | values


def test_V8_the_list_has_the_built_in_roles_and_the_own_ones_with_their_people(cast: Cast, anna_client: Client) -> None:
    make(cast.anna, Wish("Accountant", FEW, max_rows=20))
    page = text(anna_client, "/roles/")
    assert "Services and information of your own number only" in page
    assert "Operator staff" not in page
    row = page[page.index("Accountant") :]
    assert f"2 of {len(CLIENT_RIGHTS)}" in row
    assert "20 numbers" in row
    places = [page.index(f">{name}</a>") for name in ("Accountant", "Subscriber", "Administrator", "Supervisor")]
    assert places == sorted(places)


def test_V8_people_of_other_clients_are_not_named_at_a_built_in_role(anna_client: Client) -> None:
    role = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    page = text(anna_client, f"/roles/{role.pk}/")
    assert "Anna" in page
    assert "Stas" not in page
    assert "This role is built in" in page
    assert anna_client.get(f"/roles/{role.pk}/change/").status_code == 404
    assert anna_client.post(f"/roles/{role.pk}/deletion/").status_code == 404


def test_V8_a_role_is_made_with_the_form(cast: Cast, anna_client: Client) -> None:
    answer = anna_client.post("/roles/new/", sent(max_rows="20", max_cost="100.50"))
    role = Role.objects.get(own_name="Accountant")
    assert answer.headers["Location"] == f"/roles/{role.pk}/"
    assert (role.client, role.rights, role.max_rows, str(role.max_cost)) == (cast.company, FEW, 20, "100.50")
    entry = Entry.objects.get(action="access.role-make")
    assert entry.beside.actor_label == "Anna"
    page = text(anna_client, f"/roles/{role.pk}/")
    assert "See invoices, payments and costs" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Give the role a name."),
        ({"name": "administrator"}, "This is the name of a built-in role. Choose another one."),
        ({"name": "NOBODY"}, "There is a role of this name already. Choose another one."),
        ({"rights": ["unheard_of"]}, "There is no such right."),
        ({"rights": ["operator_catalog"]}, "There is no such right."),
        ({"max_rows": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"max_rows": "99999999999"}, "Ensure this value is less than or equal to 1000000."),
        ({"max_cost": "abc"}, "Enter a number."),
    ],
)
def test_V8_what_is_wrong_is_said_and_what_was_typed_stays(
    anna_client: Client, wrong: dict[str, object], said: str
) -> None:
    answer = anna_client.post("/roles/new/", sent(max_cost="77.70") | wrong, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    if "max_cost" not in wrong:
        assert 'value="77.70"' in page
    if "rights" not in wrong:
        assert re.search(r'value="see_finance" checked', page)
    assert not Role.objects.filter(own_name="Accountant").exists()


def test_V8_a_right_that_one_lacks_cannot_be_ticked_nor_sent(cast: Cast) -> None:
    browser = logged_in(role_manager(cast, Right.SEE_FINANCE))
    page = text(browser, "/roles/new/")
    assert 'value="terminate" disabled' in page
    assert 'value="see_finance" disabled' not in page
    answer = browser.post("/roles/new/", sent(rights=["terminate"]), headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert "You do not have these rights yourself: Terminate service." in answer.content.decode()


def test_V8_a_copy_begins_with_what_the_copier_has(cast: Cast) -> None:
    browser = logged_in(role_manager(cast, Right.SEE_FINANCE))
    page = text(browser, f"/roles/new/?copy={Role.objects.built_in(BuiltIn.ADMINISTRATOR).pk}")
    assert 'value="Administrator, a copy"' in page
    assert re.findall(r'value="(\w+)" checked', page) == ["see_finance", "manage_roles"]
    foreign = make(cast.stas, Wish("Secret", FEW))
    assert browser.get(f"/roles/new/?copy={foreign.pk}").status_code == 404
    assert browser.get("/roles/new/?copy=x").status_code == 200
    assert browser.get(f"/roles/new/?copy={10**30}").status_code == 200


def test_V8_of_two_who_edit_at_once_the_second_sees_what_it_gives_now(cast: Cast, anna_client: Client) -> None:
    role = make(cast.anna, Wish("Accountant", FEW))
    change(cast.sergei, role, Wish("Bookkeeper", frozenset({Right.SEE_CALLS})), 1)
    answer = anna_client.post(f"/roles/{role.pk}/change/", sent(name="Ledger"), headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody has changed this role since you opened it" in page
    assert "Bookkeeper" in page
    assert 'name="version" value="2"' in page
    assert 'value="Ledger"' in page
    again = anna_client.post(f"/roles/{role.pk}/change/", sent(name="Ledger", version=2))
    assert again.status_code == 302
    role.refresh_from_db()
    assert (role.name, role.rights) == ("Ledger", FEW)


def test_V8_V6_the_history_tells_a_change_of_a_role_in_words(cast: Cast) -> None:
    role = make(cast.anna, Wish("Accountant", FEW))
    change(cast.anna, role, Wish("Accountant", frozenset({Right.SEE_CALLS}), max_rows=5), 1)
    shown = told(Entry.objects.select_related("beside").get(action="access.role-change"))
    assert shown.action == "Role changed"
    assert shown.target == "Role Accountant"
    assert shown.changes == (
        ("approval is needed above so many numbers", "", "5"),
        ("rights", "See invoices, payments and costs, Order documents", "See calls"),
    )


def test_V8_a_right_taken_away_while_the_form_is_open(cast: Cast) -> None:
    seat = role_manager(cast, Right.TERMINATE)
    browser = logged_in(seat)
    role = make(seat, Wish("Cutter", frozenset({Right.TERMINATE})))
    assert browser.get(f"/roles/{role.pk}/change/").status_code == 200
    Role.objects.filter(pk=seat.role_id).update(own_rights=[Right.MANAGE_ROLES])
    for address in (f"/roles/{role.pk}/change/", f"/roles/{role.pk}/deletion/"):
        assert browser.post(address, sent()).headers["Location"] == f"/roles/{role.pk}/"
    page = text(browser, f"/roles/{role.pk}/")
    assert "You cannot change this role. You do not have these rights yourself: Terminate service." in page
    role.refresh_from_db()
    assert role.rights == {Right.TERMINATE}
    Role.objects.filter(pk=seat.role_id).update(own_rights=[])
    assert browser.post("/roles/new/", sent()).status_code == 403


def test_V8_a_held_role_is_not_deleted_and_it_says_by_whom(cast: Cast, anna_client: Client) -> None:
    role = make(cast.anna, Wish("Accountant", FEW))
    seat = Seat.objects.give(cast.kolya.person, role, cast.company, accounts=[cast.first.pk])
    page = text(anna_client, f"/roles/{role.pk}/")
    assert "Kolya" in page
    assert "delete-role" not in page
    anna_client.post(f"/roles/{role.pk}/deletion/")
    assert "these people have it or are invited to it: Kolya." in text(anna_client, f"/roles/{role.pk}/")
    seat.delete()
    assert anna_client.post(f"/roles/{role.pk}/deletion/").headers["Location"] == "/roles/"
    assert anna_client.get(f"/roles/{role.pk}/").status_code == 404
    assert anna_client.post(f"/roles/{role.pk}/deletion/").status_code == 404, "sent twice"


def answered(page: str) -> dict[str, str]:
    """By person, the row of the answer as bare words."""
    rows = re.findall(r'<tr(?: class="out")?>\s*<th scope="row" class="lead">(.*?)</th>(.*?)</tr>', page, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", rest).split()) for name, rest in rows}


def test_V8_who_may_change_a_tariff_in_a_folder_and_why(cast: Cast) -> None:
    minsk = Folder.objects.create(client=cast.company, name="Minsk")
    sales = Folder.objects.create(client=cast.company, name="Sales", parent=minsk)
    line = cast.subscribers[1]
    line.folder = sales
    line.save()
    limited = make(cast.sergei, Wish("Head", frozenset({Right.CHANGE_TARIFFS}), max_rows=20))
    head, over, blocked = (Person.objects.create_person(name) for name in ("Head One", "Head Over", "Head Blocked"))
    give = Seat.objects.give
    one = give(head, limited, cast.company, folders=[minsk.pk])
    one.given_by, one.valid_to = cast.anna.person, NOON + dt.timedelta(days=3)
    one.valid_from = NOON - dt.timedelta(days=3)
    one.save()
    for person, change_to in ((over, {"valid_to": NOON}), (blocked, {"blocked": True})):
        seat = give(person, limited, cast.company, folders=[sales.pk])
        Seat.objects.filter(pk=seat.pk).update(valid_from=NOON - dt.timedelta(days=3), **change_to)
    with clock.stopped(NOON):
        whole = give(cast.sergei.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)
        page = text(logged_in(whole), f"/roles/who-may/?right=change_tariffs&over=folder-{sales.pk}")
    rows = answered(page)
    assert "Over folder “Minsk”, above “Sales”." in rows["Head One"]
    assert "6 Nov 2026 by Anna 12 Nov 2026" in rows["Head One"]
    assert "20 numbers in force" in rows["Head One"]
    assert "Head Over" not in rows
    assert rows["Head Blocked"].endswith("blocked")
    assert "Over folder “Minsk / Sales” with all below." in rows["Head Blocked"]
    assert f"Over account {cast.first.number}. Only a part of what you ask about." in rows["Anna"]
    assert "Kolya" not in rows


def test_V8_who_may_with_a_number_typed(cast: Cast, sergei_client: Client) -> None:
    ask = "/roles/who-may/?right=change_services&number="
    rows = answered(text(sergei_client, f"{ask}%2B{cast.subscribers[0].number}"))
    assert "Over this number." in rows["Elena"]
    assert f"Over account {cast.first.number}." in rows["Anna"]
    for typed in (cast.stranger_subscriber.number, "375290000000", "x'\"<b>"):
        page = text(sergei_client, f"{ask}{typed}", 422)
        assert "There is no such number." in page
        assert "Stas" not in page


def test_V8_a_place_that_one_does_not_see_is_no_place(cast: Cast) -> None:
    """Foreign ids in the question, and what lies outside the asker's own folder or account."""
    minsk = Folder.objects.create(client=cast.company, name="Minsk")
    brest = Folder.objects.create(client=cast.company, name="Brest")
    foreign = Folder.objects.create(client=cast.stranger, name="Foreign")
    administrator = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    head = logged_in(Seat.objects.give(cast.kolya.person, administrator, cast.company, folders=[minsk.pk]))
    accounts = [f"account-{account.pk}" for account in (cast.first, cast.stranger_account)]
    outside = [
        "client",
        f"folder-{brest.pk}",
        f"folder-{foreign.pk}",
        *accounts,
        "folder-",
        "folder-x",
        "x",
        "client-1",
    ]
    for over in outside:
        assert answered(text(head, f"/roles/who-may/?right=change_tariffs&over={over}", 422)) == {}
    assert head.get(f"/roles/who-may/?right=change_tariffs&over=folder-{minsk.pk}").status_code == 200
    anna = logged_in(cast.anna)
    assert "There is no such" in text(anna, f"/roles/who-may/?over=account-{cast.second.pk}", 422)
    assert "There is no such" in text(anna, "/roles/who-may/?over=client", 422)
    assert "There is no such right" in text(anna, "/roles/who-may/?right=operator_catalog", 422)


def test_V8_behind_the_choices_of_places_stands_the_seat(cast: Cast) -> None:
    """Whatever is among the choices: what lies outside the seat is no place."""
    folder = Folder.objects.get(client=cast.company)
    foreign = Folder.objects.create(client=cast.stranger, name="Foreign")
    whole = Seat.objects.give(cast.kolya.person, Role.objects.built_in(BuiltIn.ADMINISTRATOR), cast.company)
    form = WhoMayForm(whole, Paths.of(whole), QueryDict())
    for known, outside in ((cast.first, cast.stranger_account), (folder, foreign)):
        kind = "account" if known == cast.first else "folder"
        assert form._over(f"{kind}-{known.pk}") is not None  # noqa: SLF001  # behind the choices
        assert form._over(f"{kind}-{outside.pk}") is None  # noqa: SLF001  # likewise


def test_V8_a_role_of_people_whose_numbers_one_does_not_see_is_not_changed(cast: Cast) -> None:
    administrator = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    folders = [Folder.objects.get(client=cast.company).pk]
    head = logged_in(Seat.objects.give(cast.kolya.person, administrator, cast.company, folders=folders))
    for line, status in ((cast.subscribers[3], 200), (cast.subscribers[0], 302)):
        role = Role.objects.create(client=cast.company, key=f"of-{line.pk}", own_name=f"Of {line.pk}")
        Seat.objects.give(cast.elena.person, role, cast.company, subscribers=[line.pk])
        assert head.get(f"/roles/{role.pk}/change/").status_code == status


def test_V8_a_head_of_a_part_is_not_told_the_names_of_what_is_above(cast: Cast) -> None:
    top = Folder.objects.create(client=cast.company, name="Topsecret")
    sales = Folder.objects.create(client=cast.company, name="Sales", parent=top)
    administrator = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    Seat.objects.give(cast.elena.person, administrator, cast.company, folders=[top.pk])
    head = logged_in(Seat.objects.give(cast.kolya.person, administrator, cast.company, folders=[sales.pk]))
    page = text(head, f"/roles/who-may/?right=change_tariffs&over=folder-{sales.pk}")
    assert "Over a folder above “Sales”." in answered(page)["Elena"]
    assert "Topsecret" not in page
    assert "Topsecret" not in text(head, "/roles/who-may/?show=folders")


def test_V8_every_folder_with_how_many_may(cast: Cast, sergei_client: Client) -> None:
    minsk = Folder.objects.create(client=cast.company, name="Minsk")
    Folder.objects.create(client=cast.company, name="Sales", parent=minsk)
    Folder.objects.create(client=cast.stranger, name="Foreign")
    Seat.objects.give(cast.kolya.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company, folders=[minsk.pk])
    page = text(sergei_client, "/roles/who-may/?show=folders&right=change_tariffs&q=minsk")
    counts = re.findall(r">(Minsk[^<]*)</a></th><td[^>]*><span class=\"n\">(\d+)</span>", page)
    assert counts == [("Minsk", "1"), ("Minsk / Sales", "1")]
    assert "Foreign" not in text(sergei_client, "/roles/who-may/?show=folders")
    assert "Nothing fits" in text(sergei_client, "/roles/who-may/?show=folders&q=zzz")


def test_V8_with_many_folders_the_menu_has_the_one_that_is_asked_about(cast: Cast, sergei_client: Client) -> None:
    Folder.objects.bulk_create(Folder(client=cast.company, name=f"F{place:04}") for place in range(MENU_FOLDERS + 1))
    asked = Folder.objects.get(name="F0007")
    page = text(sergei_client, f"/roles/who-may/?right=change_tariffs&over=folder-{asked.pk}")
    assert "F0007" in page
    assert "F0008" not in page
    assert "F0299" in text(sergei_client, "/roles/who-may/?show=folders&page=6")


def test_V8_the_table_of_roles_and_rights(cast: Cast, anna_client: Client) -> None:
    make(cast.anna, Wish("Accountant", FEW))
    make(cast.stas, Wish("Foreign role", FEW))
    page = text(anna_client, "/roles/who-may/?show=table")
    assert "Foreign role" not in page
    roles = len(Role.objects.of(cast.company))
    head = re.search(r"Terminate service</th>(.*?)</tr>", page, re.DOTALL)
    assert head is not None
    assert head[1].count("<td>") == roles
    assert head[1].count('aria-label="yes"') == 2


def test_V8_the_pages_cost_few_queries(
    cast: Cast, sergei_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    folder = Folder.objects.create(client=cast.company, name="Minsk")
    supervisor = Role.objects.built_in(BuiltIn.SUPERVISOR)
    for place in range(20):
        make(cast.sergei, Wish(f"Role {place}", FEW))
        Seat.objects.give(Person.objects.create_person(f"P{place}"), supervisor, cast.company, folders=[folder.pk])
    for address, bound in (
        ("/roles/", 12),
        (f"/roles/{supervisor.pk}/", 12),
        (f"/roles/who-may/?right=change_tariffs&over=folder-{folder.pk}", 22),
        ("/roles/who-may/?show=folders", 14),
        ("/roles/who-may/?show=table", 10),
    ):
        with django_assert_max_num_queries(bound):
            assert sergei_client.get(address).status_code == 200
