"""A letter or a text message about what happened, in its reader's language."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.bounds import DAY, Limit
from abonent.access.models import Person
from abonent.lib import clock
from abonent.notices.models import Notice
from abonent.notices.words import text_of
from abonent.outbox import posting
from abonent.profile import current

PURPOSE = "notice"
# Of more than that a letter names these, and the page the rest.
NAMED = 20


def send_letter(person: Person, address: str, notices: Sequence[Notice]) -> None:
    """One letter about all of them, of one client, in the caller's transaction."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        posting.post(
            address,
            _subject(notices),
            "\n".join(_lines(notices)) + "\n",
            purpose=PURPOSE,
            language=translation.get_language() or "",
            client_id=notices[0].seat.client_id,
        )


def send_text(person: Person, number: str, notices: Sequence[Notice]) -> None:
    """One message about all of them, by day, and no more in a day than the profile says."""
    if not Limit("notice by SMS", str(person.pk), current().notices.texts_per_day, DAY).take():
        return
    with translation.override(person.language or settings.LANGUAGE_CODE):
        words = text_of(notices[0])
        if len(notices) > 1:
            more = len(notices) - 1
            words += ". " + ngettext("And %(count)d more notice.", "And %(count)d more notices.", more) % {
                "count": more
            }
        posting.text(number, words, purpose=PURPOSE, not_before=by_day(clock.now()))


def by_day(moment: dt.datetime) -> dt.datetime:
    """When a message may wake nobody: at once, or in the morning."""
    here = current()
    local = moment.astimezone(here.zone)
    if here.notices.texts_from_hour <= local.hour < here.notices.texts_to_hour:
        return moment
    day = local.date() + dt.timedelta(days=int(local.hour >= here.notices.texts_to_hour))
    return dt.datetime.combine(day, dt.time(here.notices.texts_from_hour), here.zone).astimezone(dt.UTC)


def _subject(notices: Sequence[Notice]) -> str:
    if len(notices) == 1:
        return text_of(notices[0])[:200]
    return ngettext("%(count)d notice", "%(count)d notices", len(notices)) % {"count": len(notices)}


def _lines(notices: Sequence[Notice]) -> Iterator[str]:
    client = notices[0].seat.client
    yield client.name if client else ""
    for notice in notices[:NAMED]:
        yield ""
        yield text_of(notice)
        yield settings.SITE_URL + reverse(settings.NOTICE_URL, args=[notice.pk])
    if len(notices) > NAMED:
        more = len(notices) - NAMED
        yield ""
        yield ngettext("And %(count)d more notice.", "And %(count)d more notices.", more) % {"count": more}
    yield ""
    yield _("You chose to be told of this. Change it here:")
    yield settings.SITE_URL + reverse(settings.NOTICE_CHOICES_URL)
