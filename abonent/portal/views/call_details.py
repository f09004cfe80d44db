"""«Детализация на Email» in steps: when and whose, the list or the verdicts, the receipt (S5, P2, V5).

Nothing is kept on the server between the steps: each page carries what was typed so far, and every step checks it anew.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents.kinds import KINDS
from abonent.documents.ordering import NotNow, addresses_now, check, place
from abonent.documents.sizes import likely_calls, too_large_for_mail
from abonent.documents.texts import days
from abonent.formats.writers import WRITERS
from abonent.hierarchy import selection
from abonent.portal.choosing import Step, begun, carried, is_picking, pick, step_of
from abonent.portal.confirming import codes_for
from abonent.portal.forms.call_details import CallDetailsForm
from abonent.portal.forms.documents import Source
from abonent.portal.refusals import explained
from abonent.portal.selection_details import selection_details
from abonent.portal.views.documents import placed_text
from abonent.profile import current as current_profile

KIND = KINDS["call_details"]
# Translators: «Детализация на Email»
NAME = gettext_lazy("Call details by e-mail")
CARRIED = (
    *("account", "period", "month", "first", "last", "directions"),
    *("source", "typed", "format", "language", "by", "other"),
)


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def call_details(request: SeatRequest) -> HttpResponse:
    if not request.seat.has(KIND.right):
        raise PermissionDenied(KIND.right)
    if request.method != "POST":
        return _first(request, CallDetailsForm(request.seat, initial=begun(request.GET)), 200)
    if request.POST.get("step") == "back":
        kept = {name: request.POST[name] for name in CARRIED if name in request.POST}
        return _first(request, CallDetailsForm(request.seat, initial=kept), 200)
    if request.POST.get("source") == Source.SELECTION:
        return _selected(request)
    step = _step(request)
    return _first(request, step, 422) if isinstance(step, CallDetailsForm) else _next(request, step)


def _next(request: SeatRequest, step: Step[CallDetailsForm]) -> HttpResponse:
    if is_picking(request, step):
        return pick(request, step, (reverse("call_details"), NAME), carried(request.POST, CARRIED))
    return _order(request, step) if request.POST.get("step") == "order" else _receipt(request, step, 200)


def _selected(request: SeatRequest) -> HttpResponse:
    form = CallDetailsForm(request.seat, request.POST)
    if form.is_valid():
        answer = selection_details(request, form, carried(request.POST, CARRIED))
        if not form.errors:
            return answer
    return _first(request, form, 422)


def _step(request: SeatRequest) -> Step[CallDetailsForm] | CallDetailsForm:
    """The checked request, or the first form with what is wrong."""
    form = CallDetailsForm(request.seat, request.POST, request.FILES)
    if not form.is_valid():
        return form
    step = step_of(request, form)
    if step is None:
        return form
    answer = check(KIND, step.account, form.asked(step.subscribers).kept())
    if answer:
        return step
    form.add_error(None, explained(answer))
    return form


def _first(request: SeatRequest, form: CallDetailsForm, status: int) -> HttpResponse:
    summary = selection.summary(request.seat)
    form.offer_each(len(summary.accounts))
    context = {
        "form": form,
        "summary": summary,
        "judged": form.judged,
        "addresses": addresses_now(request.seat.accounts),
        "hides_peers": not request.seat.has(Right.SEE_PEERS),
    }
    return render(request, "finance/call_details.html", context, status=status)


def _receipt(
    request: SeatRequest, step: Step[CallDetailsForm], status: int, refusal: str = "", codes: Form | None = None
) -> HttpResponse:
    data = step.form.cleaned_data
    rules = current_profile().documents
    email = step.form.goes_to(step.account)
    context = {
        "carried": carried(request.POST, CARRIED),
        "picked": step.picked,
        "everybody": step.everybody,
        "judged": step.judged,
        "account": step.account,
        "period": days(*step.form.days),
        "asked": step.form.asked(None),
        "format": WRITERS[data["format"]].label,
        "email": email,
        "by_hand": step.form.by_mail and not email,
        "codes": codes,
        "large": too_large_for_mail(likely_calls(step.account, step.form.asked(step.subscribers)), data["format"]),
        "ask_rules": rules.ask_to_accept_rules,
        "limit": rules.mail_limit_mb,
        "refusal": refusal,
        "hides_peers": not request.seat.has(Right.SEE_PEERS),
    }
    return render(request, "finance/call_details_receipt.html", context, status=status)


def _order(request: SeatRequest, step: Step[CallDetailsForm]) -> HttpResponse:
    if current_profile().documents.ask_to_accept_rules and not request.POST.get("accept"):
        return _receipt(request, step, 422, _("Accept the rules to go on."))
    codes = codes_for(request, step.form.other_address)
    if codes is not None:
        return _receipt(request, step, 422, codes=codes)
    asked = step.form.asked(step.subscribers)
    try:
        made = place(KIND, step.account, asked.kept(), step.form.wish, request.seat, origin_of(request))
    except NotNow as refused:
        return _receipt(request, step, 422, explained(refused.answer))
    messages.success(request, placed_text(made))
    return HttpResponseRedirect(reverse("documents"))
