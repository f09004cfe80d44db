"""Home: how much and until when, what needs me, what is running, how it develops (S1, L1)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from abonent import profile
from abonent.access.guard import PersonRequest, SeatRequest, needs, signed_in, to_page
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.billing import balance
from abonent.billing.balance import AccountState
from abonent.billing.current import charges_so_far
from abonent.billing.ledger import BALANCE_EXPLAINED
from abonent.clients.deliveries import deliveries_at
from abonent.clients.models import Account, Delivery
from abonent.documents import narrow
from abonent.lib import clock
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.orders.models import Order
from abonent.portal.chart import Bar, bars
from abonent.subscribers.models import Subscriber

MOST = 5
WEEK = dt.timedelta(days=7)
ACCOUNT_STATES = {Account.Status.ACTIVE: "good", Account.Status.SUSPENDED: "warn", Account.Status.CLOSED: "bad"}


@dataclass(frozen=True, slots=True)
class AccountCard:
    """An account with its money and its delivery, as home shows it."""

    account: Account
    money: AccountState
    delivery: Delivery | None
    state: str


@signed_in
@require_safe
def front(request: PersonRequest) -> HttpResponseBase:
    """The first page of whatever seat is in force."""
    if request.seat is None:
        return to_page(request, "seats")
    own = own_number(request.seat)
    if own is not None:
        return HttpResponseRedirect(reverse("subscriber", args=[own]))
    for right, name in FRONT_PAGES:
        if request.seat.has(right):
            return HttpResponseRedirect(reverse(name))
    return HttpResponseRedirect(reverse("menu"))


def own_number(seat: Seat) -> int | None:
    """The id of the one number that an employee has, who sees no money beyond it (S0.4); None for everybody else."""
    if seat.subscriber_ids is None or seat.has(Right.SEE_FINANCE) or not seat.has(Right.SEE_SUBSCRIBERS):
        return None
    own = list(Subscriber.objects.within(seat).values_list("pk", flat=True)[:2])
    return own[0] if len(own) == 1 else None


# The first that the seat may open is its first page.
FRONT_PAGES = (
    (Right.SEE_FINANCE, "home"),
    (Right.SEE_SUBSCRIBERS, "subscribers"),
    (Right.OPERATOR_JOBS, "dead_jobs"),
    (Right.OPERATOR_CATALOG, "admin:index"),
    (Right.OPERATOR_MONEY, "operator_payments"),
)


@needs(Right.SEE_FINANCE)
@require_safe
def home(request: SeatRequest) -> HttpResponse:
    if request.seat.is_narrow:
        return _home_of_numbers(request)
    accounts = list(Account.objects.within(request.seat).select_related("contract__client"))
    states = balance.states_of(accounts)
    deliveries = deliveries_at(accounts, clock.now())
    cards = [_card(account, states[account.pk], deliveries.get(account.pk)) for account in accounts]
    whole, due, last = balance.total(states.values())
    context = {
        "cards": cards,
        "only": cards[0] if len(cards) == 1 else None,
        "balance": whole,
        "due": due,
        "due_date": min((card.money.due_date for card in cards if card.money.due_date), default=None),
        "overdue": [card for card in cards if card.money.overdue],
        "last": last,
        "last_month": _last_month(cards),
        "formed_at": clock.now(),
        "balance_explained": BALANCE_EXPLAINED,
        "client_facts": _client_facts(accounts),
        "so_far": _so_far(accounts),
        "bars": _spend(accounts),
        **_orders(request),
    }
    return render(request, "home/home.html", context)


def _home_of_numbers(request: SeatRequest) -> HttpResponse:
    """For somebody who sees single numbers: those and what they cost, nothing of the account."""
    seat = request.seat
    context = {
        "numbers": narrow.numbers(seat),
        "so_far": narrow.so_far(seat),
        "spent": narrow.spent(seat),
        "of_folders": seat.folder_ids is not None,
        "may_see_numbers": seat.has(Right.SEE_SUBSCRIBERS),
        "may_order": seat.has(Right.ORDER_DOCUMENTS) and seat.has(Right.SEE_CALLS),
        **_orders(request),
    }
    return render(request, "home/numbers.html", context)


def _card(account: Account, money: AccountState, delivery: Delivery | None) -> AccountCard:
    state = ACCOUNT_STATES[Account.Status(account.status)]
    return AccountCard(account, money, delivery, state)


def _last_month(cards: Sequence[AccountCard]) -> Month | None:
    months = [card.money.last_month for card in cards if card.money.last_month]
    return Month.parse(max(months)) if months else None


def _orders(request: SeatRequest) -> dict[str, object]:
    """What waits for this person's word, what went wrong within the week, and what is under way."""
    known = Order.objects.within(request.seat)
    own = known.filter(actor_id=request.seat.actor().id)
    return {
        "to_approve": list(known.approvable(request.seat).order_by("-number")[:MOST]),
        "to_confirm": list(own.to_confirm().order_by("-pk")[:MOST]),
        "troubled": list(known.troubled(clock.now() - WEEK).order_by("-number")[:MOST]),
        "running": list(known.running().order_by("-number")[:MOST]),
    }


def _so_far(accounts: Sequence[Account]) -> Decimal:
    """Charges of the open month with VAT, as last rated."""
    found = charges_so_far([account.pk for account in accounts])
    return sum((charges.gross for charges in found.values()), ZERO)


def _client_facts(accounts: Sequence[Account]) -> list[tuple[str, str]]:
    """Who the client is, in the words of this country (L1)."""
    if not accounts:
        return []
    client, here, language = accounts[0].client, profile.current(), get_language() or "en"
    contracts = sorted({f"{account.contract.number}, {account.contract.signed:%d.%m.%Y}" for account in accounts})
    return [
        (_("Company"), client.name),
        (here.label("tax_id", language), client.tax_id),
        (here.label("registry_id", language), client.registry_id),
        # Translators: «Р/С»
        (_("Bank accounts"), client.bank_accounts),
        (_("Contract"), "; ".join(contracts)),
    ]


def _spend(accounts: Sequence[Account]) -> list[Bar]:
    months = balance.spend_by_month(accounts, 12)
    return bars([(Month.parse(month).first_day, amount) for month, amount in months])
