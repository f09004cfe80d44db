"""«Финансы → Счета»: the invoices, one of them in full, and ordering one by e-mail (S2, L3, L7, V4, V7)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.billing.balance import states_of
from abonent.billing.models import Invoice
from abonent.clients.models import Account
from abonent.documents.bill import by_kind, by_subscriber, line_by_line_of
from abonent.documents.models import DocumentRequest
from abonent.documents.narrow import whole_accounts_only
from abonent.documents.ordering import NotNow, addresses_now, place
from abonent.documents.sizes import large_invoices
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.portal.each_account import placed_for_each
from abonent.portal.forms.documents import InvoiceForm, InvoiceLinkForm
from abonent.portal.numbered import numbered
from abonent.portal.refusals import explained
from abonent.portal.returning import status_of
from abonent.profile import current as current_profile


@dataclass(frozen=True, slots=True)
class Row:
    """An invoice with what of it is unpaid today."""

    invoice: Invoice
    left: Decimal
    badge: str
    label: str

    @property
    def month(self) -> dt.date:
        return self.invoice.period.first_day

    @property
    def order_url(self) -> str:
        return f"{reverse('invoice_order')}?account={self.invoice.account_id}&month={self.invoice.month}"


@needs(Right.SEE_FINANCE)
@require_safe
def invoices(request: SeatRequest) -> HttpResponse:
    whole_accounts_only(request.seat)
    accounts = request.seat.accounts
    found = Invoice.objects.within(request.seat).select_related("account").order_by("-month", "account__number")
    chosen = request.GET.get("account", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:  # noqa: PLR2004  # fits the database
        found = found.filter(account_id=int(chosen))
    page = numbered(request, found, _summary)
    left = _left(accounts)
    context = {
        "rows": [_row(one, left) for one in page.rows],
        "accounts": accounts if len(accounts) > 1 else [],
        "chosen": chosen,
        "pager": page.pager,
        "may_order": request.seat.has(Right.ORDER_DOCUMENTS),
    }
    return render(request, "finance/invoices.html", context)


def _left(accounts: Iterable[Account]) -> dict[int, Decimal]:
    """What each unpaid invoice still asks for."""
    states = states_of(accounts).values()
    return {rest.ask.invoice_id: rest.left for state in states for rest in state.invoices_unpaid}


def _row(invoice: Invoice, unpaid: Mapping[int, Decimal]) -> Row:
    left = unpaid.get(invoice.pk, ZERO)
    if not left:
        return Row(invoice, left, "good", _("paid"))
    if invoice.due_date < clock.today(current_profile().zone):
        return Row(invoice, left, "bad", _("overdue"))
    return Row(invoice, left, "warn", _("unpaid"))


def _summary(count: int) -> str:
    return ngettext("%(count)d invoice", "%(count)d invoices", count) % {"count": count}


@needs(Right.SEE_FINANCE)
@require_safe
def invoice(request: SeatRequest, pk: int) -> HttpResponse:
    """One invoice: by kind of charge, and by subscriber a page at a time; a subscriber's own lines on request."""
    known = Invoice.objects.within(request.seat).select_related("account")
    found = get_object_or_404(known, pk=pk)
    page = numbered(request, found.subscribers, _people_summary)
    context = {
        "row": _row(found, _left([found.account])),
        "invoice": found,
        "client": found.snapshot["client"],
        "contract": found.snapshot["contract"],
        "kinds": by_kind(found),
        "people": by_subscriber(found, page.rows),
        "lines": line_by_line_of(found, request.GET.get("subscriber", "")),
        "pager": page.pager,
        "may_order": request.seat.has(Right.ORDER_DOCUMENTS),
    }
    return render(request, "finance/invoice.html", context)


def _people_summary(count: int) -> str:
    return ngettext("%(count)d subscriber", "%(count)d subscribers", count) % {"count": count}


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def invoice_order(request: SeatRequest) -> HttpResponse:
    """«Заказать счет на E-mail»: to the address in force now."""
    whole_accounts_only(request.seat)
    if request.method == "POST":
        form = InvoiceForm(request.seat, request.POST)
        if form.is_valid() and placed_for_each(request, form, form.accounts, {"month": form.cleaned_data["month"]}):
            return HttpResponseRedirect(reverse("documents"))
        return _order_page(request, form, 422)
    initial = {name: request.GET[name] for name in ("account", "month", "source") if name in request.GET}
    return _order_page(request, InvoiceForm(request.seat, initial=initial), 200)


@needs(Right.ORDER_DOCUMENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def invoice_link(request: SeatRequest) -> HttpResponse:
    """«Загрузить счет по ссылке»: it is formed at once, and its page offers the file when it is ready (L4)."""
    whole_accounts_only(request.seat)
    if request.method == "POST":
        form = InvoiceLinkForm(request.seat, request.POST)
        made = _placed(request, form) if form.is_valid() else None
        if made is not None:
            return HttpResponseRedirect(reverse("document", args=[made.pk]))
    else:
        initial = {name: request.GET[name] for name in ("account", "month") if name in request.GET}
        form = InvoiceLinkForm(request.seat, initial=initial)
    context = {"form": form, "days": current_profile().documents.link_days}
    return render(request, "finance/invoice_link.html", context, status=status_of(form))


def _placed(request: SeatRequest, form: InvoiceLinkForm) -> DocumentRequest | None:
    account, params = form.cleaned_data["account"], {"month": form.cleaned_data["month"]}
    try:
        return place(form.kind, account, params, form.wish, request.seat, origin_of(request))
    except NotNow as refused:
        form.add_error(None, explained(refused.answer))
        return None


def _order_page(request: SeatRequest, form: InvoiceForm, status: int) -> HttpResponse:
    accounts = request.seat.accounts
    context = {"form": form, "addresses": addresses_now(accounts), "large": large_invoices(accounts)}
    return render(request, "finance/invoice_order.html", context, status=status)
