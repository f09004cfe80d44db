"""Renaming in place, for one number and from a file, as a browser sends it (S11, S15.3, L11)."""

import datetime as dt
import io
import uuid
from collections.abc import Iterable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Seat
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.orders import naming
from abonent.orders.models import NewNames, Order
from abonent.orders.queues import CHECKS
from abonent.subscribers.models import Subscriber
from tests.cast import Cast
from tests.conftest import logged_in
from tests.orders.world import verdicts, work, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "english")]

PAGE = "/orders/rename/"
FIELDS = ("last_name", "first_name", "middle_name")
FRAGMENT = {"HX-Request": "true"}


def sent(
    lines: Iterable[Subscriber], changes: dict[str, str], ok: Iterable[str] = (), **more: object
) -> dict[str, object]:
    """What the form of a page of these lines sends: `changes` by the name of the field, `ok` the ticked ones."""
    shown = list(lines)
    fields = {f"{field}-{line.pk}": getattr(line, field) for line in shown for field in FIELDS}
    was = {f"was-{name}": value for name, value in fields.items()}
    ids = ",".join(str(line.pk) for line in shown)
    return {"shown": ids, "key": str(uuid.uuid4()), **was, **fields, **changes, "ok": list(ok), **more}


def drafts(cast: Cast) -> list[Order]:
    return list(Order.objects.filter(client=cast.company).order_by("pk"))


def test_S15_3_only_what_was_confirmed_changes(cast: Cast, anna_client: Client) -> None:
    first, second = cast.subscribers[:2]
    typed = {f"first_name-{first.pk}": "Анна", f"last_name-{second.pk}": "Бухгалтер", f"middle_name-{first.pk}": "X"}
    form = sent([first, second], typed, ok=[f"first_name-{first.pk}", f"last_name-{second.pk}"], do="continue")
    answer = anna_client.post(PAGE, form)
    order = drafts(cast)[0]
    assert answer["Location"] == reverse("order", args=[order.pk])
    assert order.action == "rename"
    asked = dict(order.items.values_list("subscriber_id", "data"))
    assert asked == {first.pk: {"first_name": "Анна"}, second.pk: {"last_name": "Бухгалтер"}}
    assert "1 changed field was not confirmed" in anna_client.get(answer["Location"]).content.decode()
    assert not NewNames.objects.exists()
    anna_client.post(reverse("order_confirmation", args=[order.pk]))
    work(order)
    assert Subscriber.objects.get(pk=first.pk).name == "Ермолаева Анна"
    assert Subscriber.objects.get(pk=second.pk).name == "Бухгалтер"


def test_S15_3_what_was_confirmed_survives_other_pages_and_a_new_log_in(cast: Cast, anna_client: Client) -> None:
    first, second = cast.subscribers[:2]
    ticked = f"last_name-{first.pk}"
    form = sent([first], {ticked: "Новая"}, ok=[ticked], go="?after=375291110002~2&q=37529")
    assert anna_client.post(PAGE, form)["Location"] == f"{PAGE}?after=375291110002~2&q=37529"
    again = logged_in(cast.anna)
    page = again.get(PAGE).content.decode()
    assert "You have made changes. To save them press" in page
    assert f'value="Новая" data-was="{first.last_name}"' in page
    assert f'name="ok" value="{ticked}" checked' in page
    shown = again.get(f"{PAGE}?only=changed").content.decode()
    assert f"last_name-{first.pk}" in shown
    assert f"last_name-{second.pk}" not in shown
    again.post(PAGE, sent([second], {}, do="continue"))
    assert drafts(cast)[0].items.get().subscriber == first


def test_S15_3_a_field_is_kept_at_once_and_dropped_again(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    name = f"last_name-{line.pk}"
    bar = anna_client.post(PAGE, sent([line], {name: " Новая\0  фамилия "}, ok=[name]), headers=FRAGMENT)
    assert "</span> field ·" in bar.content.decode()
    assert "<html" not in bar.content.decode()
    assert naming.kept(cast.anna) == {line.pk: {"last_name": "Новая фамилия"}}
    bar = anna_client.post(PAGE, sent([line], {name: "Новая"}), headers=FRAGMENT)
    assert "Nothing is confirmed yet" in bar.content.decode()
    assert naming.kept(cast.anna) == {}
    # What is confirmed as it was is no change.
    anna_client.post(PAGE, sent([line], {}, ok=[name]), headers=FRAGMENT)
    assert naming.kept(cast.anna) == {}


def test_S15_3_all_changes_are_dropped_at_once(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    naming.keep(cast.anna, [line.pk], {line.pk: {"last_name": "Новая"}})
    assert anna_client.post(PAGE, {"do": "forget"})["Location"] == PAGE
    assert naming.kept(cast.anna) == {}


def test_S15_3_nothing_confirmed_is_nothing_to_go_on_with(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    answer = anna_client.post(PAGE, sent([line], {f"last_name-{line.pk}": "Новая"}, do="continue"))
    assert answer.status_code == 422
    assert "Nothing is confirmed yet: change a name" in answer.content.decode()
    assert drafts(cast) == []


def test_S15_3_a_form_sent_twice_makes_one_draft(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    name = f"last_name-{line.pk}"
    form = sent([line], {name: "Новая"}, ok=[name], do="continue")
    assert len({anna_client.post(PAGE, form)["Location"] for _ in range(2)}) == 1
    assert len(drafts(cast)) == 1
    anna_client.post(PAGE, form | {name: "Другая"})
    assert len(drafts(cast)) == 2


def test_S15_3_lines_of_others_are_neither_kept_nor_shown(cast: Cast, anna_client: Client) -> None:
    theirs = [cast.stranger_subscriber, cast.subscribers[5]]
    names = {f"last_name-{line.pk}": "Новая" for line in theirs}
    anna_client.post(PAGE, sent(theirs, names, ok=names, do="continue"))
    assert naming.kept(cast.anna) == {}
    assert drafts(cast) == []
    for line in theirs:
        assert anna_client.get(f"{PAGE}?for={line.pk}").status_code == 404
        assert anna_client.post(PAGE, {"for": line.pk, "last_name": "Новая"}).status_code == 404
    # A line that is taken out of the seat's reach waits no more.
    mine = cast.subscribers[0]
    naming.keep(cast.anna, [mine.pk], {mine.pk: {"last_name": "Новая"}})
    Subscriber.objects.filter(pk=mine.pk).update(account=cast.second)
    assert naming.kept(cast.anna) == {}


def test_S15_3_no_more_is_kept_than_a_list_is_for(
    cast: Cast, anna_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming, "MOST", 1)
    lines = cast.subscribers[:2]
    names = {f"last_name-{line.pk}": "Новая" for line in lines}
    answer = anna_client.post(PAGE, sent(lines, names, ok=names, do="continue"))
    assert answer.status_code == 422
    assert "bring them in a file" in answer.content.decode()
    fragment = anna_client.post(PAGE, sent(lines, names, ok=names), headers=FRAGMENT)
    assert "bring them in a file" in fragment.content.decode()
    assert naming.kept(cast.anna) == {}


def test_S15_3_the_list_is_narrowed_to_the_selection_or_to_what_was_picked(cast: Cast, anna_client: Client) -> None:
    first, second = cast.subscribers[:2]
    selection.add(cast.anna, Wanted((Ref(Kind.NUMBER, first.pk),)))
    for query in ("only=selection", "by=selection", f"pick={first.pk},{cast.stranger_subscriber.pk}"):
        page = anna_client.get(f"{PAGE}?{query}").content.decode()
        assert f"last_name-{first.pk}" in page
        assert f"last_name-{second.pk}" not in page
        assert f"last_name-{cast.stranger_subscriber.pk}" not in page
    begun = anna_client.post(PAGE, {"pick": [first.pk], "picked": str(second.pk), "q": "37529", "all": ""})
    assert begun["Location"] == f"{PAGE}?q=37529&pick={first.pk}%2C{second.pk}"


def test_S11_one_number_is_renamed_from_its_card(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    page = anna_client.get(f"{PAGE}?for={line.pk}").content.decode()
    assert f'value="{line.last_name}"' in page
    empty = anna_client.post(PAGE, {"for": line.pk, "last_name": " "})
    assert (empty.status_code, "The new name is empty." in empty.content.decode()) == (422, True)
    same = anna_client.post(PAGE, {"for": line.pk, "last_name": line.last_name})
    assert (same.status_code, "It has this name already." in same.content.decode()) == (422, True)
    long = anna_client.post(PAGE, {"for": line.pk, "first_name": "а" * 61})
    assert (long.status_code, "at most 60 letters" in long.content.decode()) == (422, True)
    anna_client.post(PAGE, {"for": line.pk, "last_name": line.last_name, "first_name": "Анна"})
    order = drafts(cast)[0]
    assert order.items.get().data == {"first_name": "Анна"}
    assert verdicts(order) == [(1, "fine", "")]


def upload(rows: list[list[object]]) -> dict[str, object]:
    return {"by": "file", "file": SimpleUploadedFile("names.xlsx", workbook(rows))}


def test_L11_a_file_brings_numbers_and_names(cast: Cast, anna_client: Client) -> None:
    first, second = cast.subscribers[:2]
    rows: list[list[object]] = [
        ["Number", "Surname", "First name", "Patronymic"],
        [int(first.number), "Петрова", "Анна", None],
        [second.number, second.last_name],
        [cast.stranger_subscriber.number, "Чужой"],
        [second.number, "Дважды"],
        [cast.subscribers[2].number],
    ]
    answer = anna_client.post(PAGE, upload(rows))
    drain([CHECKS])
    order = drafts(cast)[0]
    assert answer["Location"] == reverse("order", args=[order.pk])
    assert verdicts(order) == [
        (1, "nothing", "header"),
        (2, "fine", ""),
        (3, "nothing", "same_name"),
        (4, "refused", "not_yours"),
        (5, "nothing", "duplicate"),
        (6, "refused", "no_name"),
    ]
    assert order.items.get(row=2).data == {"last_name": "Петрова", "first_name": "Анна", "middle_name": ""}
    assert anna_client.post(PAGE, {"by": "file"}).status_code == 422


def test_L11_the_downloaded_list_comes_back_as_it_is(cast: Cast, anna_client: Client) -> None:
    content = b"".join(anna_client.get(f"{PAGE}sample/").streaming_content)  # type: ignore[attr-defined]  # a file
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["Number", "Surname or title", "First name", "Patronymic"]
    assert len(rows) == 6
    anna_client.post(PAGE, {"by": "file", "file": SimpleUploadedFile("names.xlsx", content)})
    drain([CHECKS])
    reasons = [reason for _row, _verdict, reason in verdicts(drafts(cast)[0])]
    assert reasons == ["header", *["same_name"] * 5]


def test_L11_the_page_says_what_is_promised_and_what_is_closed(cast: Cast, anna_client: Client) -> None:
    page = anna_client.get(PAGE).content.decode()
    assert "within 24 hours" in page
    assert "the invoice shows the last name" in page
    assert "last 2 days" not in page
    with clock.stopped(dt.datetime(2026, 11, 28, 21, 0, tzinfo=dt.UTC)):
        closed = logged_in(cast.anna).get(PAGE).content.decode()
    assert "Names cannot be changed on the last 2 days of a month. It is possible from 01.12.2026." in closed


def test_S15_3_a_right_that_was_taken_away_is_asked_for_again(cast: Cast, anna_client: Client) -> None:
    line = cast.subscribers[0]
    naming.keep(cast.anna, [line.pk], {line.pk: {"last_name": "Новая"}})
    Seat.objects.filter(pk=cast.anna.pk).update(role=cast.kolya.role)
    assert anna_client.get(PAGE).status_code == 403
    assert anna_client.post(PAGE, {"do": "continue", "shown": ""}).status_code == 403
    assert drafts(cast) == []


def test_S15_3_the_list_asks_no_more_for_many_rows(
    cast: Cast, anna_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    naming.keep(cast.anna, [line.pk for line in cast.subscribers], {cast.subscribers[0].pk: {"last_name": "Новая"}})
    with django_assert_max_num_queries(13):
        anna_client.get(PAGE)
