"""Call details (S5, P2, V5): what each subscriber used in a month or from day to day, call by call.

A whole month that has its invoice is read from the very rating that the invoice pins, late records with it, so that
the sums are the invoice's lines.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.documents.call_params import CallParams
from abonent.documents.call_rows import calls_section
from abonent.documents.call_sums import Summary, summary_sections
from abonent.documents.document import Document, Kind, Ordered, Params
from abonent.documents.own_lines import within
from abonent.documents.texts import days
from abonent.formats.report import Fact, Report, Section
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.profile.calendar import Answer, may_order_call_details, may_order_so_many
from abonent.subscribers.models import Subscriber
from abonent.usage import rating


def may_order(account: Account, params: Params) -> Answer:
    """Whether the days lie within the profile's months for this kind of account, and it is not too much for a file."""
    asked = CallParams.read(params)
    sip = account.kind == Account.Kind.SIP
    answer = may_order_call_details(current_profile(), clock.now(), asked.first, asked.last, sip=sip)
    if not answer or asked.whole_month:
        return answer
    if asked.subscribers is None:
        count = Subscriber.objects.as_system().filter(account=account).count()
    else:
        count = len(asked.subscribers)
    return may_order_so_many(current_profile(), count, asked.first, asked.last)


def bound(account: Account, params: Params, seat: Seat) -> Params | Answer:
    """Masked for a role that must not see whom people call; of a narrow seat's own numbers alone (V8)."""
    asked = replace(CallParams.read(params), masked=not seat.has(Right.SEE_PEERS))
    cut = within(account, asked.subscribers, seat)
    return cut if isinstance(cut, Answer) else replace(asked, subscribers=cut).kept()


@contextmanager
def _collect(request: Ordered) -> Iterator[Document]:
    asked = CallParams.read(request.params)
    _rate_what_is_new(asked)
    summary = Summary.of(request.account, asked)
    yield Document(_report(request, asked, summary), summary.rows)


def _rate_what_is_new(asked: CallParams) -> None:
    """Records that came after the last rating are rated now; a late one stands in any month up to the present."""
    month = Month.of(asked.first)
    while month <= Month.at(clock.now(), current_profile().zone):
        if rating.is_stale(month):
            rating.rate(month)
        month = month.plus(1)


def _report(request: Ordered, asked: CallParams, summary: Summary) -> Report:
    zone = current_profile().zone
    formed = clock.now().astimezone(zone)
    sections = _sections(request, asked, summary)
    return Report("call_details", _("Call details"), get_language() or "en", _facts(request, asked), sections, formed)


def _sections(request: Ordered, asked: CallParams, summary: Summary) -> Iterator[Section]:
    """Each is made when its turn comes: only the summary is ever held."""
    yield from summary_sections(summary)
    yield calls_section(request.account, asked, summary)


def _facts(request: Ordered, asked: CallParams) -> tuple[Fact, ...]:
    client = request.account.client
    here = current_profile()
    hidden = (Fact("peers", _("Other side"), _("hidden: the role of who ordered does not see it")),)
    return (
        Fact("client", _("Client"), client.name),
        Fact("tax_id", here.label("tax_id", request.language), client.tax_id),
        Fact("account", _("Account"), request.account.number),
        Fact("period", _("Period"), days(asked.first, asked.last)),
        Fact("direction", _("Direction"), asked.direction_label),
        Fact("amounts", _("Amounts"), _("%(currency)s, without VAT") % {"currency": here.currency}),
        *(hidden if asked.masked else ()),
    )


def describe(request: Ordered) -> str:
    """`Call details: 1–31 October 2026, outgoing, 5 numbers`."""
    asked = CallParams.read(request.params)
    if asked.subscribers is None:
        whose = _("all numbers of the account")
    else:
        count = len(asked.subscribers)
        whose = ngettext("%(count)d number", "%(count)d numbers", count) % {"count": count}
    hidden = [_("the other side is hidden")] if asked.masked else []
    return ", ".join([days(asked.first, asked.last), asked.direction_label, whose, *hidden])


def _file_name(request: Ordered) -> str:
    asked = CallParams.read(request.params)
    month = asked.whole_month
    period = str(month) if month else f"{asked.first.isoformat()}-{asked.last.isoformat()}"
    return f"call-details-{request.account.number}-{period}"


def _subject(request: Ordered) -> str:
    asked = CallParams.read(request.params)
    values = {"period": days(asked.first, asked.last), "number": request.account.number}
    return _("Call details for %(period)s, account %(number)s") % values


KIND = Kind(
    key="call_details",
    # Translators: «Детализация разговоров»
    label=gettext_lazy("Call details"),
    right=Right.SEE_CALLS,
    formats=("pdf", "xlsx", "xml", "html", "txt", "csv"),
    why_not=may_order,
    collect=_collect,
    describe=describe,
    file_name=_file_name,
    subject=_subject,
    bound=bound,
    masks=True,
    by_number=True,
)
