"""«Управление иерархией» as a page (V3)."""

import html
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.audit.models import Entry
from abonent.billing import folder_report
from abonent.billing.folder_costs import Cost, FolderCosts
from abonent.clients.models import Folder
from abonent.hierarchy import folders
from abonent.hierarchy.importing import IMPORTS
from abonent.hierarchy.models import StructureImport
from abonent.jobs.worker import drain
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.hierarchy.world import folder_of, keeper, put, tree, whole
from tests.orders.world import workbook


@pytest.fixture
def seat(cast: Cast) -> Seat:
    return whole(cast)


@pytest.fixture
def browser(seat: Seat) -> Client:
    return logged_in(seat)


def text(response: object) -> str:
    content = response.content.decode()  # type: ignore[attr-defined]  # an answer of the test client
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", content)))


def test_V3_a_folder_is_made_inside_the_marked_one(seat: Seat, browser: Client) -> None:
    minsk = tree(seat, "Minsk")["Minsk"]
    node = f"folder:{minsk.pk}"
    asked = browser.get(reverse("folders"), {"do": "create", "nodes": node})
    assert "In “Minsk”." in text(asked)
    done = browser.post(reverse("folder_creation"), {"name": "Sales", "nodes": node, "open": ""})
    assert done.status_code == 302
    assert Folder.objects.get(name="Sales").parent_id == minsk.pk
    # What it was made in is shown open.
    assert "Sales" in text(browser.get(done.headers["Location"]))
    assert Entry.objects.filter(action="hierarchy.create").latest("pk").beside.address


def test_V3_what_was_typed_stays_where_it_is_refused(seat: Seat, browser: Client) -> None:
    tree(seat, "Minsk")
    refused = browser.post(reverse("folder_creation"), {"name": "minsk"})
    assert refused.status_code == 422
    assert 'value="minsk"' in refused.content.decode()
    assert "There is a folder “Minsk” here already." in text(refused)
    assert browser.post(reverse("folder_creation"), {"name": " "}).status_code == 422


def test_V3_renaming_asks_for_one_marked_folder(seat: Seat, browser: Client) -> None:
    made = tree(seat, "Minsk", "Brest")
    nodes = ",".join(f"folder:{folder.pk}" for folder in made.values())
    assert "Mark one folder first." in text(browser.get(reverse("folders"), {"do": "rename", "nodes": nodes}))
    one = made["Minsk"].pk
    assert (
        'value="Minsk"' in browser.get(reverse("folders"), {"do": "rename", "nodes": f"folder:{one}"}).content.decode()
    )
    browser.post(reverse("folder_name", args=[one]), {"name": "Minsk city"})
    assert Folder.objects.get(pk=one).name == "Minsk city"
    assert browser.post(reverse("folder_name", args=[one]), {"name": "Brest"}).status_code == 422


def test_V3_deleting_says_the_counts_before(cast: Cast, seat: Seat, browser: Client) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Sales/South")
    sales = made["Minsk/Sales"].pk
    for line in cast.subscribers[:3]:
        put(line, made["Minsk/Sales"])
    asked = text(browser.get(reverse("folders"), {"do": "delete", "nodes": f"folder:{sales}"}))
    assert "3 numbers and 1 folder in it go to “Minsk”." in asked
    assert not Folder.objects.filter(pk=sales, deleted__isnull=False).exists()
    browser.post(reverse("folder_deletion", args=[sales]))
    assert {folder_of(line) for line in cast.subscribers[:3]} == {made["Minsk"].pk}
    assert browser.post(reverse("folder_deletion", args=[sales])).status_code == 404


def test_V3_why_a_folder_cannot_be_deleted_is_said(cast: Cast, seat: Seat, browser: Client) -> None:
    made = tree(seat, "Minsk")
    keeper(cast, made["Minsk"])
    asked = text(browser.get(reverse("folders"), {"do": "delete", "nodes": f"folder:{made['Minsk'].pk}"}))
    assert "The role of 1 person is bound to this folder." in asked
    assert "folder-dialog" not in asked


def test_V3_numbers_and_folders_are_dropped_on_a_folder_all_or_nothing(cast: Cast, seat: Seat, browser: Client) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales", "Brest")
    line = cast.subscribers[2]
    onto = f"folder:{made['Brest'].pk}"
    both = f"folder:{made['Minsk/Sales'].pk},number:{line.pk}"
    done = browser.post(reverse("folder_moving"), {"nodes": both, "onto": onto}, follow=True)
    assert "1 folder moved, 1 number moved" in text(done)
    assert folder_of(line) == made["Brest"].pk
    # A folder into itself: the number that was dragged along stays too.
    back = f"number:{line.pk},folder:{made['Minsk'].pk}"
    inside = folders.create(seat, "Deep", made["Minsk"].pk)
    done = browser.post(reverse("folder_moving"), {"nodes": back, "onto": f"folder:{inside.pk}"}, follow=True)
    assert "A folder cannot be moved into itself" in text(done)
    assert folder_of(line) == made["Brest"].pk
    account = f"account:{cast.first.pk}"
    browser.post(reverse("folder_moving"), {"nodes": account, "onto": onto})
    assert set(Subscriber.objects.filter(account=cast.first).values_list("folder", flat=True)) == {made["Brest"].pk}
    client = f"client:{cast.company.pk}"
    browser.post(reverse("folder_moving"), {"nodes": account, "onto": client})
    assert set(Subscriber.objects.filter(account=cast.first).values_list("folder", flat=True)) == {None}


def test_V3_by_keyboard_the_path_of_the_folder_is_typed(cast: Cast, seat: Seat, browser: Client) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales")
    node = f"number:{cast.subscribers[2].pk}"
    asked = browser.get(reverse("folders"), {"do": "move", "nodes": node})
    assert 'value="Minsk / Sales"' in asked.content.decode()
    wrong = browser.post(reverse("folder_moving"), {"nodes": node, "path": "Minsk / Nowhere"})
    assert wrong.status_code == 422
    assert "There is no folder with this path." in text(wrong)
    browser.post(reverse("folder_moving"), {"nodes": node, "path": "minsk/sales"})
    assert folder_of(cast.subscribers[2]) == made["Minsk/Sales"].pk


def test_V8_ids_of_others_in_a_form_do_nothing(cast: Cast, seat: Seat) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales", "Brest")
    put(cast.subscribers[0], made["Minsk/Sales"])
    put(cast.subscribers[1], made["Brest"])
    bound = logged_in(keeper(cast, made["Minsk"]))
    brest, sales = f"folder:{made['Brest'].pk}", f"folder:{made['Minsk/Sales'].pk}"
    both = ",".join(f"number:{line.pk}" for line in cast.subscribers)
    bound.post(reverse("folder_moving"), {"nodes": both, "onto": brest})
    assert folder_of(cast.subscribers[0]) == made["Minsk/Sales"].pk
    bound.post(reverse("folder_moving"), {"nodes": both, "onto": sales})
    assert folder_of(cast.subscribers[1]) == made["Brest"].pk
    bound.post(reverse("folder_moving"), {"nodes": brest, "onto": sales})
    assert Folder.objects.get(pk=made["Brest"].pk).parent_id is None
    assert bound.post(reverse("folder_name", args=[made["Brest"].pk]), {"name": "x"}).status_code == 404
    page = text(bound.get(reverse("folders"), {"open": f"{brest},{sales}", "do": "move", "nodes": both}))
    assert "Brest" not in page
    assert cast.subscribers[1].number not in page.replace(" ", "").replace("\xa0", "")
    stranger = logged_in(cast.stas)
    stranger.post(reverse("folder_moving"), {"nodes": both, "onto": sales})
    assert stranger.get(reverse("folders"), {"do": "rename", "nodes": sales}).status_code == 404
    assert folder_of(cast.subscribers[1]) == made["Brest"].pk


def test_V8_a_right_taken_away_while_the_page_is_open_ends_it(cast: Cast) -> None:
    given = Role.objects.create(
        client=cast.company, key="k", own_name="K", own_rights=[Right.CHANGE_FOLDERS, Right.SEE_SUBSCRIBERS]
    )
    seat = Seat.objects.give(cast.kolya.person, given, cast.company)
    browser = logged_in(seat)
    assert browser.get(reverse("folders")).status_code == 200
    assert "Costs of last month" not in text(browser.get(reverse("folders")))
    assert browser.get(reverse("folders_costs")).status_code == 403
    Role.objects.filter(pk=given.pk).update(own_rights=[Right.CHANGE_FOLDERS])
    for name in ("folders", "folders_export", "structure_upload"):
        assert browser.get(reverse(name)).status_code == 403
    Role.objects.filter(pk=given.pk).update(own_rights=[Right.SEE_SUBSCRIBERS])
    assert browser.post(reverse("folder_creation"), {"name": "x"}).status_code == 403
    assert not Folder.objects.filter(name="x").exists()


def test_V3_a_structure_is_uploaded_looked_at_and_applied(cast: Cast, browser: Client) -> None:
    content = workbook([["Number", "Folder"], [cast.subscribers[3].number, "Minsk/Sales"], ["12", "Minsk"]])
    sent = browser.post(reverse("structure_upload"), {"file": SimpleUploadedFile("folders.xlsx", content)})
    page = sent.headers["Location"]
    assert "Checking the list" in text(browser.get(page))
    drain([IMPORTS])
    seen = text(browser.get(page))
    assert "1 number will move, 2 folders will be made" in seen
    assert "1 row is refused" in seen
    assert "This is not a number: 12 digits are needed" in seen
    assert "375" not in text(browser.get(page, {"only": "refused"})).split("Rows of the structure")[1]
    structure = StructureImport.objects.get()
    # The world changes meanwhile: nothing is done, and it is checked again.
    Subscriber.objects.filter(pk=cast.subscribers[3].pk).update(account=cast.stranger_account)
    apply = reverse("structure_application", args=[structure.pk])
    assert "have changed since the check" in text(browser.post(apply, follow=True))
    assert not Folder.objects.filter(name="Minsk").exists()
    Subscriber.objects.filter(pk=cast.subscribers[3].pk).update(account=cast.first)
    drain([IMPORTS])
    browser.post(apply)
    browser.post(apply)
    assert Folder.objects.get(pk=folder_of(cast.subscribers[3]) or 0).name == "Sales"
    assert Folder.objects.filter(name="Minsk").count() == 1
    assert "This structure is applied." in text(browser.get(page))


def test_V3_a_file_that_is_none_is_answered_with_what_to_do(browser: Client) -> None:
    sent = browser.post(reverse("structure_upload"), {"file": SimpleUploadedFile("a.xlsx", b"nothing")}, follow=True)
    drain([IMPORTS])
    assert "This is not an Excel file." in text(browser.get(sent.redirect_chain[-1][0]))


def test_V3_the_page_asks_the_database_little_with_many_folders(
    seat: Seat, browser: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    tops = [folders.create(seat, f"Top {n}", None) for n in range(3)]
    Folder.objects.bulk_create(Folder(client=seat.client, parent=top, name=f"{n}") for top in tops for n in range(400))
    with django_assert_max_num_queries(40):
        browser.get(reverse("folders"), {"open": f"folder:{tops[0].pk}"})


@pytest.mark.usefixtures("english")
def test_V3_costs_are_shown_by_folder_with_all_below(cast: Cast, seat: Seat) -> None:
    made = tree(seat, "Minsk", "Minsk/Sales", "Minsk/Old", "Brest")
    folders.delete(seat, made["Minsk/Old"].pk)
    one = Cost(Decimal(1), Decimal("0.20"), Decimal("1.20"))
    keys = [made[path].pk for path in ("Minsk", "Minsk/Sales", "Minsk/Old")]
    costs = FolderCosts(Month(2026, 10), {**dict.fromkeys(keys, one), None: one})
    shown = [(row.label, row.depth, str(row.whole.gross)) for row in folder_report.rows(seat, costs)]
    assert shown == [("Minsk", 0, "3.60"), ("Sales", 1, "1.20"), ("Old", 1, "1.20"), ("In no folder", 0, "1.20")]
    bound = keeper(cast, made["Minsk/Sales"])
    shown = [(row.label, row.depth, str(row.whole.gross)) for row in folder_report.rows(bound, costs)]
    assert shown[0] == ("Sales", 0, "1.20")
    assert [label for label, *_rest in shown[1:]] == ["In no folder", "In folders that you do not see"]
    assert sum((row.whole.gross for row in folder_report.rows(bound, costs)), Decimal()) == costs.total.gross


def test_V3_without_invoices_the_costs_say_so(browser: Client) -> None:
    assert "The invoices of last month are not formed yet." in text(browser.get(reverse("folders_costs")))
