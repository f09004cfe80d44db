import datetime as dt

import pytest

from abonent.files.models import StoredFile
from abonent.lib import clock
from abonent.orders.models import Order, OrderItem
from abonent.orders.pruning import prune_drafts
from tests.cast import Cast
from tests.orders.world import draft, file_of, placed

pytestmark = pytest.mark.django_db


def test_a_draft_is_kept_for_the_profiles_days_and_then_goes_with_its_file(cast: Cast, noon: dt.datetime) -> None:
    number = cast.subscribers[0].number
    old = draft(cast.anna, file_of(number), service=cast.catalog.service.pk)
    kept = placed(cast.anna, file_of(number), service=cast.catalog.service.pk)
    with clock.stopped(noon + dt.timedelta(days=1)):
        young = draft(cast.anna, file_of(number), service=cast.catalog.service.pk)
    with clock.stopped(noon + dt.timedelta(days=7, seconds=1)):
        prune_drafts()
    assert set(Order.objects.all()) == {kept, young}
    assert set(OrderItem.objects.values_list("order_id", flat=True)) == {kept.pk, young.pk}
    assert not StoredFile.objects.filter(pk=old.file_id or 0).exists()
    assert StoredFile.objects.count() == 2
