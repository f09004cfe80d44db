"""Numbers beside themselves, in the form in which new ones are read (S13)."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.formats.report import Column, Kind, Report, Section
from abonent.lib import clock
from abonent.profile import current
from abonent.subscribers.models import SubscriberQuerySet

_CHUNK = 2000


def report(subscribers: SubscriberQuerySet) -> Report:
    """A row per line, by number, read in chunks; the titles are in the language then active."""
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        # Translators: «Новый номер»
        Column("new", _("New number"), Kind.PHONE, 18),
    )
    numbers = subscribers.order_by("number", "pk").values_list("number", "number")
    section = Section("numbers", "", columns, numbers.iterator(chunk_size=_CHUNK))
    formed = clock.now().astimezone(current().zone)
    return Report("new_numbers", _("Change of numbers"), get_language() or "en", (), (section,), formed)
