"""«Операции со списком абонентов» → «Услуги»: which service, for whom; then the order is checked (S15.1)."""

import uuid
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.catalog.models import Service, ServiceCategory
from abonent.catalog.offers import tariffs_for
from abonent.hierarchy import selection
from abonent.orders import intake, offering
from abonent.orders.selection import offered
from abonent.portal.filters import SubscriberFilter
from abonent.portal.forms.orders import ACTIONS, BY_SELECTION, CONNECT, DISCONNECT, ServiceOrderForm
from abonent.portal.pages import page_of
from abonent.portal.views.subscribers import Row
from abonent.subscribers.models import Subscriber

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address says is wanted; a service of another category than the chosen one is none."""

    action: str
    services: list[Service]
    category: ServiceCategory | None
    service: Service | None

    @classmethod
    def of(cls, request: SeatRequest) -> "Choice":
        asked = request.POST if request.method == "POST" else request.GET
        action = DISCONNECT if asked.get("action") == DISCONNECT else CONNECT
        services = offering.services(request.seat, on_sale=action == CONNECT)
        service = next((known for known in services if str(known.pk) == asked.get("service")), None)
        category = next((known.category for known in services if str(known.category_id) == asked.get("category")), None)
        if category is None and service is not None:
            category = service.category
        return cls(action, services, category, service if service and service.category == category else None)

    @property
    def categories(self) -> list[ServiceCategory]:
        return list({service.category_id: service.category for service in self.services}.values())

    @property
    def of_category(self) -> list[Service]:
        return [service for service in self.services if service.category == self.category]


@needs(Right.CHANGE_SERVICES)
@require_http_methods(["GET", "HEAD", "POST"])
def order_services(request: SeatRequest) -> HttpResponse:
    if request.method == "POST" and "service" not in request.POST:
        # From the list of subscribers, where lines were picked: the pick is kept in the browser, the filter goes along.
        return redirect(f"{request.path}?{_filter_of(request.POST)}")
    choice = Choice.of(request)
    if request.method != "POST":
        return _page(request, choice, None)
    form = ServiceOrderForm(request, choice.services)
    if not form.is_valid():
        return _page(request, choice, form)
    params = {"service": form.cleaned_data["service"]}
    source = form.source()
    order = intake.place(request.seat, form.cleaned_data["action"], params, source, key=form.order_key(source))
    return redirect("order", order.pk)


def _page(request: SeatRequest, choice: Choice, form: ServiceOrderForm | None) -> HttpResponse:
    asked = request.GET if form is None else request.POST
    by = asked.get("by", "") if asked.get("by") in {"file", BY_SELECTION} else "list"
    context = {
        "choice": choice,
        "actions": ACTIONS,
        "by": by,
        "form": form or ServiceOrderForm(request, choice.services),
        "wrong": form is not None,
        "key": asked.get("key") or uuid.uuid4(),
        "tabs": _tabs(choice, by),
        **(_list(request) if by == "list" else {}),
        **({"summary": selection.summary(request.seat)} if by == BY_SELECTION else {}),
    }
    return render(request, "orders/services.html", context, status=UNPROCESSABLE if form else 200)


def _filter_of(posted: QueryDict) -> str:
    values = [(name, str(posted.get(name, ""))) for name in ("q", "status", "tariff", "account")]
    return urlencode([(name, value) for name, value in values if value])


def _tabs(choice: Choice, by: str) -> list[dict[str, object]]:
    kept = f"action={choice.action}"
    if choice.category:
        kept += f"&category={choice.category.pk}"
    if choice.service:
        kept += f"&service={choice.service.pk}"
    return [
        # Translators: «Выбрать из списка»
        {"label": _("Choose from the list"), "url": f"?{kept}", "current": by == "list"},
        # Translators: «Загрузить файл»
        {"label": _("Upload a file"), "url": f"?{kept}&by=file", "current": by == "file"},
        # Translators: «Текущая выборка»
        {"label": _("Current selection"), "url": f"?{kept}&by={BY_SELECTION}", "current": by == BY_SELECTION},
    ]


def _list(request: SeatRequest) -> dict[str, object]:
    # The service in the address is the one to order, so it does not narrow the list.
    parameters = (request.GET if request.method != "POST" else request.POST).copy()
    parameters.pop("service", None)
    narrowed = SubscriberFilter.of(parameters)
    found = narrowed.apply(offered(request.seat))
    page = page_of(request, found.select_related("tariff", "account"))
    accounts = request.seat.accounts
    kept = {name: value for name, value in request.GET.items() if name in {"action", "category", "service", "by"}}
    return {
        "rows": [Row.of(subscriber) for subscriber in page.rows],
        "pager": page.pager,
        "matching": page.matching,
        "filter": narrowed,
        "statuses": [pair for pair in Subscriber.Status.choices if pair[0] != Subscriber.Status.TERMINATED],
        "tariffs": tariffs_for({account.kind for account in accounts}),
        "accounts": accounts if len(accounts) > 1 else [],
        "kept": kept,
    }
