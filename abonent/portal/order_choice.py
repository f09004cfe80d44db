"""What the screen of an order shows: its own fields, and the subscribers to choose from (S15)."""

import uuid
from collections.abc import Container

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from abonent.access.guard import SeatRequest
from abonent.hierarchy import selection
from abonent.orders.actions import ACTIONS
from abonent.orders.selection import offered
from abonent.portal.forms.orders import BY_FILE, BY_LIST, BY_ONE, BY_SELECTION, BY_TYPED, WhomForm, narrowing
from abonent.portal.forms.wanted import Wanted
from abonent.portal.order_about import of_choice
from abonent.portal.ordering import Deed, Screen
from abonent.portal.pages import page_of
from abonent.portal.subscriber_table import filter_context
from abonent.portal.views.subscribers import Row
from abonent.subscribers.models import Subscriber

UNPROCESSABLE = 422
MOST_DIGITS = 18
WAYS = frozenset({BY_FILE, BY_TYPED, BY_SELECTION})
# What a form of this screen, or a page of a list, sends beside the filter of the list.
NO_FILTER = frozenset({"csrfmiddlewaretoken", "pick", "picked", "all", "after", "before", "key", "by", "for", "file"})


def asked_of(request: SeatRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def begun(request: SeatRequest, screen: Screen) -> str:
    """The address of the screen for a list from which lines were picked: with its filter, and what the button says."""
    own = screen.deeds[0].form.base_fields
    return urlencode({**_filter_of(request.POST, own), **_texts(request.GET)})


def _filter_of(sent: QueryDict, own: Container[str]) -> dict[str, str]:
    return {name: value for name, value in _texts(sent).items() if value and name not in NO_FILTER and name not in own}


def _texts(sent: QueryDict) -> dict[str, str]:
    """The last value of each name."""
    return {name: str(value) for name, value in sent.items()}


def line_of(request: SeatRequest) -> Subscriber | None:
    """The one number that the order is for (`for`); Http404 for one that the seat does not see."""
    asked = asked_of(request).get("for", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) <= MOST_DIGITS):
        raise Http404
    known = Subscriber.objects.within(request.seat).select_related("account", "tariff__category", "option_set")
    return get_object_or_404(known, pk=int(asked))


def choice_page(request: SeatRequest, screen: Screen, wanted: Wanted, wrong: WhomForm | None = None) -> HttpResponse:
    """The page; `wrong` is a form that was sent and is not valid, or beside what is not."""
    asked, deed = asked_of(request), screen.deed(wanted.doing)
    by = BY_ONE if wanted.line else asked.get("by", "") if asked.get("by") in WAYS else BY_LIST
    context = {
        "screen": screen,
        "deed": deed,
        "wanted": wanted,
        "by_sim": ACTIONS[deed.action].by_sim,
        "is_chosen": wanted.is_valid(),
        **(of_choice(wanted) if wanted.is_valid() else {}),
        "line": Row.of(wanted.line) if wanted.line else None,
        "only_in": Subscriber.Status(deed.status).label if deed.status else "",
        "deeds": _deeds(screen, wanted),
        "by": by,
        "tabs": _tabs(wanted, by),
        "form": wrong or WhomForm(request, wanted, deed.status),
        "wrong": wrong is not None,
        "key": asked.get("key") or uuid.uuid4(),
        **(_list(request, wanted, deed) if by == BY_LIST and wanted.is_valid() else {}),
        **({"summary": selection.summary(request.seat)} if by == BY_SELECTION else {}),
    }
    return render(request, "orders/new/page.html", context, status=UNPROCESSABLE if wrong else 200)


def _deeds(screen: Screen, wanted: Wanted) -> list[dict[str, object]]:
    """Tabs of the actions, where the form does not ask for the action itself."""
    if len(screen.deeds) == 1 or not wanted["action"].is_hidden:
        return []
    line = {"for": str(wanted.line.pk)} if wanted.line else {}
    return [
        {
            "label": deed.label,
            "url": f"?{urlencode({'action': deed.action, **line})}",
            "current": deed.action == wanted.doing,
        }
        for deed in screen.deeds
    ]


def _tabs(wanted: Wanted, by: str) -> list[dict[str, object]]:
    labels = {
        # Translators: «Выбрать из списка»
        BY_LIST: _("Choose from the list"),
        # Translators: «Загрузить файл»
        BY_FILE: _("Upload a file"),
        # Translators: «Ввести свой список абонентов»
        BY_TYPED: _("Type a list of subscribers"),
        # Translators: «Текущая выборка»
        BY_SELECTION: _("Current selection"),
    }
    return [
        {"label": label, "url": f"?{urlencode([*wanted.kept, ('by', key)])}", "current": by == key}
        for key, label in labels.items()
    ]


def _list(request: SeatRequest, wanted: Wanted, deed: Deed) -> dict[str, object]:
    narrowed = narrowing(asked_of(request), wanted, deed.status)
    found = narrowed.apply(offered(request.seat))
    page = page_of(request, found.select_related("tariff", "account"))
    terminated = Subscriber.Status.TERMINATED
    return {
        "rows": [Row.of(subscriber) for subscriber in page.rows],
        "pager": page.pager,
        "matching": page.matching,
        **filter_context(request.seat, narrowed),
        "kept_filter": dict(narrowed.parameters),
        "narrowed": any(name != "status" for name, _value in narrowed.parameters),
        "statuses": [] if deed.status else [pair for pair in Subscriber.Status.choices if pair[0] != terminated],
    }
