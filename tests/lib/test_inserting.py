"""Many rows of a model at once, without an object of each."""

import pytest

from abonent.lib import clock
from abonent.lib.inserting import insert_values
from abonent.network.models import NetworkCommand

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("noon")]

NAMES = ("key", "kind", "number", "done")


def test_what_is_not_named_has_its_default() -> None:
    insert_values(NetworkCommand, NAMES, [("a", "block", "1", True), ("b", "block", "2", False)])
    rows = NetworkCommand.objects.order_by("key").values_list("key", "number", "done", "args", "reason", "at")
    assert list(rows) == [("a", "1", True, {}, "", clock.now()), ("b", "2", False, {}, "", clock.now())]


def test_what_is_known_may_be_left_as_it_is() -> None:
    insert_values(NetworkCommand, NAMES, [("a", "block", "1", True)])
    insert_values(NetworkCommand, NAMES, [("a", "block", "9", False), ("b", "block", "2", True)], skip_known=True)
    assert list(NetworkCommand.objects.order_by("key").values_list("key", "number")) == [("a", "1"), ("b", "2")]


def test_a_field_that_is_none_is_an_error_and_nothing_is_written() -> None:
    with pytest.raises(TypeError, match="NetworkCommand has no nummer"):
        insert_values(NetworkCommand, ("key", "nummer", "done"), [("a", "1", True)])
    assert not NetworkCommand.objects.exists()
