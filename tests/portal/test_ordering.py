"""The screens of orders: whoever may, from the list, a file, typed, the current selection, or for one number."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from abonent.access.models import Role, Seat
from abonent.access.rights import CLIENT_RIGHTS, Right
from abonent.audit.models import Entry
from abonent.catalog.models import OptionSet, Rate, Tariff
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.orders.actions import ACTIONS
from abonent.orders.models import Order
from abonent.portal.ordering import SCREENS
from abonent.subscribers.models import Subscriber
from tests.cast import BEGAN, Cast
from tests.conftest import logged_in
from tests.matrix.ordering import WANTED
from tests.orders.world import placed, service, verdicts, work, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]
PENDING, ACTIVE, BLOCKED = Subscriber.Status.PENDING, Subscriber.Status.ACTIVE, Subscriber.Status.BLOCKED
# In which status a line has to be for the screen to do something with it.
BEFORE = {"activation": PENDING, "unblocking": BLOCKED}
AFTER = {"activation": ACTIVE, "termination": Subscriber.Status.TERMINATED, "blocking": BLOCKED, "unblocking": ACTIVE}
ONLY = {**BEFORE, "plans": ACTIVE, "termination": ACTIVE, "blocking": ACTIVE}


@dataclass(frozen=True, slots=True)
class Sold:
    """A second tariff with two sets, five dearer."""

    tariff: Tariff
    small: OptionSet
    large: OptionSet


@pytest.fixture
def sold(cast: Cast) -> Sold:
    old = cast.catalog.tariff
    tariff = Tariff.objects.create(
        code="leader", names={"ru": "Лидер", "en": "Leader"}, category=old.category, kind="mobile", fee=Decimal(15)
    )
    small, large = (
        OptionSet.objects.create(
            code=code, names={"ru": code, "en": code}, tariff=tariff, fee=fee, minutes=300, megabytes=15 * 1024
        )
        for code, fee in (("small", Decimal(5)), ("large", Decimal(9)))
    )
    return Sold(tariff, small, large)


def page(browser: Client, address: str, status: int = 200) -> str:
    response = browser.get(address)
    assert response.status_code == status
    return response.content.decode()


def seat_with(cast: Cast, *rights: Right) -> Seat:
    """Kolya with a role of exactly these rights."""
    Role.objects.filter(pk=cast.kolya.role_id).update(own_rights=[right.value for right in rights])
    cast.kolya.refresh_from_db()
    return cast.kolya


def standing(cast: Cast, slug: str) -> list[Subscriber]:
    """The first two lines, in the status that the screen asks for."""
    lines = cast.subscribers[:2]
    Subscriber.objects.filter(pk__in=[line.pk for line in lines]).update(status=BEFORE.get(slug, ACTIVE))
    return lines


def asked(cast: Cast, slug: str, sold: Sold) -> dict[str, object]:
    """What is chosen on a screen so that it would change something."""
    if slug == "plans":
        return {"action": "change_plan", "plan": sold.tariff.pk, "option_set": sold.small.pk}
    return WANTED[slug](cast)


def address_of(slug: str) -> str:
    return f"/orders/new/{slug}/"


def only_order() -> Order:
    return Order.objects.get()


def test_S16_every_screen_has_a_line_in_the_matrix() -> None:
    assert set(WANTED) == set(SCREENS)


@pytest.mark.parametrize("slug", SCREENS)
def test_V8_a_screen_asks_for_the_right_of_its_action_and_for_no_other(slug: str, cast: Cast) -> None:
    right = ACTIONS[SCREENS[slug].deeds[0].action].right
    without = logged_in(seat_with(cast, *(CLIENT_RIGHTS - {right})))
    assert without.get(address_of(slug)).status_code == 403
    assert without.post(address_of(slug), {"by": "list"}).status_code == 403
    refused = Entry.objects.filter(action="access.refused", result="refused")
    assert refused.count() == 2
    alone = logged_in(seat_with(cast, right, Right.SEE_SUBSCRIBERS))
    assert f'href="{address_of(slug)}"' in page(alone, address_of(slug))


def test_a_screen_that_there_is_not_is_missing(anna_client: Client) -> None:
    assert anna_client.get("/orders/new/nonsense/").status_code == 404


Send = Callable[[Cast, list[Subscriber]], dict[str, object]]


def _from_list(_cast: Cast, lines: list[Subscriber]) -> dict[str, object]:
    return {"by": "list", "pick": lines[0].pk, "picked": str(lines[1].pk)}


def _matching(_cast: Cast, lines: list[Subscriber]) -> dict[str, object]:
    common = lines[0].number[:-1]
    return {"by": "list", "all": "1", "q": common}


def _from_file(_cast: Cast, lines: list[Subscriber]) -> dict[str, object]:
    return {"by": "file", "file": SimpleUploadedFile("a.xlsx", workbook([[line.number] for line in lines]))}


def _typed(_cast: Cast, lines: list[Subscriber]) -> dict[str, object]:
    return {"by": "typed", "typed": "; ".join(f"+{line.number}" for line in lines)}


def _selected(cast: Cast, lines: list[Subscriber]) -> dict[str, object]:
    selection.add(cast.anna, Wanted(tuple(Ref(Kind.NUMBER, line.pk) for line in lines)))
    return {"by": "selection"}


@pytest.mark.parametrize("send", [_from_list, _from_file, _typed, _selected])
@pytest.mark.parametrize("slug", SCREENS)
def test_S15_a_screen_orders_for_the_lines_that_are_named(
    slug: str, send: Send, cast: Cast, sold: Sold, anna_client: Client
) -> None:
    lines = standing(cast, slug)
    wanted = asked(cast, slug, sold)
    sent = {**wanted, **send(cast, lines), "key": str(uuid.uuid4())}
    response = anna_client.post(address_of(slug), sent)
    order = work(only_order())
    assert response.headers["Location"] == f"/orders/{order.pk}/"
    assert [item.subscriber_id for item in order.items.order_by("row")] == [line.pk for line in lines]
    assert [verdict for _row, verdict, _reason in verdicts(order)] == ["fine", "fine"]
    anna_client.post(f"/orders/{order.pk}/confirmation/")
    assert work(order).done == 2
    for line in lines:
        line.refresh_from_db()
        assert line.status == AFTER.get(slug, ACTIVE)


@pytest.mark.parametrize("slug", SCREENS)
def test_S15_a_screen_for_one_number(slug: str, cast: Cast, sold: Sold, anna_client: Client) -> None:
    line = standing(cast, slug)[0]
    wanted = asked(cast, slug, sold)
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    shown = page(anna_client, f"{address_of(slug)}?for={line.pk}&{query}")
    assert f'name="for" value="{line.pk}"' in shown
    assert "Choice of subscribers" not in shown
    anna_client.post(address_of(slug), {**wanted, "by": "one", "for": line.pk, "key": str(uuid.uuid4())})
    assert [item.subscriber_id for item in only_order().items.all()] == [line.pk]
    assert verdicts(only_order())[0][1] == "fine"


@pytest.mark.parametrize("slug", SCREENS)
def test_V8_a_number_of_somebody_else_is_not_there(slug: str, cast: Cast, anna_client: Client) -> None:
    foreign = cast.stranger_subscriber.pk
    for wrong in (foreign, "x", "-1", 10**30, "٣"):
        assert anna_client.get(f"{address_of(slug)}?for={wrong}").status_code == 404
    sent = {**WANTED[slug](cast), "by": "one", "for": foreign}
    assert anna_client.post(address_of(slug), sent).status_code == 404
    assert not Order.objects.exists()


@pytest.mark.parametrize("slug", ONLY)
def test_S15_only_lines_that_it_can_be_done_for_are_offered(
    slug: str, cast: Cast, sold: Sold, anna_client: Client
) -> None:
    others = [status for status in (PENDING, ACTIVE, BLOCKED) if status != ONLY[slug]]
    lines = cast.subscribers[:3]
    for line, status in zip(lines, [ONLY[slug], *others], strict=True):
        Subscriber.objects.filter(pk=line.pk).update(status=status)
    Subscriber.objects.filter(pk__in=[line.pk for line in cast.subscribers[3:5]]).update(status="terminated")
    wanted = asked(cast, slug, sold)
    # A filter by another status does not bring back what is not offered.
    query = "&".join(f"{name}={value}" for name, value in {**wanted, "status": others[0]}.items())
    shown = page(anna_client, f"{address_of(slug)}?{query}")
    assert [f'name="pick" value="{line.pk}"' in shown for line in lines] == [True, False, False]
    anna_client.post(address_of(slug), {**wanted, "by": "list", "all": "1", "status": others[0]})
    assert [item.subscriber_id for item in work(only_order()).items.all()] == [lines[0].pk]


@pytest.mark.parametrize("slug", SCREENS)
def test_a_form_sent_twice_is_one_draft(slug: str, cast: Cast, sold: Sold, anna_client: Client) -> None:
    line = standing(cast, slug)[0]
    sent = {**asked(cast, slug, sold), "by": "list", "pick": line.pk, "key": str(uuid.uuid4())}
    first, second = (anna_client.post(address_of(slug), sent).headers["Location"] for _ in range(2))
    assert first == second
    assert Order.objects.count() == 1


@pytest.mark.parametrize("slug", SCREENS)
def test_S15_what_is_missing_is_said_and_what_was_typed_is_kept(
    slug: str, cast: Cast, sold: Sold, anna_client: Client
) -> None:
    wanted = asked(cast, slug, sold)
    nobody = anna_client.post(address_of(slug), {**wanted, "by": "list"})
    assert nobody.status_code == 422
    assert "Choose at least one subscriber." in nobody.content.decode()
    empty = anna_client.post(address_of(slug), {**wanted, "by": "typed", "typed": " "})
    assert empty.status_code == 422
    assert "There is no number in the list." in empty.content.decode()
    assert not Order.objects.exists()


def test_S15_2_category_then_tariff_then_set(cast: Cast, sold: Sold, anna_client: Client) -> None:
    start = f"{address_of('plans')}?action=change_plan"
    bare = page(anna_client, start)
    assert ("Change of tariff" in bare, "Change of option set" in bare, "Choose above first" in bare) == (True,) * 3
    category = page(anna_client, f"{start}&category={sold.tariff.category_id}")
    assert f'<option value="{sold.tariff.pk}">' in category
    tariff = page(anna_client, f"{start}&plan={sold.tariff.pk}")
    assert f'<option value="{sold.small.pk}">' in tariff
    assert cast.catalog.option_set.names["en"] not in tariff
    whole = page(anna_client, f"{start}&plan={sold.tariff.pk}&option_set={sold.small.pk}")
    assert f'name="pick" value="{cast.subscribers[0].pk}"' in whole
    sent = {"by": "list", "pick": cast.subscribers[0].pk, "plan": sold.tariff.pk}
    foreign_set = anna_client.post(address_of("plans"), {**sent, "option_set": cast.catalog.option_set.pk})
    assert foreign_set.status_code == 422
    missing = anna_client.post(address_of("plans"), sent)
    assert "Choose an option set first." in missing.content.decode()


def test_S15_2_what_is_no_longer_sold_is_not_offered_but_its_sets_are(
    cast: Cast, sold: Sold, anna_client: Client
) -> None:
    Tariff.objects.filter(pk=cast.catalog.tariff.pk).update(on_sale=False)
    plans = address_of("plans")
    category = sold.tariff.category_id
    assert f'<option value="{cast.catalog.tariff.pk}">' not in page(anna_client, f"{plans}?category={category}")
    sets = page(anna_client, f"{plans}?action=change_option_set&category={category}")
    assert f'<option value="{cast.catalog.tariff.pk}">' in sets
    assert f'<option value="{sold.tariff.pk}">' not in sets


def test_S9_the_set_of_one_number_is_chosen_within_its_tariff(cast: Cast, sold: Sold, anna_client: Client) -> None:
    line = cast.subscribers[0]
    Subscriber.objects.filter(pk=line.pk).update(tariff=sold.tariff, option_set=sold.small)
    shown = page(anna_client, f"{address_of('plans')}?action=change_option_set&for={line.pk}")
    assert f'<option value="{sold.large.pk}">' in shown
    sent = {"action": "change_option_set", "option_set": sold.large.pk, "by": "one", "for": line.pk}
    anna_client.post(address_of("plans"), sent)
    assert only_order().params == {"tariff": sold.tariff.pk, "option_set": sold.large.pk}


def test_S15_2_the_draft_shows_both_plans_each_as_what_it_is(cast: Cast, sold: Sold, anna_client: Client) -> None:
    line = cast.subscribers[0]
    params = {"plan": sold.tariff.pk, "option_set": sold.small.pk, "by": "one", "for": line.pk}
    anna_client.post(address_of("plans"), params)
    shown = page(anna_client, f"/orders/{only_order().pk}/")
    present, new = shown.split("New tariff plan", 1)
    assert "Business" in present.split("Present tariff plan", 1)[1]
    assert "Leader" in new
    assert "300 min, 15 GB" in new
    # 15 + 5 against 10 + 5.
    assert 'Difference a month for one, without VAT: <strong><span class="n">5.00</span>' in shown
    receipt = shown.split('class="receipt"')[1].split("</section>")[0]
    assert ("Difference a month for all, with VAT" in receipt, "6.25" in receipt) == (True, True)
    assert "Connecting" not in receipt
    assert f'href="/tariffs/{sold.tariff.pk}/"' in new
    assert "This action cannot be undone" in shown


def test_S15_2_the_draft_for_many_adds_up_by_present_plan(cast: Cast, sold: Sold, anna_client: Client) -> None:
    lines = cast.subscribers[:3]
    Subscriber.objects.filter(pk=lines[2].pk).update(tariff=sold.tariff, option_set=sold.large)
    picks = {"pick": [line.pk for line in lines], "by": "list"}
    anna_client.post(address_of("plans"), {"plan": sold.tariff.pk, "option_set": sold.small.pk, **picks})
    shown = page(anna_client, f"/orders/{only_order().pk}/")
    table = shown.split("By present plan")[1].split("</table>")[0]
    assert table.count("<tr>") == 3
    assert ("Business, 300 minutes" in table, "Leader, large" in table) == (True, True)
    # Two become five dearer each, one four cheaper.
    assert ("10.00" in table, "4.00" in table) == (True, True)


def test_S9_more_about_the_tariff_in_words_and_prices(sold: Sold, anna_client: Client) -> None:
    Rate.objects.create(
        tariff=sold.tariff, traffic="voice", direction="out", price=Decimal("0.0020"), step=1, start=BEGAN
    )
    Rate.objects.create(
        tariff=sold.tariff, traffic="data", direction="out", price=Decimal("0.000010"), step=1024, start=BEGAN
    )
    shown = page(anna_client, f"/tariffs/{sold.tariff.pk}/")
    for words in ("Leader", "300 min, 15 GB", "Outgoing calls", "a minute", "0.12", "a megabyte", "0.01024", "At home"):
        assert words in shown
    assert anna_client.get("/tariffs/999999/").status_code == 404


def test_S10_a_number_is_found_by_its_sim_in_the_list_and_in_a_file(cast: Cast, anna_client: Client) -> None:
    line = standing(cast, "activation")[0]
    shown = page(anna_client, f"{address_of('activation')}?q={line.iccid}")
    assert f'name="pick" value="{line.pk}"' in shown
    file = SimpleUploadedFile("a.xlsx", workbook([[line.iccid], [line.number], [cast.stranger_subscriber.iccid]]))
    anna_client.post(address_of("activation"), {"by": "file", "file": file})
    order = work(only_order())
    assert [(verdict, reason) for _row, verdict, reason in verdicts(order)] == [
        ("fine", ""),
        ("nothing", "duplicate"),
        ("refused", "not_a_number"),
    ]
    assert order.items.get(row=1).number == line.number
    assert "Found by its SIM." in page(anna_client, f"/orders/{order.pk}/")


def test_S15_1_what_a_service_goes_with_is_said_before(cast: Cast, anna_client: Client) -> None:
    offered, beside, needed = cast.catalog.service, service(cast, "other"), service(cast, "base")
    offered.excludes.add(beside)
    offered.requires.add(needed)
    choice = page(anna_client, f"{address_of('services')}?service={offered.pk}")
    sent = {"service": offered.pk, "by": "list", "pick": [line.pk for line in cast.subscribers[:2]]}
    anna_client.post(address_of("services"), sent)
    # Nothing of the order is fine, as what it needs is missing; its page says so beside each row.
    assert ("Cannot stand beside: Service other" in choice, "Needs beside it: Service base" in choice) == (True, True)
    draft = page(anna_client, f"/orders/{only_order().pk}/")
    assert "Service base" in draft
    assert "There is nothing to do for this list" in draft


def test_S15_5_the_charges_so_far_are_one_click_away(cast: Cast, anna_client: Client) -> None:
    lines = cast.subscribers[:2]
    anna_client.post(address_of("termination"), {"by": "list", "pick": [line.pk for line in lines]})
    draft = page(anna_client, f"/orders/{only_order().pk}/")
    link = f"/orders/{only_order().pk}/charges/"
    assert f'href="{link}"' in draft
    assert "within 24 hours" in draft
    charges = page(anna_client, link)
    assert all(line.number[-4:-2] in charges for line in lines)
    # Eight days and a half of thirty, of 15 a month: 4.21 each in round figures, and VAT of 25 %.
    assert "Total" in charges
    assert logged_in(seat_with(cast, Right.TERMINATE)).get(link).status_code == 403


def test_S15_5_termination_asks_for_a_new_proof(cast: Cast) -> None:
    browser = logged_in(cast.anna)
    session = browser.session
    del session["account_authentication_methods"]
    session.save()
    assert browser.get(address_of("termination")).headers["Location"].startswith("/login/again/")
    assert browser.get(address_of("blocking")).status_code == 200


def test_S15_4_where_nobody_can_be_chosen_it_says_why(anna_client: Client) -> None:
    assert "“Blocked” are offered here, and there are none" in page(anna_client, address_of("unblocking"))
    assert "Nothing fits" in page(anna_client, f"{address_of('unblocking')}?q=nobody")


def test_S17_what_can_be_undone_is_not_said_to_be_final(cast: Cast, anna_client: Client) -> None:
    anna_client.post(address_of("blocking"), {"by": "list", "pick": cast.subscribers[0].pk})
    assert "This action cannot be undone" not in page(anna_client, f"/orders/{only_order().pk}/")


def test_S15_1_the_sample_is_a_file_as_the_screen_takes_it(cast: Cast, anna_client: Client) -> None:
    content = b"".join(anna_client.get("/orders/new/services/sample/"))
    rows = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]
    assert rows[1:] == ["375123456781", "375123456782", "375123456783"]
    file = SimpleUploadedFile("sample.xlsx", content)
    anna_client.post(address_of("services"), {"service": cast.catalog.service.pk, "by": "file", "file": file})
    assert [reason for _row, _verdict, reason in verdicts(work(only_order()))] == ["header", *["not_yours"] * 3]


def test_S16_the_menu_has_the_screens_that_a_role_may_use(cast: Cast, anna_client: Client) -> None:
    shown = page(anna_client, "/subscribers/")
    for slug in SCREENS:
        assert f'href="{address_of(slug)}"' in shown
    assert "Operations with a subscriber" in shown
    few = page(logged_in(seat_with(cast, Right.SEE_SUBSCRIBERS, Right.CHANGE_TARIFFS)), "/subscribers/")
    assert [f'href="{address_of(slug)}"' in few for slug in ("plans", "services", "blocking")] == [True, False, False]


def test_V2_the_current_selection_begins_every_order_that_the_role_may(cast: Cast, anna_client: Client) -> None:
    selection.add(cast.anna, Wanted((Ref(Kind.NUMBER, cast.subscribers[0].pk),)))
    shown = page(anna_client, "/numbers/")
    for start in ("plans/?action=change_plan&amp;by=selection", "blocking/?by=selection", "termination/?by=selection"):
        assert f'href="/orders/new/{start}"' in shown


@pytest.mark.parametrize("slug", SCREENS)
def test_a_cancelled_draft_leads_back_to_its_screen(slug: str, cast: Cast, sold: Sold, anna_client: Client) -> None:
    line = standing(cast, slug)[0]
    anna_client.post(address_of(slug), {**asked(cast, slug, sold), "by": "list", "pick": line.pk})
    response = anna_client.post(f"/orders/{only_order().pk}/cancellation/")
    assert response.headers["Location"].startswith(address_of(slug))


def test_a_file_that_cannot_be_read_leads_back_to_what_was_wanted(sold: Sold, anna_client: Client) -> None:
    wrong = {"by": "file", "file": SimpleUploadedFile("a.xlsx", b"nonsense")}
    anna_client.post(address_of("plans"), {"plan": sold.tariff.pk, "option_set": sold.small.pk, **wrong})
    shown = page(anna_client, f"/orders/{work(only_order()).pk}/")
    wanted = f"action=change_plan&amp;plan={sold.tariff.pk}&amp;option_set={sold.small.pk}&amp;by=file"
    assert f"{address_of('plans')}?{wanted}" in shown


def test_S15_2_an_order_of_tariffs_is_read_by_a_role_that_changes_tariffs_alone(cast: Cast, sold: Sold) -> None:
    browser = logged_in(seat_with(cast, Right.SEE_SUBSCRIBERS, Right.CHANGE_TARIFFS))
    sent = {"plan": sold.tariff.pk, "option_set": sold.small.pk, "by": "list", "pick": cast.subscribers[0].pk}
    browser.post(address_of("plans"), sent)
    page(browser, f"/orders/{only_order().pk}/")
    assert browser.post(f"/orders/{only_order().pk}/confirmation/").status_code == 302
    assert work(only_order()).done == 1
    assert placed(cast.anna, [cast.subscribers[1].pk], service=cast.catalog.service.pk).pk
