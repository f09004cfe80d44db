"""The structure as an Excel file, in the form in which it is read: a number and its folder a row (V3)."""

from collections import defaultdict
from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.formats.report import Column, Kind, Report, Row, Section
from abonent.hierarchy.paths import Paths
from abonent.lib import clock
from abonent.profile import current
from abonent.subscribers.models import Subscriber


def report(seat: Seat) -> Report:
    """All folders and numbers that the seat sees; a folder without numbers of its own has a row without a number."""
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        # Translators: «Папка»
        Column("folder", _("Folder"), Kind.TEXT, 60),
    )
    section = Section("structure", "", columns, _rows(seat))
    formed = clock.now().astimezone(current().zone)
    return Report("structure", _("Structure of folders"), get_language() or "en", (), (section,), formed)


def _rows(seat: Seat) -> Iterator[Row]:
    paths = Paths.of(seat)
    served = Subscriber.objects.within(seat).exclude(status=Subscriber.Status.TERMINATED)
    numbers: dict[int | None, list[str]] = defaultdict(list)
    for number, folder in served.order_by("number").values_list("number", "folder_id").iterator(chunk_size=10_000):
        numbers[folder].append(number)
    for folder in paths.in_order:
        path = paths.path(folder)
        inside = numbers.pop(folder, [])
        yield from ((number, path) for number in inside)
        if not inside:
            yield None, path
    for outside in numbers.values():
        yield from ((number, None) for number in outside)
