"""What the card and the pages of a new number and a new SIM show of a line (S13, S14)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.catalog.models import NumberCategory
from abonent.lib import clock
from abonent.orders.actions import change_number, replace_sim
from abonent.orders.renewing import Renewed
from abonent.portal.forms.renumbering import NumberForm
from abonent.profile import current
from abonent.subscribers import pool
from abonent.subscribers.models import PoolNumber, Subscriber


@dataclass(frozen=True, slots=True)
class Offer:
    """The numbers reserved for a line: of which category, at what price (net of VAT), until when, and the form."""

    category: NumberCategory
    fee: Decimal
    numbers: list[PoolNumber]
    form: NumberForm

    @classmethod
    def of(cls, numbers: list[PoolNumber], form: NumberForm) -> "Offer | None":
        return cls(numbers[0].category, numbers[0].category.fee, numbers, form) if numbers else None

    @property
    def minutes(self) -> int:
        """For so many whole minutes they are still reserved."""
        return max(int((self._until - clock.now()).total_seconds() // 60), 0)

    @property
    def until_time(self) -> str:
        """Until when, by the operator's clock."""
        return f"{self._until.astimezone(current().zone):%H:%M}"

    @property
    def _until(self) -> dt.datetime:
        return min(number.free_from for number in self.numbers if number.free_from is not None)


def may_renumber(line: Subscriber) -> bool:
    return line.status in change_number.ALLOWED


def may_replace_sim(line: Subscriber) -> bool:
    return line.status in replace_sim.ALLOWED and bool(line.iccid) and line.tariff.sim_by_client


def sim_bar(line: Subscriber) -> str:
    """Why a person cannot replace the SIM of this line; empty where they can."""
    if not line.iccid:
        return _("This line has no SIM card.")
    if line.status not in replace_sim.ALLOWED:
        return _("This number is no longer served.")
    return "" if line.tariff.sim_by_client else _("The SIM of a line with this tariff is replaced by the operator.")


def number_page(line: Subscriber, form: NumberForm | None = None) -> dict[str, object]:
    """The context of `subscribers/number.html`; `form` is one that was sent and is not valid."""
    numbers, left = pool.offered(line), pool.tries(line)
    return {
        "subscriber": line,
        "may_change": may_renumber(line),
        "categories": pool.categories(line.account.kind),
        "offer": Offer.of(numbers, form or NumberForm(numbers)),
        "wrong": form,
        "tries": left,
    }


def renumbering_facts(line: Subscriber, seat: Seat) -> dict[str, object]:
    """The context of `subscribers/parts/renumbering.html`; no query (the line with its tariff)."""
    may = seat.has(Right.CHANGE_NUMBERS)
    return {
        "number_url": reverse("order_number", args=[line.pk]) if may and may_renumber(line) else "",
        "sim_url": reverse("order_sim", args=[line.pk]) if may and may_replace_sim(line) else "",
    }


def renewed_words(renewed: Renewed) -> str:
    """What a person is told who placed a draft after its numbers were kept no more."""
    said = []
    if renewed.changed:
        words = ngettext(
            "%(n)d number was given to somebody else meanwhile: another one is kept for the line now.",
            "%(n)d numbers were given to somebody else meanwhile: others are kept for the lines now.",
            renewed.changed,
        )
        said.append(words % {"n": renewed.changed})
    if renewed.lost:
        words = ngettext(
            "%(n)d line gets no number any more, and is left out.",
            "%(n)d lines get no number any more, and are left out.",
            renewed.lost,
        )
        said.append(words % {"n": renewed.lost})
    return " ".join([*said, _("Nothing was ordered yet. Look at the rows, and go on.")])
