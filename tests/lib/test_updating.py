import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from abonent.lib.updating import update_each
from abonent.subscribers.models import Subscriber
from tests.cast import Cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_each_row_gets_its_own_values_and_no_other_changes(cast: Cast) -> None:
    first, second, third = cast.subscribers[:3]
    with CaptureQueriesContext(connection) as asked:
        update_each(Subscriber, ["last_name", "first_name"], {first.pk: ("Сокол", "Анна"), second.pk: ("O'Neil", "%s")})
    lines = Subscriber.objects.in_bulk([first.pk, second.pk, third.pk])
    assert (lines[first.pk].last_name, lines[first.pk].first_name) == ("Сокол", "Анна")
    assert (lines[second.pk].last_name, lines[second.pk].first_name) == ("O'Neil", "%s")
    assert (lines[third.pk].last_name, lines[first.pk].status) == (third.last_name, first.status)
    assert sum("UPDATE" in query["sql"] for query in asked) == 1


def test_nothing_to_write_asks_nothing(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as asked:
        update_each(Subscriber, ["last_name"], {})
    assert (len(asked), cast.company.pk > 0) == (0, True)
