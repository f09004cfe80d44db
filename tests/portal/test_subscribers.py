"""The list and the card of subscribers (S7, S8), as their readers use them."""

import io
from collections.abc import Callable

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import logged_in

# The list, the choices of its filters (accounts, folders, tariffs, services, the month that is billed), the frame.
MOST_QUERIES = 17


@pytest.fixture
def find(cast: Cast) -> Callable[[str], list[str]]:
    client = logged_in(cast.anna)

    def numbers(query: str) -> list[str]:
        rows = client.get(reverse("subscribers") + query).context["rows"]
        return [row.subscriber.number for row in rows]

    return numbers


def rename(line: Subscriber, **names: str) -> None:
    for field, value in names.items():
        setattr(line, field, value)
    line.save()


def test_S7_a_name_is_found_by_any_part_in_any_case_with_or_without_the_dots(
    cast: Cast, find: Callable[[str], list[str]]
) -> None:
    line = cast.subscribers[0]
    rename(line, last_name="Королёв", first_name="Пётр")
    assert find("?q=ролев") == [line.number]
    assert find("?q=КОРОЛЁВ пётр") == [line.number]


def test_S7_a_number_is_found_as_it_is_written_and_a_sim_by_a_part(
    cast: Cast, find: Callable[[str], list[str]]
) -> None:
    line = cast.subscribers[0]
    written = f"+{line.number[:3]} {line.number[3:5]} {line.number[5:8]}-{line.number[8:]}"
    assert find(f"?q={written.replace('+', '%2B')}") == [line.number]
    assert line.number in find(f"?q={line.iccid[-6:]}")


def test_S7_what_looks_like_a_pattern_is_only_text(find: Callable[[str], list[str]]) -> None:
    assert find("?q=%25") == []
    assert find("?q=_") == []


def test_S7_filters_by_status_and_tariff_narrow_the_list(cast: Cast, find: Callable[[str], list[str]]) -> None:
    line = cast.subscribers[0]
    line.status = Subscriber.Status.BLOCKED
    line.save()
    assert find("?status=blocked") == [line.number]
    assert line.number in find(f"?tariff={cast.catalog.tariff.pk}")
    assert find("?tariff=999999") == []
    assert line.number in find("?status=nonsense&tariff=x")


def test_S7_pages_follow_one_another_without_gap_or_repeat(cast: Cast) -> None:
    make_lines(cast, 120)
    client = logged_in(cast.anna)
    seen: list[str] = []
    address = reverse("subscribers")
    while address:
        answer = client.get(address)
        seen += [row.subscriber.number for row in answer.context["rows"]]
        following = answer.context["pager"].next_url
        address = reverse("subscribers") + following if following else ""
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == answer.context["matching"]
    back = client.get(reverse("subscribers") + answer.context["pager"].previous_url)
    assert [row.subscriber.number for row in back.context["rows"]] == seen[-50 - len(answer.context["rows"]) :][:50]


def make_lines(cast: Cast, count: int) -> None:
    lines = [
        Subscriber(account=cast.first, number=f"37544{place:07d}", tariff=cast.catalog.tariff, status="active")
        for place in range(count)
    ]
    for line in lines:
        line.search_key = line.make_search_key()
    Subscriber.objects.bulk_create(lines)


def test_S7_the_number_of_queries_does_not_grow_with_the_list(
    cast: Cast, django_assert_max_num_queries: Callable[..., object]
) -> None:
    make_lines(cast, 60)
    client = logged_in(cast.anna)
    with django_assert_max_num_queries(MOST_QUERIES):  # type: ignore[attr-defined]  # pytest-django's context manager
        client.get(reverse("subscribers"))


def test_S7_the_export_has_the_rows_of_the_filter(cast: Cast) -> None:
    line = cast.subscribers[0]
    rename(line, last_name="=1+1")
    answer = logged_in(cast.anna).get(reverse("subscribers_export") + f"?q={line.number}")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]  # a file response
    cells = [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]
    found = [row for row in cells if line.number in row]
    assert len(found) == 1
    assert "=1+1" in found[0]
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_S8_the_card_shows_what_is_connected_and_what_is_available(cast: Cast) -> None:
    line = cast.subscribers[0]
    answer = logged_in(cast.anna).get(reverse("subscriber", kwargs={"pk": line.pk}))
    assert [service.pk for service in answer.context["available"]] == [cast.catalog.service.pk]
    assert list(answer.context["connected"]) == []
    assert answer.context["may_change"]


def test_S0_4_an_employee_sees_the_own_line_alone(cast: Cast) -> None:
    answer = logged_in(cast.elena).get(reverse("subscribers"))
    assert answer.context["matching"] == 1


@pytest.mark.postgres
@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "after=a%00~1", "before=%00~1", "status=%00", "tariff=%00"])
def test_S7_a_character_that_no_name_has_is_no_error(cast: Cast, query: str) -> None:
    assert logged_in(cast.anna).get(f"{reverse('subscribers')}?{query}").status_code == 200
