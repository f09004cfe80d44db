"""«Начисления за текущий период» in steps: whose, the charges themselves, the same as a document (L6)."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.current import charges_so_far
from abonent.documents.current_charges import ChargesParams
from abonent.documents.open_bill import OpenBill
from abonent.documents.ordering import addresses_now
from abonent.documents.own_lines import Lines, within
from abonent.hierarchy import selection
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.portal.choosing import Step, begun, carried, is_picking, pick, step_of
from abonent.portal.each_account import placed_for_each
from abonent.portal.forms.current_charges import CHOICE, ORDER, CurrentChargesForm
from abonent.portal.pages import PAGE
from abonent.portal.refusals import explained
from abonent.profile import current as current_profile
from abonent.profile.calendar import Answer

# Translators: «Начисления за текущий период»
NAME = gettext_lazy("Charges of the current period")
CARRIED = ("account", "source")
# The charges of so many numbers are worked out while one waits; of more, by the document.
AT_ONCE = 5000


@needs(Right.SEE_FINANCE)
@require_http_methods(["GET", "HEAD", "POST"])
def current_charges(request: SeatRequest) -> HttpResponse:
    if request.method != "POST":
        return _first(request, CurrentChargesForm(request.seat, initial=begun(request.GET)), 200)
    if request.POST.get("step") == "back":
        kept = {name: request.POST[name] for name in CHOICE if name in request.POST}
        return _first(request, CurrentChargesForm(request.seat, initial=kept), 200)
    form = CurrentChargesForm(request.seat, request.POST, request.FILES)
    right = form.is_valid()
    step = step_of(request, form) if form.is_chosen else None
    return _first(request, form, 422) if step is None else _next(request, step, right=right)


def _next(request: SeatRequest, step: Step[CurrentChargesForm], *, right: bool) -> HttpResponse:
    """After it is known whose: the list, the charges, the order; `right` says whether all of the form is."""
    if is_picking(request, step):
        return pick(request, step, (reverse("current_charges"), NAME), carried(request.POST, CARRIED))
    if request.POST.get("step") != ORDER:
        return _charges(request, step, None)
    if not request.seat.has(Right.ORDER_DOCUMENTS):
        raise PermissionDenied(Right.ORDER_DOCUMENTS)
    params = ChargesParams(step.subscribers).kept()
    if right and placed_for_each(request, step.form, [step.account], params):
        return HttpResponseRedirect(reverse("documents"))
    return _charges(request, step, step.form)


def _first(request: SeatRequest, form: CurrentChargesForm, status: int) -> HttpResponse:
    context = {
        "form": form,
        "summary": selection.summary(request.seat),
        "judged": form.judged,
        "month": _month().first_day,
    }
    return render(request, "finance/current_charges.html", context, status=status)


def _charges(request: SeatRequest, step: Step[CurrentChargesForm], refused: CurrentChargesForm | None) -> HttpResponse:
    """The charges at once, and how to have them as a document; `refused`: what was wrong with ordering it."""
    lines = within(step.account, step.subscribers, request.seat)
    if isinstance(lines, Answer):
        step.form.add_error(None, explained(lines))
        return _first(request, step.form, 422)
    asked = {name: request.POST[name] for name in ("format", "language", "by", "other") if request.POST.get(name)}
    form = refused or CurrentChargesForm(request.seat, initial=asked)
    context = {
        "carried": carried(request.POST, CARRIED),
        "picked": step.picked,
        "everybody": step.everybody,
        "judged": step.judged,
        "account": step.account,
        "month": _month().first_day,
        "form": form,
        "fields": [bound for bound in form if bound.name not in CHOICE],
        "addresses": addresses_now([step.account]) if not request.seat.is_narrow else [],
        "may_order": request.seat.has(Right.ORDER_DOCUMENTS),
        **_figures(request, step, lines),
    }
    return render(request, "finance/current_charges_shown.html", context, status=422 if refused else 200)


def _figures(request: SeatRequest, step: Step[CurrentChargesForm], lines: Lines) -> dict[str, object]:
    """Sums by kind, and a page of numbers; of more numbers than are worked out at once, the whole account's sum.

    No lines are named where the seat sees all of the account.
    """
    account = step.account
    count = account.subscribers.count() if lines is None else len(lines)
    if count > AT_ONCE:
        return {"count": count, **(_whole(account.pk) if lines is None else {})}
    bill = OpenBill.of(account, clock.now(), lines)
    people = bill.by_subscriber()
    page = Paginator(people, PAGE).get_page(request.POST.get("at"))
    return {
        "count": count,
        "bill": bill,
        "gross": bill.gross,
        "rated_at": bill.rated_at,
        "kinds": bill.by_kind(),
        "page": page,
        "summary": ngettext("%(count)d subscriber", "%(count)d subscribers", len(people)) % {"count": len(people)},
    }


def _whole(account: int) -> Mapping[str, Decimal | object]:
    so_far = charges_so_far([account])[account]
    return {"gross": so_far.gross, "rated_at": so_far.usage_at}


def _month() -> Month:
    return Month.at(clock.now(), current_profile().zone)
