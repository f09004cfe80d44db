"""The list in which names are changed in place: its rows, and what waits to be gone on with (S15.3)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from abonent.access.guard import SeatRequest
from abonent.access.models import Seat
from abonent.catalog.offers import tariffs_for
from abonent.hierarchy import selection
from abonent.lib import clock
from abonent.orders import naming
from abonent.orders.actions.rename import FIELDS, LONGEST, Rename
from abonent.orders.selection import offered
from abonent.portal.filters import SubscriberFilter
from abonent.portal.forms.naming import LABELS, NamesFileForm, OneNameForm
from abonent.portal.forms.planning import closed_words
from abonent.portal.pages import page_of
from abonent.portal.views.subscribers import STATES
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

UNPROCESSABLE = 422
SELECTED, CHANGED = "selection", "changed"
# So many lines that were picked elsewhere go along in the address.
MOST_PICKED = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a row: what it is now, and what it becomes where that was confirmed."""

    field: str
    label: str | Promise
    pk: int
    was: str
    new: str | None

    @property
    def name(self) -> str:
        return f"{self.field}-{self.pk}"

    @property
    def value(self) -> str:
        return self.was if self.new is None else self.new

    @property
    def longest(self) -> int:
        return LONGEST[self.field]


@dataclass(frozen=True, slots=True)
class Row:
    subscriber: Subscriber
    state: str
    cells: Sequence[Cell]


def bar(names: naming.Names, error: str = "") -> dict[str, object]:
    """What `orders/naming/bar.html` takes; `error` is why the last change was not kept."""
    return {"fields": sum(map(len, names.values())), "lines": len(names), "bar_error": error}


def list_page(request: SeatRequest, error: str = "") -> HttpResponse:
    """The list to edit; `error` is why nothing could be gone on with."""
    names = naming.kept(request.seat)
    only = _only(request)
    narrowed = SubscriberFilter.of(request.GET, request.seat)
    lines = _lines(request.seat, only, names, ids_of(request.GET.get("pick", "")))
    page = page_of(request, narrowed.apply(lines).select_related("tariff"))
    rows = [_row(line, names.get(line.pk, {})) for line in page.rows]
    accounts = request.seat.accounts
    context = {
        "tabs": _tabs("list"),
        "rows": rows,
        "shown": ",".join(str(row.subscriber.pk) for row in rows),
        "pager": page.pager,
        "labels": LABELS.values(),
        "only": only,
        "chips": _chips(request, only, names),
        "filter": narrowed,
        "statuses": [pair for pair in Subscriber.Status.choices if pair[0] != Subscriber.Status.TERMINATED],
        "tariffs": tariffs_for({account.kind for account in accounts}),
        "accounts": accounts if len(accounts) > 1 else [],
        "key": uuid.uuid4(),
        "error": error,
        **bar(names),
    }
    return _page(request, "orders/naming/list.html", context, wrong=bool(error))


def file_page(request: SeatRequest, form: NamesFileForm) -> HttpResponse:
    context = {"tabs": _tabs("file"), "form": form}
    return _page(request, "orders/naming/file.html", context, wrong=form.is_bound)


def one_page(request: SeatRequest, line: Subscriber, form: OneNameForm) -> HttpResponse:
    context = {"line": line, "form": form}
    return _page(request, "orders/naming/one.html", context, wrong=form.is_bound)


def _page(request: SeatRequest, template: str, context: dict[str, object], *, wrong: bool) -> HttpResponse:
    action = Rename.read({})
    answer = action.why_not(clock.now())
    shown = {"closed": "" if answer else closed_words(answer), "promise": action.description}
    return render(request, template, {**shown, **context}, status=UNPROCESSABLE if wrong else 200)


def ids_of(text: str) -> list[int]:
    """Ids as an address or a form has them; what cannot be one is left out."""
    found = (part for part in text.split(",") if part.isascii() and part.isdigit() and len(part) < 19)  # noqa: PLR2004  # fits
    return [int(part) for part in found][:MOST_PICKED]


def _only(request: SeatRequest) -> str:
    """What the list is narrowed to beside its filter; `by=selection` is how other pages say it."""
    only = request.GET.get("only") or request.GET.get("by", "")
    return only if only in {SELECTED, CHANGED} else ""


def _lines(seat: Seat, only: str, names: Mapping[int, object], picked: Sequence[int]) -> SubscriberQuerySet:
    if only == CHANGED:
        return offered(seat).filter(pk__in=names)
    if only == SELECTED:
        return selection.lines(seat).exclude(status=Subscriber.Status.TERMINATED)
    return offered(seat).filter(pk__in=picked) if picked else offered(seat)


def _row(line: Subscriber, new: Mapping[str, str]) -> Row:
    cells = [Cell(field, LABELS[field], line.pk, getattr(line, field), new.get(field)) for field in FIELDS]
    return Row(line, STATES[Subscriber.Status(line.status)], cells)


def _tabs(current: str) -> list[dict[str, object]]:
    return [
        # Translators: «Выбрать из списка»
        {"label": _("Choose from the list"), "url": "?", "current": current == "list"},
        # Translators: «Загрузить файл»
        {"label": _("Upload a file"), "url": "?by=file", "current": current == "file"},
    ]


def _chips(request: SeatRequest, only: str, names: Mapping[int, object]) -> list[dict[str, object]]:
    kept = {
        name: str(value) for name, value in request.GET.items() if name not in {"only", "after", "before", "by", "pick"}
    }
    labels = {
        "": _("All"),
        # Translators: «Текущая выборка»
        SELECTED: _("Current selection"),
        CHANGED: _("Changed"),
    }
    counts = {CHANGED: len(names)} if names else {}
    return [
        {
            "label": label,
            "url": f"?{urlencode({**kept, 'only': key} if key else kept)}",
            "current": only == key,
            "count": counts.get(key),
        }
        for key, label in labels.items()
    ]
