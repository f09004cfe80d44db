"""Money that came to the operator's bank: statements, and what names no account and waits for a person (L2)."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.backoffice.forms.payments import AccountForm, AsideForm, BankStatementForm
from abonent.backoffice.paging import numbered
from abonent.billing.bank import settling
from abonent.billing.bank.loading import counts, counts_of, enter
from abonent.billing.bank.proposals import Why, proposals
from abonent.billing.bank.settling import SettledAlready
from abonent.billing.models import BankLine, BankStatement
from abonent.formats.bank.entries import StatementRefused

UNPROCESSABLE = 422
RECENT = 10
State = BankLine.State
BADGES = {
    State.BOOKED: "good",
    State.WAITING: "warn",
    State.RETURNED: "idle",
    State.IGNORED: "idle",
    State.UNREAD: "bad",
}
WHICH: dict[str, tuple[Promise, BankLine.State]] = {
    "": (gettext_lazy("Waiting for an account"), State.WAITING),
    "aside": (gettext_lazy("Put aside"), State.RETURNED),
}
REASONS: dict[Why, Promise] = {
    Why.NAMED: gettext_lazy("the purpose names it"),
    Why.TAX_ID: gettext_lazy("the payer is this client, by the taxpayer number"),
    Why.PAID_BEFORE: gettext_lazy("was paid from this bank account before"),
    Why.BANK_ACCOUNT: gettext_lazy("the client has this bank account"),
    Why.PROMISE: gettext_lazy("a payment of this amount was registered"),
    Why.INVOICE: gettext_lazy("an invoice asks for just this amount"),
}


@dataclass(frozen=True, slots=True)
class Row:
    line: BankLine
    badge: str
    label: str


@needs(Right.OPERATOR_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def operator_payments(request: SeatRequest) -> HttpResponse:
    """What waits, the latest first, and the last statements; a statement is sent here."""
    form = BankStatementForm(request.POST, request.FILES) if request.method == "POST" else BankStatementForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            statement, new = enter(file.read(), file.name, request.seat.actor())
        except StatementRefused as refused:
            form.add_error("file", refused.message())
        else:
            if not new:
                messages.info(request, _("This file was loaded already: nothing was changed."))
            return redirect("operator_statement", statement.pk)
    which = request.GET.get("which", "")
    which = which if which in WHICH else ""
    found = BankLine.objects.within(request.seat).filter(state=WHICH[which][1]).order_by("-booked", "pk")
    rows, pager = numbered(request, found, _summary)
    statements = list(BankStatement.objects.within(request.seat)[:RECENT])
    entries = counts_of(statements)
    context = {
        "form": form,
        "rows": rows,
        "pager": pager,
        "chips": [
            {"label": label, "url": f"?which={key}", "current": key == which, "count": None}
            for key, (label, _state) in WHICH.items()
        ],
        "statements": [(one, entries[one.pk]) for one in statements],
    }
    return render(request, "backoffice/payments.html", context, status=UNPROCESSABLE if form.errors else 200)


@needs(Right.OPERATOR_MONEY)
@require_safe
def operator_statement(request: SeatRequest, pk: int) -> HttpResponse:
    """Every entry of a file with its answer; `?only=` narrows them to one."""
    statement = get_object_or_404(BankStatement.objects.within(request.seat), pk=pk)
    found, only = counts(statement), request.GET.get("only", "")
    lines: QuerySet[BankLine] = statement.lines.select_related("payment__account").order_by("place")
    if only in State.values:
        lines = lines.filter(state=only)
    rows, pager = numbered(request, lines, _entries)
    shown = [state for state in State if state in found]
    context = {
        "statement": statement,
        "rows": [_row(line) for line in rows],
        "pager": pager,
        "chips": [
            {"label": _("All"), "url": "?", "current": only not in State.values, "count": sum(found.values())},
            *(
                {"label": state.label, "url": f"?only={state.value}", "current": only == state, "count": found[state]}
                for state in shown
            ),
        ],
        **_progress(statement),
    }
    return render(request, "backoffice/statement.html", context)


@needs(Right.OPERATOR_MONEY)
@require_safe
def operator_statement_progress(request: SeatRequest, pk: int) -> HttpResponse:
    """The bar, asked for each second; once the file is loaded the page is fetched anew."""
    statement = get_object_or_404(BankStatement.objects.within(request.seat), pk=pk)
    response = render(request, "components/progress.html", _progress(statement))
    if not statement.is_open:
        response.headers["HX-Refresh"] = "true"
    return response


@needs(Right.OPERATOR_MONEY)
@require_safe
def operator_payment(request: SeatRequest, pk: int) -> HttpResponse:
    return _page(request, _money(request, pk), AccountForm(), AsideForm())


@needs(Right.OPERATOR_MONEY)
@require_POST
def operator_payment_booking(request: SeatRequest, pk: int) -> HttpResponse:
    line, form = _money(request, pk), AccountForm(request.POST)
    if not form.is_valid():
        return _page(request, line, form, AsideForm())
    try:
        settling.assign(line, form.found, request.seat.actor(), origin_of(request))
    except SettledAlready:
        messages.warning(request, _("Somebody settled it meanwhile: look at what became of it."))
        return redirect("operator_payment", pk)
    messages.success(request, _("It is booked to the account %(number)s.") % {"number": form.found.number})
    return redirect("operator_payments")


@needs(Right.OPERATOR_MONEY)
@require_POST
def operator_payment_aside(request: SeatRequest, pk: int) -> HttpResponse:
    line, form = _money(request, pk), AsideForm(request.POST)
    if not form.is_valid():
        return _page(request, line, AccountForm(), form)
    try:
        settling.put_aside(line, form.cleaned_data["note"], request.seat.actor(), origin_of(request))
    except SettledAlready:
        messages.warning(request, _("Somebody settled it meanwhile: look at what became of it."))
        return redirect("operator_payment", pk)
    messages.success(request, _("It is put aside, with your word why."))
    return redirect("operator_payments")


def _money(request: SeatRequest, pk: int) -> BankLine:
    """An entry that is, or was, to be settled; the others are seen with their statement."""
    settled = (
        BankLine.objects.within(request.seat)
        .filter(reference__isnull=False)
        .select_related("payment__account", "statement")
    )
    return get_object_or_404(settled, pk=pk)


def _page(request: SeatRequest, line: BankLine, account: AccountForm, aside: AsideForm) -> HttpResponse:
    may_book = line.state in {State.WAITING, State.RETURNED}
    context = {
        "row": _row(line),
        "line": line,
        "form": account,
        "aside": aside,
        "may_book": may_book,
        "may_put_aside": line.state == State.WAITING,
        "proposals": [
            (one.account, [REASONS[why] for why in one.reasons]) for one in (proposals(line) if may_book else [])
        ],
    }
    wrong = account.errors or aside.errors
    return render(request, "backoffice/payment.html", context, status=UNPROCESSABLE if wrong else 200)


def _row(line: BankLine) -> Row:
    state = State(line.state)
    return Row(line, BADGES[state], str(state.label))


def _progress(statement: BankStatement) -> dict[str, object]:
    return {
        "id": "statement-progress",
        "url": reverse("operator_statement_progress", args=[statement.pk]) if statement.is_open else "",
        "label": _("Booking the entries"),
        "done": statement.progress_done,
        "total": statement.progress_total,
    }


def _summary(count: int) -> str:
    return ngettext("%(count)d payment", "%(count)d payments", count) % {"count": count}


def _entries(count: int) -> str:
    return ngettext("%(count)d entry", "%(count)d entries", count) % {"count": count}
