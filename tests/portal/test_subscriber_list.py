"""The list of subscribers: its filters, its columns, its order; and the export, which is exactly what is seen (S7)."""

import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse
from openpyxl import load_workbook

from abonent.access.models import Role, Seat
from abonent.access.rights import Right
from abonent.billing import spending
from abonent.clients.models import Folder
from abonent.documents import subscriber_columns
from abonent.subscribers import connecting
from abonent.subscribers.models import Subscriber
from abonent.usage import last_use
from tests.cast import Cast
from tests.conftest import NOON, logged_in
from tests.portal.billed import bill
from tests.portal.test_subscribers import make_lines, rename

pytestmark = [pytest.mark.usefixtures("noon", "english")]

LIST = "subscribers"


def seen(browser: Browser, query: str = "") -> list[str]:
    return [row.subscriber.number for row in browser.get(reverse(LIST) + query).context["rows"]]


def numbers(*lines: Subscriber) -> list[str]:
    return [line.number for line in lines]


def exported(browser: Browser, query: str = "") -> list[list[object]]:
    """The table of the workbook: its head, then its rows."""
    answer = browser.get(reverse("subscribers_export") + query)
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]  # type: ignore[attr-defined]  # a file response
    cells: list[list[object]] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    first = next(at for at, row in enumerate(cells) if row[0] == "Number")
    return [row for row in cells[first:] if row[0] is not None]


def choose(browser: Browser, *keys: str, query: str = "") -> None:
    answer = browser.post(reverse("subscribers_columns") + query, {"column": list(keys)})
    assert answer.headers["Location"] == reverse(LIST) + query


def test_S7_filters_by_service_folder_cost_and_days_of_not_being_used(cast: Cast) -> None:
    anna = logged_in(cast.anna)
    one, two, three, four, five = cast.subscribers[:5]
    connecting.connect(cast.catalog.service, {two.pk: "made"}, NOON)
    bill(cast.first, {one: "120.50", two: "50.00", three: "50.01"})
    last_use.note([(pk, int(NOON.timestamp()) - 86_400 * days) for pk, days in ((one.pk, 1), (two.pk, 40))])
    assert seen(anna, f"?connected={cast.catalog.service.pk}") == numbers(two)
    assert seen(anna, f"?folder={four.folder_id}") == numbers(four, five)
    assert seen(anna, "?over=50") == numbers(one, three)
    assert seen(anna, "?over=120,50") == []
    assert seen(anna, "?unused=30") == numbers(two, three, four, five)
    assert seen(anna, "?unused=41") == numbers(three, four, five)
    assert seen(anna, f"?unused=30&over=49&tariff={cast.catalog.tariff.pk}") == numbers(two, three)


def test_S7_what_most_of_a_list_costs_more_than_is_found_another_way(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = cast.subscribers[:3]
    bill(cast.first, {one: "120", two: "49.99", three: "50.01"})
    anna = logged_in(cast.anna)
    found = seen(anna, "?over=50")
    monkeypatch.setattr(spending, "MANY", 1)
    assert seen(anna, "?over=50") == found == numbers(one, three)
    assert seen(anna, "?over=120") == []


@pytest.mark.parametrize(
    "query", ["over=x", "over=-1", "over=1e9", "over=nan", "unused=-5", "unused=99999", "folder=x"]
)
def test_S7_what_cannot_be_a_filter_is_none(cast: Cast, query: str) -> None:
    bill(cast.first, {cast.subscribers[0]: "1.00"})
    assert len(seen(logged_in(cast.anna), f"?{query}")) == 5


def test_V8_who_may_not_know_costs_or_calls_can_neither_filter_by_them_nor_see_them(cast: Cast) -> None:
    bill(cast.first, dict.fromkeys(cast.subscribers[:5], "120.50"))
    last_use.note([(line.pk, int(NOON.timestamp())) for line in cast.subscribers])
    rights = [Right.SEE_SUBSCRIBERS]
    role = Role.objects.create(client=cast.company, key="clerk", own_name="Clerk", own_rights=rights)
    clerk = logged_in(Seat.objects.give(cast.kolya.person, role, cast.company, accounts=[cast.first.pk]))
    assert len(seen(clerk, "?over=500")) == 5
    assert len(seen(clerk, "?unused=1")) == 5
    choose(clerk, "name", "spent", "last_used")
    body = clerk.get(reverse(LIST)).content.decode()
    assert [head.label for head in clerk.get(reverse(LIST)).context["heads"]] == ["Name"]
    assert "120.50" not in body
    assert "9 Nov 2026" not in body
    assert exported(clerk)[0] == ["Number", "Name"]


def test_V8_a_right_that_was_taken_away_takes_its_column_along(cast: Cast) -> None:
    bill(cast.first, {cast.subscribers[0]: "120.50"})
    anna = logged_in(cast.anna)
    choose(anna, "spent")
    assert "120.50" in anna.get(reverse(LIST)).content.decode()
    cast.anna.role = Role.objects.create(
        client=cast.company, key="clerk", own_name="Clerk", own_rights=[Right.SEE_SUBSCRIBERS]
    )
    cast.anna.save()
    assert "120.50" not in anna.get(reverse(LIST)).content.decode()


def test_V8_a_head_of_department_sees_no_cost_of_days_before_a_number_was_theirs(cast: Cast) -> None:
    bill(cast.first, dict.fromkeys(cast.subscribers[:5], "120.50"))
    pavel = logged_in(cast.pavel)
    choose(pavel, "name", "spent", "folder")
    answer = pavel.get(reverse(LIST))
    assert [head.label for head in answer.context["heads"]] == ["Name", "Folder"]
    assert answer.context["spent_in"] == ""
    assert len(seen(pavel, "?over=500")) == 2


def test_S7_columns_are_kept_for_the_seat_alone_until_others_are_chosen(cast: Cast) -> None:
    anna, sergei = logged_in(cast.anna), logged_in(cast.sergei)
    bill(cast.first, {cast.subscribers[1]: "1234.50"})
    last_use.note([(cast.subscribers[1].pk, int(NOON.timestamp()))])
    choose(anna, "last_used", "spent", "option_set", "nonsense", query="?status=active")
    answer = anna.get(reverse(LIST))
    assert [head.label for head in answer.context["heads"]] == ["Option set", "Cost, October 2026", "Last used"]
    assert re.findall(r">([^<>]*)</td>", answer.context["rows"][0].cells) == ["300 minutes", "–", "never"]
    second = answer.context["rows"][1].cells.split("</td>")
    assert "234.50" in second[1]
    assert "9 Nov 2026" in second[2]
    usual = ["Name", "SIM", "Tariff", "Status", "Account"]
    assert [head.label for head in sergei.get(reverse(LIST)).context["heads"]] == usual
    anna.post(reverse("subscribers_columns"), {"usual": "1"})
    assert [head.label for head in anna.get(reverse(LIST)).context["heads"]] == usual[:4]
    choose(anna)
    assert anna.get(reverse(LIST)).context["heads"] == []


def test_S7_the_export_is_exactly_what_the_page_shows(cast: Cast) -> None:
    anna = logged_in(cast.anna)
    one, two = cast.subscribers[:2]
    bill(cast.first, {one: "1234.50", two: "7.00"})
    last_use.note([(two.pk, int(NOON.timestamp()))])
    choose(anna, *subscriber_columns.COLUMNS)
    query = "?over=5&sort=-name"
    page = anna.get(reverse(LIST) + query).context
    table = exported(anna, query)
    assert table[0] == ["Number", *(head.label for head in page["heads"])]
    assert [row[0] for row in table[1:]] == [row.subscriber.number for row in page["rows"]] == numbers(two, one)
    named = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
    assert [row["Name"] for row in named] == ["Ковалёв", "Ермолаева"]
    assert [Decimal(str(row["Cost, October 2026"])) for row in named] == [Decimal(7), Decimal("1234.5")]
    assert [row["Last used"] for row in named] == [dt.datetime(2026, 11, 9), None]  # noqa: DTZ001  # a day of a workbook


def test_S7_sorted_by_name_pages_follow_one_another_without_gap_or_repeat(cast: Cast) -> None:
    make_lines(cast, 120)
    for place, line in enumerate(Subscriber.objects.filter(number__startswith="37544")):
        # Many of the same name, some with a first name, and what stands between in a key.
        rename(line, last_name=["", "Ivanov", "Petrov~5"][place % 3], first_name=["", "Anna\tB"][place % 2])
    browser, found, address = logged_in(cast.anna), [], "?sort=name"
    while address:
        answer = browser.get(reverse(LIST) + address)
        found += [row.subscriber for row in answer.context["rows"]]
        address, last = answer.context["pager"].next_url, answer
    in_order = Subscriber.objects.filter(account=cast.first).order_by("last_name", "first_name", "pk")
    assert [line.pk for line in found] == list(in_order.values_list("pk", flat=True))
    back = browser.get(reverse(LIST) + last.context["pager"].previous_url)
    assert [row.subscriber.pk for row in back.context["rows"]] == [line.pk for line in found[50:100]]
    assert seen(browser, "?sort=-name") == [line.number for line in found[:-51:-1]]
    assert seen(browser, "?sort=nonsense") == seen(browser)


@pytest.mark.postgres
@pytest.mark.parametrize("query", ["sort=name&after=~1", "sort=name&before=x~1", "sort=-name&after=%00%09%09~9"])
def test_S7_a_key_that_nobody_made_is_no_error(cast: Cast, query: str) -> None:
    assert logged_in(cast.anna).get(f"{reverse(LIST)}?{query}").status_code == 200


def test_S7_what_is_picked_goes_on_with_every_filter(cast: Cast) -> None:
    bill(cast.first, {cast.subscribers[0]: "60.00"})
    body = logged_in(cast.anna).get(reverse(LIST) + "?over=5&unused=3&q=e&sort=name").content.decode()
    for name, value in (("over", "5"), ("unused", "3"), ("q", "e")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in body


def test_S7_of_very_many_folders_the_upper_ones_are_offered(cast: Cast) -> None:
    tops = [Folder.objects.create(client=cast.company, name=f"T{at}") for at in range(150)]
    below = [Folder.objects.create(client=cast.company, name="U", parent=top) for top in tops[:100]]
    deep = [Folder.objects.create(client=cast.company, name="V", parent=one) for one in below]
    offered = dict(logged_in(cast.anna).get(reverse(LIST)).context["folders"])
    assert below[0].pk in offered
    assert deep[0].pk not in offered
    chosen = dict(logged_in(cast.anna).get(f"{reverse(LIST)}?folder={deep[0].pk}").context["folders"])
    assert chosen[deep[0].pk] == "T0 / U / V"
