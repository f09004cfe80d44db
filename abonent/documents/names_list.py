"""Numbers with their present names, in the form in which new ones are read (S15.3)."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.formats.report import Column, Kind, Report, Section
from abonent.lib import clock
from abonent.orders.actions.rename import FIELDS
from abonent.profile import current
from abonent.subscribers.models import SubscriberQuerySet

_CHUNK = 2000


def report(subscribers: SubscriberQuerySet) -> Report:
    """A row per line, by number, read in chunks; the titles are in the language then active."""
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        # Translators: «Фамилия или название»
        Column("last_name", _("Surname or title"), Kind.TEXT, 30),
        # Translators: «Имя»
        Column("first_name", _("First name"), Kind.TEXT, 20),
        # Translators: «Отчество»
        Column("middle_name", _("Patronymic"), Kind.TEXT, 20),
    )
    rows = subscribers.order_by("number", "pk").values_list("number", *FIELDS).iterator(chunk_size=_CHUNK)
    formed = clock.now().astimezone(current().zone)
    return Report("names", _("Names"), get_language() or "en", (), (Section("names", "", columns, rows),), formed)
