"""The pages of a new number and a new SIM: what they show, what they refuse, what becomes of them (S13, S14)."""

import datetime as dt
import io
import re
import uuid
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Role, Seat
from abonent.audit.models import Entry
from abonent.catalog.models import NumberCategory, Tariff
from abonent.lib import clock
from abonent.orders.models import Order
from abonent.portal.renumbering import renumbering_facts
from abonent.subscribers import pool
from abonent.subscribers.models import NumberHolding, PoolNumber, SimCard, Subscriber
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.orders.world import work, workbook
from tests.subscribers.drum import category, fill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]

NUMBER = re.compile(r'type="radio" name="number" value="(\d+)"')
SPARE = ("8937501000000000017", "8937501000000000025", "8937501000000001017")


@pytest.fixture
def gold() -> NumberCategory:
    made = category()
    fill(made, 40)
    return made


@pytest.fixture
def sims(cast: Cast) -> list[SimCard]:
    return [SimCard.objects.create(iccid=iccid, client=cast.company) for iccid in SPARE]


def text(content: bytes) -> str:
    return " ".join(content.decode().split())


def offered(browser: Client, line: Subscriber, of: NumberCategory) -> list[str]:
    """Ask for an offer as a person does; the numbers that the page then shows."""
    there = browser.post(f"/subscribers/{line.pk}/number/offer/", {"category": of.pk})
    assert there.headers["Location"] == f"/subscribers/{line.pk}/number/"
    return NUMBER.findall(browser.get(there.headers["Location"]).content.decode())


def test_S13_from_a_category_to_the_new_number(cast: Cast, gold: NumberCategory, anna_client: Client) -> None:
    line = cast.subscribers[0]
    page = f"/subscribers/{line.pk}/number/"
    first = text(anna_client.get(page).content)
    assert "Category gold" in first
    assert "25.00" in first
    assert "5 more offers can be shown." in first
    assert not PoolNumber.objects.filter(wanted_by=line).exists(), "a page that is read reserves nothing"
    numbers = offered(anna_client, line, gold)
    assert len(numbers) == 6
    shown = text(anna_client.get(page).content)
    assert "4 more offers can be shown." in shown
    assert "Nobody else gets these numbers for 10 more minutes, until 12:10." in shown
    sent = {"number": numbers[0], "key": str(uuid.uuid4())}
    there = anna_client.post(page, sent).headers["Location"]
    assert anna_client.post(page, sent).headers["Location"] == there, "sent twice, one order"
    draft = text(anna_client.get(there).content)
    assert "Change 1 number" in draft
    assert "This action cannot be undone" in draft
    assert "The number is kept for this line until 12:10." in draft
    assert "25.00" in draft
    anna_client.post(f"{there}confirmation/")
    work(Order.objects.get())
    line.refresh_from_db()
    assert line.number == numbers[0]


def test_S13_a_number_that_was_not_offered_to_this_line_cannot_be_typed_into_the_form(
    cast: Cast, gold: NumberCategory, anna_client: Client
) -> None:
    line = cast.subscribers[0]
    theirs = pool.offer(cast.stas, cast.stranger_subscriber, gold)[0].number
    own = offered(anna_client, line, gold)
    free = PoolNumber.objects.free(clock.now()).values_list("number", flat=True)[0]
    for number in (theirs, free, cast.subscribers[1].number, "", "x", "0"):
        response = anna_client.post(f"/subscribers/{line.pk}/number/", {"number": number})
        assert response.status_code == 422
        assert set(NUMBER.findall(response.content.decode())) == set(own)
    assert not Order.objects.exists()
    assert PoolNumber.objects.get(number=theirs).wanted_by == cast.stranger_subscriber


def test_S13_an_offer_that_ran_out_is_not_taken_and_the_page_says_so(
    cast: Cast, gold: NumberCategory, anna_client: Client
) -> None:
    line = cast.subscribers[0]
    number = offered(anna_client, line, gold)[0]
    with clock.stopped(NOON + dt.timedelta(minutes=10)):
        response = anna_client.post(f"/subscribers/{line.pk}/number/", {"number": number})
    assert response.status_code == 422
    assert "is not reserved for you any more" in text(response.content)
    assert not Order.objects.exists()


def test_S13_after_five_offers_the_sixth_is_refused_by_the_server(
    cast: Cast, gold: NumberCategory, anna_client: Client
) -> None:
    line = cast.subscribers[0]
    seen = [offered(anna_client, line, gold) for _ in range(6)]
    assert seen[5] == seen[4]
    shown = text(anna_client.get(f"/subscribers/{line.pk}/number/").content)
    assert "All offers were shown." in shown
    assert "13:00" in shown


def test_S13_another_company_and_another_kind_of_number_are_none(
    cast: Cast, gold: NumberCategory, anna_client: Client, stas_client: Client, elena_client: Client
) -> None:
    line, office = cast.subscribers[0], category("office", kind="fixed")
    fill(office, 3, "37517")
    assert stas_client.get(f"/subscribers/{line.pk}/number/").status_code == 404
    assert stas_client.post(f"/subscribers/{line.pk}/number/offer/", {"category": gold.pk}).status_code == 404
    assert elena_client.get(f"/subscribers/{line.pk}/number/").status_code == 403
    anna_client.post(f"/subscribers/{line.pk}/number/offer/", {"category": office.pk})
    Subscriber.objects.filter(pk=line.pk).update(status="blocked")
    anna_client.post(f"/subscribers/{line.pk}/number/offer/", {"category": gold.pk})
    assert not PoolNumber.objects.filter(wanted_by__isnull=False).exists()
    assert "Only a number that is active can be changed." in text(
        anna_client.get(f"/subscribers/{line.pk}/number/").content
    )


@pytest.mark.usefixtures("sims")
def test_S14_from_the_last_digits_to_the_new_sim(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    page = f"/subscribers/{line.pk}/sim/"
    assert "3 free SIM cards of your company" in text(anna_client.get(page).content)
    sent = {"iccid": "0025", "key": str(uuid.uuid4())}
    there = anna_client.post(page, sent).headers["Location"]
    assert anna_client.post(page, sent).headers["Location"] == there, "sent twice, one order"
    assert "Replace 1 SIM" in text(anna_client.get(there).content)
    anna_client.post(f"{there}confirmation/")
    work(Order.objects.get())
    line.refresh_from_db()
    assert line.iccid == SPARE[1]
    assert "2 free SIM cards" in text(anna_client.get(page).content)


@pytest.mark.usefixtures("sims")
def test_S14_digits_that_fit_several_or_none_are_told_at_the_field(cast: Cast, anna_client: Client) -> None:
    SimCard.objects.create(iccid="8937509000000000001", client=cast.stranger)
    page = f"/subscribers/{cast.subscribers[0].pk}/sim/"
    told = {
        "017": "Several of your SIMs end with these digits.",
        "8937509000000000001": "This is not one of your free SIM cards.",
        cast.subscribers[1].iccid: "This is not one of your free SIM cards.",
        "abc": "This is not one of your free SIM cards.",
        "": "Type the number of the new SIM card.",
    }
    for typed, words in told.items():
        response = anna_client.post(page, {"iccid": typed})
        assert response.status_code == 422
        assert words in text(response.content)
        assert f'value="{typed}"' in text(response.content) or not typed
    assert not Order.objects.exists()


@pytest.mark.usefixtures("sims")
def test_S14_suggestions_are_a_few_of_the_own_free_sims_that_end_so(cast: Cast, anna_client: Client) -> None:
    SimCard.objects.bulk_create(SimCard(iccid=f"89375020000{n:05}", client=cast.company) for n in range(30))
    SimCard.objects.create(iccid="8937509000000001017", client=cast.stranger)
    address = f"/subscribers/{cast.subscribers[0].pk}/sim/suggestions/"
    shown = anna_client.get(address, {"iccid": "1017"}).content.decode()
    assert re.findall(r'name="iccid" value="(\d+)"', shown) == [SPARE[2]]
    assert anna_client.get(address).content.decode().count('name="iccid"') == 8
    for typed in ("%", "_", "9" * 300, "x"):
        assert "None of your free SIM cards" in anna_client.get(address, {"iccid": typed}).content.decode()


def test_S14_where_there_is_none_or_the_operator_does_it_the_page_says_what_to_do(
    cast: Cast, anna_client: Client
) -> None:
    line = cast.subscribers[0]
    page = f"/subscribers/{line.pk}/sim/"
    assert "No free SIM card" in text(anna_client.get(page).content)
    SimCard.objects.create(iccid=SPARE[0], client=cast.company)
    Tariff.objects.update(sim_by_client=False)
    shown = text(anna_client.get(page).content)
    assert "is replaced by the operator" in shown
    assert "Write about this number" in shown
    assert anna_client.post(page, {"iccid": SPARE[0]}).status_code == 422
    assert not Order.objects.exists()


@pytest.mark.usefixtures("sims")
def test_S14_a_file_of_numbers_and_sims_becomes_one_order(cast: Cast, anna_client: Client) -> None:
    first, second = cast.subscribers[:2]
    assert "Your company has 3 free SIM cards." in text(anna_client.get("/orders/sims/").content)
    content = workbook([["Number", "SIM"], [first.number, SPARE[0]], [second.number, second.iccid]])
    sent = {"key": str(uuid.uuid4()), "file": SimpleUploadedFile("sims.xlsx", content)}
    there = anna_client.post("/orders/sims/", sent).headers["Location"]
    work(Order.objects.get())
    draft = text(anna_client.get(there).content)
    assert "Replace 1 SIM" in draft
    assert SPARE[0] in draft
    anna_client.post(f"{there}confirmation/")
    work(Order.objects.get())
    first.refresh_from_db()
    assert first.iccid == SPARE[0]
    wrong = anna_client.post("/orders/sims/", {})
    assert wrong.status_code == 422
    assert "Choose the file with the numbers and SIMs." in text(wrong.content)


def test_S14_the_sample_has_the_numbers_with_their_present_sims(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    sample = anna_client.get("/orders/sims/sample/")
    content = io.BytesIO(b"".join(sample))
    # Not earlier: closing an answer closes the database of this thread too.
    sample.close()
    assert (line.number, line.iccid) in list(openpyxl.load_workbook(content).worksheets[0].values)


def test_the_card_links_only_what_this_role_may_do_with_this_line(cast: Cast) -> None:
    line = Subscriber.objects.select_related("tariff").get(pk=cast.subscribers[0].pk)
    assert all(renumbering_facts(line, cast.anna).values())
    assert not any(renumbering_facts(line, cast.elena).values())
    line.status = Subscriber.Status.PENDING
    facts = renumbering_facts(line, cast.anna)
    assert (facts["number_url"], bool(facts["sim_url"])) == ("", True)


def test_the_pages_ask_the_database_as_often_for_many_as_for_a_few(
    cast: Cast, gold: NumberCategory, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    SimCard.objects.bulk_create(SimCard(iccid=f"89375020000{n:05}", client=cast.company) for n in range(300))
    role = Role.objects.create(client=cast.company, key="sims", own_name="SIMs", own_rights=["change_numbers"])
    browser = logged_in(Seat.objects.give(cast.anna.person, role, cast.company))
    line = cast.subscribers[0]
    pool.offer(cast.anna, line, gold)
    for address in ("number/", "sim/", "sim/suggestions/?iccid=1"):
        with django_assert_max_num_queries(14):
            assert browser.get(f"/subscribers/{line.pk}/{address}").status_code == 200


def test_S13_the_operator_loads_numbers_from_a_file(cast: Cast, gold: NumberCategory, tmp_path: Path) -> None:
    path = tmp_path / "numbers.txt"
    held = cast.subscribers[0].number
    path.write_text(f"+375 44 999-00-01\n\n{held}\n", encoding="utf-8")
    call_command("load-numbers", gold.code, str(path))
    assert PoolNumber.objects.get(number="375449990001").state_at(clock.now()) == PoolNumber.State.FREE
    assert PoolNumber.objects.get(number=held).state_at(clock.now()) == PoolNumber.State.HELD
    assert Entry.objects.filter(action="subscribers.load-numbers").exists()
    path.write_text("375449990002\nnot a number\n", encoding="utf-8")
    with pytest.raises(CommandError, match="in lines: 2"):
        call_command("load-numbers", gold.code, str(path))
    assert not PoolNumber.objects.filter(number="375449990002").exists()
    with pytest.raises(CommandError, match="gold"):
        call_command("load-numbers", "none", str(path))


def test_S14_staff_see_which_sims_are_free_and_remove_no_other(cast: Cast, olga_client: Client) -> None:
    line = cast.subscribers[0]
    used = SimCard.objects.create(iccid=line.iccid, client=cast.company)
    free = SimCard.objects.create(iccid=SPARE[0], client=cast.company)
    shown = text(olga_client.get(reverse("admin:subscribers_simcard_changelist")).content)
    assert re.findall(r'field-state[^>]*">([^<]+)<', shown) == [line.number, "free"]
    for sim, status in ((used, 403), (free, 302)):
        address = reverse("admin:subscribers_simcard_delete", args=[sim.pk])
        assert olga_client.post(address, {"post": "yes"}).status_code == status


def test_S13_staff_who_add_a_number_that_is_held_do_not_give_it_away(
    cast: Cast, gold: NumberCategory, olga_client: Client
) -> None:
    held = NumberHolding.objects.first()
    assert held is not None
    address = reverse("admin:subscribers_poolnumber_add")
    assert cast.olga.pk
    response = olga_client.post(address, {"number": held.number, "category": gold.pk})
    assert response.status_code == 302, address
    assert PoolNumber.objects.get(number=held.number).state_at(clock.now()) == PoolNumber.State.HELD
