"""Numbers with their present SIMs, in the form in which new ones are read (S14)."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from abonent.formats.report import Column, Kind, Report, Section
from abonent.lib import clock
from abonent.profile import current
from abonent.subscribers.models import SubscriberQuerySet

_CHUNK = 2000


def report(subscribers: SubscriberQuerySet) -> Report:
    """A row per line that has a SIM, by number, read in chunks; the titles are in the language then active."""
    columns = (
        Column("number", _("Number"), Kind.PHONE, 18),
        # Translators: «Номер SIM-карты»
        Column("iccid", _("SIM card number"), Kind.TEXT, 26),
    )
    lines = subscribers.exclude(iccid="").order_by("number", "pk")
    rows = lines.values_list("number", "iccid").iterator(chunk_size=_CHUNK)
    formed = clock.now().astimezone(current().zone)
    return Report("sims", _("SIM cards"), get_language() or "en", (), (Section("sims", "", columns, rows),), formed)
