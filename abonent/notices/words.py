"""What a notice says, in the language then active: made of its kind and its plain arguments when it is read."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from abonent.documents.texts import month_name
from abonent.lib import phones
from abonent.lib.periods import Month
from abonent.notices.kinds import Kind
from abonent.notices.models import Notice
from abonent.orders.models import Order
from abonent.profile import current

Args = Mapping[str, Any]  # Any: as JSON keeps them, by kind
NAMED = 3


def text_of(notice: Notice) -> str:
    """One sentence, without its full stop: it is a subject too, and often ends with an amount."""
    return WORDS[Kind(notice.kind)](notice.args)


def money(amount: str) -> str:
    """`1234.50 BYN`: plain, for letters and messages too."""
    point = "." if get_language() == "en" else ","
    return f"{Decimal(amount):.2f}".replace(".", point) + f"\u00a0{current().currency_label(get_language() or 'ru')}"


def _title(args: Args) -> str:
    titles = args["titles"]
    return str(titles.get(get_language() or "ru") or titles.get("ru") or args["action"])


def _approval(args: Args) -> str:
    count = args["rows"]
    numbers = ngettext("%(count)d number", "%(count)d numbers", count) % {"count": count}
    return _("Order %(number)s waits for your approval: %(title)s, %(numbers)s, placed by %(person)s") % {
        "number": args["number"],
        "title": _title(args),
        "numbers": numbers,
        "person": args["person"],
    }


def _order(args: Args) -> str:
    values = {"number": args["number"], "title": _title(args), "done": args["done"], "rows": args["rows"]}
    match args["state"]:
        case Order.State.DONE:
            return _("Order %(number)s is done: %(title)s") % values
        case Order.State.PARTLY:
            return _("Order %(number)s is partly done: %(title)s, %(done)s of %(rows)s") % values
        case Order.State.REJECTED:
            values |= {"person": args["decided_by"], "reason": args["rejection"]}
            return _("Order %(number)s was rejected by %(person)s: %(title)s. Reason: %(reason)s") % values
        case Order.State.CANCELLED:
            return _("Order %(number)s was cancelled: %(title)s") % values
    return _("Order %(number)s could not be done: %(title)s") % values


def _invoice(args: Args) -> str:
    return _("The invoice for %(month)s of account %(account)s is formed: %(amount)s") % {
        "month": month_name(Month.parse(args["month"])),
        "account": args["account"],
        "amount": money(args["amount"]),
    }


def _appeal(args: Args) -> str:
    values = {"number": args["number"], "topic": args["topic"]}
    return _("Your appeal %(number)s is answered: %(topic)s") % values


def _limit(args: Args) -> str:
    values = _spent(args)
    if args["of"] == "whole":
        return _("Charges for %(month)s have passed your limit of %(limit)s: %(spent)s so far") % values
    if args["count"] == 1:
        return _("Number %(numbers)s has passed your limit of %(limit)s for %(month)s: %(spent)s so far") % values
    return (
        ngettext(
            "%(count)d number has passed your limit of %(limit)s for %(month)s: %(numbers)s",
            "%(count)d numbers have passed your limit of %(limit)s for %(month)s: %(numbers)s",
            args["count"],
        )
        % values
    )


def _unusual(args: Args) -> str:
    values = _spent(args)
    if args["of"] == "whole":
        return _("Charges for %(month)s are unusual: %(spent)s so far, the mean of a month is %(mean)s") % values
    if args["count"] == 1:
        return (
            _("Charges of number %(numbers)s for %(month)s are unusual: %(spent)s so far, the mean is %(mean)s")
            % values
        )
    return (
        ngettext(
            "Charges of %(count)d number for %(month)s are unusual: %(numbers)s",
            "Charges of %(count)d numbers for %(month)s are unusual: %(numbers)s",
            args["count"],
        )
        % values
    )


def _spent(args: Args) -> dict[str, object]:
    """`numbers` are [id, number, spent, mean], those that spent most first."""
    rows = args.get("numbers", [])
    named = ", ".join(phones.pretty(row[1]).replace(" ", "\u00a0") for row in rows[:NAMED])
    return {
        "month": month_name(Month.parse(args["month"])),
        "count": args.get("count", 0),
        "numbers": named + (" …" if args.get("count", 0) > NAMED else ""),
        "spent": money(args.get("spent") or rows[0][2]),
        "limit": money(args.get("limit") or "0"),
        "mean": money(args.get("mean") or (rows and rows[0][3]) or "0"),
    }


WORDS: dict[Kind, Callable[[Args], str]] = {
    Kind.APPROVAL_WAITING: _approval,
    Kind.ORDER_DONE: _order,
    Kind.INVOICE_FORMED: _invoice,
    Kind.APPEAL_ANSWERED: _appeal,
    Kind.LIMIT_PASSED: _limit,
    Kind.UNUSUAL_SPEND: _unusual,
}
