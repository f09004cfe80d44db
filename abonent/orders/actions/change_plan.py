"""«Изменение тарифа», «Смена набора услуг»: another tariff, or another option set within the same one (S9, S15.2)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.rights import Right
from abonent.catalog.models import OptionSet, Tariff
from abonent.network.values import Command
from abonent.orders.actions.action import Action, Data, Done, Price, Problem
from abonent.orders.actions.params import option_set_in, tariff_in
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.subscribers import changing
from abonent.subscribers.models import Subscriber

ALLOWED = frozenset({Subscriber.Status.ACTIVE})


@dataclass(frozen=True, slots=True)
class ChangePlan(Action):
    """The tariff, and the option set within it; None where the tariff has none."""

    right: ClassVar[Right] = Right.CHANGE_TARIFFS

    tariff: Tariff
    option_set: OptionSet | None

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        tariff = tariff_in(params)
        return cls(tariff, option_set_in(params, tariff))

    @property
    def title(self) -> str:
        # Translators: «Изменение тарифа: %(tariff)s»
        return _("Change of tariff: %(tariff)s") % {"tariff": self._name}

    @property
    def _name(self) -> str:
        return f"{self.tariff.name}, {self.option_set.name}" if self.option_set else self.tariff.name

    @property
    def description(self) -> str:
        return self.tariff.description

    def button(self, count: int) -> str:
        words = ngettext("Change the tariff of %(count)d number", "Change the tariff of %(count)d numbers", count)
        return words % {"count": count}

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        return Price(fee_of(self.tariff, self.option_set) - fee_of(subscriber.tariff, subscriber.option_set))

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        found = ((line.pk, self.problem_of(line)) for line in subscribers)
        return {pk: problem for pk, problem in found if problem is not None}

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        option_set = self.option_set.code if self.option_set else ""
        return Command(key, "change_plan", subscriber.number, {"tariff": self.tariff.code, "option_set": option_set})

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        changing.change_plan(list(done), self.tariff, self.option_set, at)

    def problem_of(self, line: Subscriber) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is not None:
            return problem
        same_set = line.option_set_id == (self.option_set.pk if self.option_set else None)
        if line.tariff_id == self.tariff.pk and same_set:
            return Problem(Verdict.NOTHING, "same_plan")
        if line.tariff_id != self.tariff.pk and not self.tariff.on_sale:
            return Problem(Verdict.REFUSED, "tariff_not_on_sale")
        return Problem(Verdict.REFUSED, "tariff_wrong_kind") if line.account.kind != self.tariff.kind else None


@dataclass(frozen=True, slots=True)
class ChangeOptionSet(ChangePlan):
    """The same tariff with another set: for those alone who have that tariff."""

    @property
    def title(self) -> str:
        # Translators: «Смена набора услуг: %(tariff)s»
        return _("Change of option set: %(tariff)s") % {"tariff": self._name}

    def button(self, count: int) -> str:
        words = ngettext("Change the set of %(count)d number", "Change the set of %(count)d numbers", count)
        return words % {"count": count}

    def problem_of(self, line: Subscriber) -> Problem | None:
        if line.status in ALLOWED and line.tariff_id != self.tariff.pk:
            return Problem(Verdict.REFUSED, "another_tariff")
        return ChangePlan.problem_of(self, line)


def fee_of(tariff: Tariff, option_set: OptionSet | None) -> Decimal:
    """What a plan costs each month, net of VAT."""
    return tariff.fee + (option_set.fee if option_set else Decimal(0))
