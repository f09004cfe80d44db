"""The list of subscribers, as a table (S7)."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.documents.document import Document, Kind, Ordered, Params
from abonent.documents.subscriber_columns import OF_A_DOCUMENT, Shown
from abonent.formats.report import Fact, Report, Row, Section
from abonent.lib import clock
from abonent.profile import current as current_profile
from abonent.profile.calendar import YES, Answer
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

_CHUNK = 1000


def report(subscribers: SubscriberQuerySet, facts: tuple[Fact, ...] = (), shown: Shown = OF_A_DOCUMENT) -> Report:
    """The subscribers of a queryset in its order, read in chunks; texts are in the language then active."""
    rows = subscribers.select_related("tariff", "option_set", "account", "folder")
    section = Section("subscribers", "", shown.heads(), _rows(rows, shown))
    formed = clock.now().astimezone(current_profile().zone)
    return Report("subscriber_list", _("Subscribers"), get_language() or "en", facts, (section,), formed)


def _rows(subscribers: SubscriberQuerySet, shown: Shown) -> Iterator[Row]:
    lines = subscribers.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(lines, _CHUNK)):
        beside = shown.beside(chunk)
        for line in chunk:
            yield (line.number, *(column.value(line, beside) for column in shown.columns))


@contextmanager
def _collect(request: Ordered) -> Iterator[Document]:
    subscribers = Subscriber.objects.as_system().filter(account=request.account)
    facts = (
        Fact("client", _("Client"), request.account.client.name),
        Fact("account", _("Account"), request.account.number),
    )
    yield Document(report(subscribers, facts), subscribers.count())


def _why_not(_account: Account, _params: Params) -> Answer:
    return YES


def _describe(_request: Ordered) -> str:
    return _("List of subscribers")


def _file_name(request: Ordered) -> str:
    return f"subscribers-{request.account.number}"


def _subject(request: Ordered) -> str:
    return _("Subscribers of account %(number)s") % {"number": request.account.number}


KIND = Kind(
    key="subscriber_list",
    label=gettext_lazy("List of subscribers"),
    right=Right.SEE_SUBSCRIBERS,
    formats=("xlsx", "pdf", "xml", "html", "txt", "csv"),
    why_not=_why_not,
    collect=_collect,
    describe=_describe,
    file_name=_file_name,
    subject=_subject,
)
