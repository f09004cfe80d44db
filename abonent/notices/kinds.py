"""What a person may ask to be told of (V1). A new kind is a rule here, its facts (`facts`) and its words (`words`)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abonent import profile
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.orders.actions import ACTIONS


class Kind(models.TextChoices):
    APPROVAL_WAITING = "approval_waiting", _("An order waits for your approval")
    ORDER_DONE = "order_done", _("Your order is done")
    INVOICE_FORMED = "invoice_formed", _("An invoice is formed")
    APPEAL_ANSWERED = "appeal_answered", _("Your appeal is answered")
    LIMIT_PASSED = "limit_passed", _("A limit of spend is passed")
    UNUSUAL_SPEND = "unusual_spend", _("Unusual spend")


SPEND = (Kind.LIMIT_PASSED, Kind.UNUSUAL_SPEND)


class Channel(StrEnum):
    PAGE = "page"
    MAIL = "mail"
    SMS = "sms"


CHANNEL_NAMES: dict[Channel, Promise] = {
    Channel.PAGE: _("On the page"),
    Channel.MAIL: _("By letter"),
    Channel.SMS: _("By SMS"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that goes with a kind; `default` is what holds where nothing was typed (None: nothing at all)."""

    key: str
    label: Promise
    places: int
    least: Decimal
    default: Callable[[], Decimal | None] = lambda: None
    money: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """`rights`: one of them is needed. `whole`: for seats over accounts alone. `written`: a letter goes in any case."""

    about: Promise
    rights: frozenset[Right]
    default: frozenset[Channel]
    whole: bool = False
    written: bool = False
    figures: tuple[Figure, ...] = ()

    @property
    def channels(self) -> tuple[Channel, ...]:
        return tuple(channel for channel in Channel if not (self.written and channel == Channel.MAIL))


_CENT, _ONE = Decimal("0.01"), Decimal(1)
_FINANCE = frozenset({Right.SEE_FINANCE})
_SHOWN = frozenset({Channel.PAGE})

RULES: dict[Kind, Rule] = {
    Kind.APPROVAL_WAITING: Rule(
        _("Somebody placed an order beyond their limit, and you may approve it."),
        frozenset({Right.APPROVE_ORDERS}),
        frozenset({Channel.PAGE, Channel.MAIL}),
    ),
    Kind.ORDER_DONE: Rule(
        _("What became of an order that you placed. Letters and SMS come only for long ones."),
        frozenset(action.right for action in ACTIONS.values()),
        frozenset({Channel.PAGE, Channel.MAIL}),
        figures=(
            Figure(
                "rows",
                _("Long: from so many numbers on"),
                0,
                _ONE,
                lambda: Decimal(profile.current().notices.long_order_rows),
            ),
        ),
    ),
    Kind.INVOICE_FORMED: Rule(_("The invoice of a month, of each account that you see."), _FINANCE, _SHOWN, whole=True),
    Kind.APPEAL_ANSWERED: Rule(
        _("The operator answered an appeal in which you wrote. A letter comes in any case."),
        frozenset({Right.ASK_OPERATOR}),
        _SHOWN,
        written=True,
    ),
    Kind.LIMIT_PASSED: Rule(
        _("The charges of a month, with VAT, are above a figure of yours. Looked at each hour."),
        _FINANCE,
        _SHOWN,
        figures=(
            Figure("whole", _("All that I see, a month"), 2, _CENT, money=True),
            Figure("each", _("Any one number, a month"), 2, _CENT, money=True),
        ),
    ),
    Kind.UNUSUAL_SPEND: Rule(
        _("The charges of a month are far above the mean of the last three invoices, of all or of one number."),
        _FINANCE,
        frozenset(),
        figures=(
            Figure("factor", _("So many times the mean"), 2, _ONE, lambda: profile.current().notices.unusual_factor),
            Figure("least", _("And at least"), 2, _CENT, lambda: profile.current().notices.unusual_least, money=True),
        ),
    ),
}


def may_be_told(seat: Seat, kind: Kind) -> bool:
    """Whether a seat has the right that goes with the kind; the operator's staff are told of nothing."""
    rule = RULES[kind]
    if seat.is_operators or (rule.whole and seat.is_narrow):
        return False
    return bool(rule.rights & seat.rights)


def offered(seat: Seat) -> list[Kind]:
    return [kind for kind in Kind if may_be_told(seat, kind)]
