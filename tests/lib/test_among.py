"""Many values as one parameter, on both databases."""

import pytest

from abonent.lib.among import among
from abonent.subscribers.models import Subscriber
from tests.cast import Cast

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_it_finds_what_a_list_of_values_finds(cast: Cast) -> None:
    lines = Subscriber.objects.order_by("pk")
    ids = [line.pk for line in cast.subscribers[:3]]
    assert [line.pk for line in lines.filter(pk__in=among(ids))] == ids
    numbers = [line.number for line in cast.subscribers[:2]]
    assert [line.number for line in lines.filter(number__in=among(numbers))] == numbers
    assert not lines.filter(pk__in=among([])).exists()
    assert not lines.filter(number__in=among([])).exists()
    assert lines.exclude(number__in=among([])).count() == lines.count()
    assert lines.filter(number__in=among([])).update(status_reason="told") == 0
    assert not lines.filter(number__in=among(["' OR 1=1 --"])).exists()
    assert lines.filter(pk__in=among(iter(ids))).update(status_reason="told") == 3
