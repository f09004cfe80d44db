"""«История действий»: everything is in it, it is shown to whom it concerns, and its proof is shown (V6)."""

import ast
import datetime as dt
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from abonent.access.models import Seat
from abonent.audit import guards
from abonent.audit.journal import SYSTEM, Origin, record
from abonent.audit.models import Entry
from abonent.audit.queues import VERIFICATIONS, ask
from abonent.audit.sealing import seal
from abonent.documents.history import told
from abonent.documents.journal_words import ACTIONS
from abonent.documents.kinds import KINDS
from abonent.jobs.worker import drain
from abonent.lib import clock
from tests.cast import Cast
from tests.conftest import logged_in

PACKAGES = Path(__file__).resolve().parents[2] / "abonent"


@pytest.fixture
def boss(cast: Cast) -> Client:
    """Somebody who sees the whole client."""
    seat = cast.sergei
    seat.targets.all().delete()
    Seat.objects.filter(pk=seat.pk).update(reach=Seat.Reach.CLIENT)
    return logged_in(seat)


def page(browser: Client, query: str = "") -> str:
    return browser.get(reverse("history") + query).content.decode()


def told_codes() -> set[str]:
    """Every "package.verb" that the product's code hands to a function that writes to the journal."""
    found = set()
    for path in PACKAGES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and WRITERS.search(ast.unparse(node.func)):
                texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                found |= {text for text in texts if isinstance(text, str) and CODE.match(text)}
    return found


WRITERS = re.compile(r"(record|journal|tell|note)\w*$")
CODE = re.compile(r"^[a-z]+\.[a-z][a-z_-]+$")


def test_V6_every_action_of_the_product_has_a_name_in_words() -> None:
    assert sorted(told_codes() - set(ACTIONS)) == []
    assert "access.login" in told_codes()


def test_V6_who_what_from_where_and_before_and_after_are_shown(cast: Cast, boss: Client) -> None:
    record(
        cast.anna.actor(),
        "access.seat",
        target=("seat", 5, "Kolya"),
        client_id=cast.company.pk,
        before={"name": "old <b>name</b>"},
        after={"name": "new name"},
        origin=Origin(
            "192.0.2.7",
            "Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0",
            "Administrator · Belaya Rus",
        ),
    )
    body = page(boss)
    for words in (
        "Anna",
        "Administrator",
        "192.0.2.7",
        "Firefox on Windows",
        "Role given",
        "Kolya",
        "new name",
        "not sealed yet",
    ):
        assert words in body
    assert "old &lt;b&gt;name" in body
    seal()
    assert "not sealed yet" not in page(boss)


def test_V6_a_log_in_and_a_refusal_are_in_it(boss: Client, kolya_client: Client) -> None:
    assert kolya_client.get(reverse("invoices")).status_code == 403
    body = page(boss, "?kind=refused")
    assert "Page refused: no right" in body
    assert "See invoices, payments and costs" in body
    assert "/finance/invoices/" in body


def test_V6_whoever_sees_an_account_sees_own_actions_and_what_was_done_within(cast: Cast, anna_client: Client) -> None:
    mine = record(cast.anna.actor(), "access.logout", client_id=cast.company.pk)
    inside = record(SYSTEM, "billing.issue", target=("account", cast.first.pk, "inside"), client_id=cast.company.pk)
    record(SYSTEM, "billing.issue", target=("account", cast.second.pk, "outside"), client_id=cast.company.pk)
    record(cast.sergei.actor(), "access.switch", target=("seat", 1, "elsewhere"), client_id=cast.company.pk)
    body = page(anna_client)
    assert "inside" in body
    assert "Logged out" in body
    assert "outside" not in body
    assert "elsewhere" not in body
    assert {mine.client_id, inside.client_id} == {cast.company.pk}


def test_V6_the_filters_narrow_by_person_number_kind_and_period(cast: Cast, boss: Client) -> None:
    line = cast.subscribers[0]
    with clock.stopped(clock.now() - timedelta(days=40)):
        record(cast.anna.actor(), "access.login", client_id=cast.company.pk, after={"name": "forty days ago"})
    record(cast.anna.actor(), "access.login", client_id=cast.company.pk, after={"name": "by Anna"})
    record(cast.sergei.actor(), "orders.confirm", client_id=cast.company.pk, after={"name": "by Sergei"})
    record(SYSTEM, "orders.rows", target=("subscriber", line.pk, "x"), client_id=cast.company.pk, after={"name": "on"})
    today = clock.now().date().isoformat()
    assert "by Sergei" not in page(boss, f"?person={cast.anna.person_id}")
    assert "forty days ago" in page(boss, "?kind=log-in")
    assert "by Sergei" not in page(boss, "?kind=log-in")
    assert "forty days ago" not in page(boss, f"?since={today}")
    found = page(boss, f"?number=%2B{line.number}")
    assert "<td" in found
    assert "by Anna" not in found
    assert "by Anna" not in page(boss, f"?number={cast.stranger_subscriber.number}")
    assert "ends before it begins" in page(boss, "?since=2026-02-02&until=2026-01-01")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "x"])
def test_V6_a_day_that_cannot_be_is_said_at_its_field(boss: Client, day: str) -> None:
    for field in ("since", "until"):
        page = boss.get(reverse("history"), {field: day})
        assert page.status_code == 200
        assert f'id="id_{field}-error"' in page.content.decode()


def test_V6_the_export_has_what_the_page_shows(cast: Cast, boss: Client) -> None:
    record(cast.anna.actor(), "access.login", client_id=cast.company.pk, after={"name": "=1+1"})
    record(cast.sergei.actor(), "access.logout", client_id=cast.company.pk)
    record(SYSTEM, "access.login", client_id=cast.stranger.pk, after={"name": "foreign"})
    seal()
    answer = boss.get(reverse("history_export") + "?kind=log-in")
    sheet = load_workbook(io.BytesIO(b"".join(answer))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = json.dumps(rows, default=str, ensure_ascii=False)
    assert "Logged out" in text
    assert "name: =1+1" in text
    assert "foreign" not in text
    assert Entry.objects.get(client_id=cast.company.pk, sequence=2).hash in text


def test_V6_the_last_check_of_the_chain_is_shown(cast: Cast, boss: Client) -> None:
    entry = record(cast.anna.actor(), "access.login", client_id=cast.company.pk)
    assert boss.post(reverse("history_check")).status_code == 302
    assert "being checked" in page(boss)
    drain([VERIFICATIONS])
    assert "nothing altered, removed or moved" in boss.get(reverse("history_proof")).content.decode()
    with guards.lifted(connection):
        Entry.objects.filter(pk=entry.pk).update(action="access.logout")
    ask(cast.company.pk)
    drain([VERIFICATIONS])
    body = page(boss)
    assert "is not what was sealed" in body
    assert "Action No. 1 was altered." in body


def test_a_check_that_runs_is_not_asked_for_twice(cast: Cast) -> None:
    assert ask(cast.company.pk) == ask(cast.company.pk)


def test_V6_a_page_of_the_history_takes_few_queries(
    cast: Cast, boss: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(120):
        record(cast.anna.actor(), "access.login", client_id=cast.company.pk, after={"name": str(number)})
    first = page(boss)
    assert first.count("<tr>") == 51
    under = Entry.objects.filter(client_id=cast.company.pk).order_by("-at", "-id")[49].pk
    with django_assert_max_num_queries(10):
        second = page(boss, f"?under={under}")
    assert 'rel="prev"' in second
    assert second.count("<tr>") == 51


@pytest.mark.usefixtures("english")
def test_V6_values_are_read_in_words_and_the_device_as_a_name(cast: Cast) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    record(
        cast.sergei.person.actor(),
        "access.login",
        client_id=cast.company.pk,
        after={
            "method": "password",
            "kind": "call_details",
            "received": dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC),
            "topic": "9999-99-99",
        },
        origin=Origin("10.1.1.1", agent, ""),
    )
    shown = told(Entry.objects.get(action="access.login"))
    assert (shown.device_name, shown.device) == ("Chrome on Linux", agent)
    assert ("method", "", "password") in shown.changes
    assert ("kind", "", str(KINDS["call_details"].label)) in shown.changes
    assert ("received", "", "11/16/2026 11 a.m.") in shown.changes
    assert ("topic", "", "9999-99-99") in shown.changes
