"""«Детализация на Email» in steps: when and whose, the list or the verdicts, the receipt (S5, P2, V5).

Nothing is kept on the server between the steps: each page carries what was typed so far, and every step checks it anew.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.clients.models import Account
from abonent.documents.kinds import KINDS
from abonent.documents.numbers import Judged, judge, typed_rows
from abonent.documents.ordering import By, NotNow, address_now, addresses_now, check, place
from abonent.documents.texts import days
from abonent.formats.writers import WRITERS
from abonent.hierarchy import selection
from abonent.portal.filters import MAX_QUERY
from abonent.portal.forms.documents import CallDetailsForm, Source
from abonent.portal.picking import Picked, pick_page
from abonent.portal.refusals import explained
from abonent.portal.selection_details import selection_details
from abonent.portal.views.documents import placed_text
from abonent.profile import current as current_profile
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

KIND = KINDS["call_details"]
CARRIED = ("account", "period", "month", "first", "last", "directions", "source", "typed", "format", "language", "by")


@dataclass(frozen=True, slots=True)
class Step:
    """A request that got past the first form; `judged` where numbers were typed or uploaded just now."""

    form: CallDetailsForm
    account: Account
    picked: Picked
    judged: Judged | None = None

    @property
    def everybody(self) -> bool:
        return bool(self.form.cleaned_data["source"] == Source.ALL)


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_details(request: SeatRequest) -> HttpResponse:
    if not request.seat.has(KIND.right):
        raise PermissionDenied(KIND.right)
    if request.method != "POST":
        return _first(request, CallDetailsForm(request.seat, initial=_begun(request)), 200)
    if request.POST.get("step") == "back":
        kept = {name: request.POST[name] for name in CARRIED if name in request.POST}
        return _first(request, CallDetailsForm(request.seat, initial=kept), 200)
    if request.POST.get("source") == Source.SELECTION:
        return _selected(request)
    step = _step(request)
    return _first(request, step, 422) if isinstance(step, CallDetailsForm) else _next(request, step)


def _next(request: SeatRequest, step: Step) -> HttpResponse:
    if request.POST.get("step") == "order":
        return _order(request, step)
    picking = step.form.cleaned_data["source"] == Source.LIST and request.POST.get("go") != "continue"
    if picking or not (step.everybody or step.picked.ids):
        return _pick(request, step)
    return _receipt(request, step, 200)


def _begun(request: SeatRequest) -> dict[str, object]:
    """What the form begins with: from «Текущая выборка», its numbers, of all its accounts; from a card, that number."""
    asked = request.GET
    if asked.get("source") == Source.SELECTION:
        return {"source": Source.SELECTION, "account": ""}
    number, account = asked.get("number", ""), asked.get("account", "")
    if not (number and len(number) <= MAX_QUERY and account.isascii() and account.isdigit()):
        return {}
    return {"source": Source.TYPED, "typed": number, "account": account}


def _selected(request: SeatRequest) -> HttpResponse:
    form = CallDetailsForm(request.seat, request.POST)
    if form.is_valid():
        answer = selection_details(request, form, _carried(request.POST))
        if not form.errors:
            return answer
    return _first(request, form, 422)


def _step(request: SeatRequest) -> Step | CallDetailsForm:
    """The checked request, or the first form with what is wrong."""
    form = CallDetailsForm(request.seat, request.POST, request.FILES)
    later = request.POST.get("step") in {"pick", "order"}
    if not form.is_valid():
        return form
    answer = check(KIND, form.cleaned_data["account"], form.asked(None).kept())
    if not answer:
        form.add_error(None, explained(answer))
        return form
    return _whose(request, form, later=later)


def _whose(request: SeatRequest, form: CallDetailsForm, *, later: bool) -> Step | CallDetailsForm:
    account, source = form.cleaned_data["account"], form.cleaned_data["source"]
    if later or source in {Source.ALL, Source.LIST}:
        return Step(form, account, Picked.read(request.POST, _subscribers(request, account)))
    rows = form.cleaned_data["file"] if source == Source.FILE else typed_rows(form.cleaned_data["typed"])
    judged = judge(rows, account, request.seat)
    if not judged.subscriber_ids:
        name = "file" if source == Source.FILE else "typed"
        form.add_error(name, _nobody(judged))
        form.judged = judged
        return form
    return Step(form, account, Picked(tuple(judged.subscriber_ids)), judged)


def _nobody(judged: Judged) -> str:
    if not judged.rows:
        return _("There is no number in the list.")
    return _("None of the numbers can be taken.")


def _subscribers(request: SeatRequest, account: Account) -> SubscriberQuerySet:
    return Subscriber.objects.within(request.seat).filter(account=account)


def _first(request: SeatRequest, form: CallDetailsForm, status: int) -> HttpResponse:
    summary = selection.summary(request.seat)
    form.offer_each(len(summary.accounts))
    context = {
        "form": form,
        "summary": summary,
        "judged": form.judged,
        "addresses": addresses_now(request.seat.accounts),
        "limit": current_profile().documents.mail_limit_mb,
        "hides_peers": not request.seat.has(Right.SEE_PEERS),
    }
    return render(request, "finance/call_details.html", context, status=status)


def _pick(request: SeatRequest, step: Step) -> HttpResponse:
    """«Выбрать из списка»: a page of subscribers; what was ticked on other pages is carried along."""
    asked_for_nobody = request.POST.get("go") == "continue"
    context = {
        "carried": _carried(request.POST),
        "page": pick_page(request.POST, _subscribers(request, step.account), step.picked),
        "account": step.account,
        "nobody": asked_for_nobody,
    }
    return render(request, "finance/call_details_pick.html", context, status=422 if asked_for_nobody else 200)


def _receipt(request: SeatRequest, step: Step, status: int, refusal: str = "") -> HttpResponse:
    data = step.form.cleaned_data
    rules = current_profile().documents
    email = address_now(step.account) if data["by"] == By.EMAIL else ""
    context = {
        "carried": _carried(request.POST),
        "picked": step.picked,
        "everybody": step.everybody,
        "judged": step.judged,
        "account": step.account,
        "period": days(*step.form.days),
        "asked": step.form.asked(None),
        "format": WRITERS[data["format"]].label,
        "email": email,
        "by_hand": data["by"] == By.EMAIL and not email,
        "ask_rules": rules.ask_to_accept_rules,
        "limit": rules.mail_limit_mb,
        "refusal": refusal,
        "hides_peers": not request.seat.has(Right.SEE_PEERS),
    }
    return render(request, "finance/call_details_receipt.html", context, status=status)


def _order(request: SeatRequest, step: Step) -> HttpResponse:
    if not (step.everybody or step.picked.ids):
        return _pick(request, step)
    if current_profile().documents.ask_to_accept_rules and not request.POST.get("accept"):
        return _receipt(request, step, 422, _("Accept the rules to go on."))
    asked = step.form.asked(None if step.everybody else step.picked.ids)
    try:
        made = place(KIND, step.account, asked.kept(), step.form.wish, request.seat, origin_of(request))
    except NotNow as refused:
        return _receipt(request, step, 422, explained(refused.answer))
    messages.success(request, placed_text(made))
    return HttpResponseRedirect(reverse("documents"))


def _carried(data: QueryDict) -> list[tuple[str, str]]:
    """What the first form said, for the hidden fields of the next page; the typed numbers are picked by then."""
    return [(name, str(data[name])) for name in CARRIED if name in data]
