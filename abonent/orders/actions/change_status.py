"""Actions that bring a line into another status: activate, block, unblock, terminate (S10, S15.4, S15.5, S17)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.models import Identifier
from abonent.access.releasing import release_all
from abonent.access.rights import Right
from abonent.lib.among import among
from abonent.network.values import Command
from abonent.orders.actions.action import Action, Data, Done, Price, Problem
from abonent.orders.actions.change_plan import fee_of
from abonent.orders.actions.standing import standing
from abonent.orders.actions.whole_accounts import emptied_by, last_ones
from abonent.orders.verdicts import Verdict
from abonent.subscribers import changing, pool
from abonent.subscribers.models import ConnectedService, NumberHolding, SimHolding, Subscriber

Status = Subscriber.Status


@dataclass(frozen=True, slots=True)
class ChangeStatus(Action):
    """From one of the statuses `before` to `after`; the network knows it as `kind`."""

    right: ClassVar[Right] = Right.CHANGE_NUMBERS
    before: ClassVar[frozenset[str]]
    after: ClassVar[Subscriber.Status]
    kind: ClassVar[str]

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        return cls()

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        found = ((line.pk, self.problem_of(line)) for line in subscribers)
        return {pk: problem for pk, problem in found if problem is not None}

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        return Command(key, self.kind, subscriber.number)

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        changing.change_status(list(done), self.after, "", at)

    def problem_of(self, line: Subscriber) -> Problem | None:
        if line.status == self.after:
            return Problem(Verdict.NOTHING, f"is_{self.after}")
        return standing(line, self.before)


@dataclass(frozen=True, slots=True)
class Activate(ChangeStatus):
    by_sim: ClassVar[bool] = True
    before: ClassVar[frozenset[str]] = frozenset({Status.PENDING})
    after: ClassVar[Subscriber.Status] = Status.ACTIVE
    kind: ClassVar[str] = "activate"

    @property
    def title(self) -> str:
        # Translators: «Активация абонентов»
        return _("Activation of subscribers")

    def button(self, count: int) -> str:
        return ngettext("Activate %(count)d number", "Activate %(count)d numbers", count) % {"count": count}

    def problem_of(self, line: Subscriber) -> Problem | None:
        # A blocked number is unblocked: activating is for those that wait for it.
        if line.status == Status.BLOCKED:
            return Problem(Verdict.REFUSED, "blocked")
        return ChangeStatus.problem_of(self, line)


@dataclass(frozen=True, slots=True)
class Block(ChangeStatus):
    before: ClassVar[frozenset[str]] = frozenset({Status.ACTIVE})
    after: ClassVar[Subscriber.Status] = Status.BLOCKED
    kind: ClassVar[str] = "block"

    @property
    def title(self) -> str:
        return _("Blocking of subscribers")

    @property
    def description(self) -> str:
        return _("A blocked number neither calls nor answers; its fees go on. It can be unblocked at any time.")

    @property
    def is_final(self) -> bool:
        return False

    def button(self, count: int) -> str:
        return ngettext("Block %(count)d number", "Block %(count)d numbers", count) % {"count": count}


@dataclass(frozen=True, slots=True)
class Unblock(ChangeStatus):
    before: ClassVar[frozenset[str]] = frozenset({Status.BLOCKED})
    after: ClassVar[Subscriber.Status] = Status.ACTIVE
    kind: ClassVar[str] = "unblock"

    @property
    def title(self) -> str:
        return _("Unblocking of subscribers")

    @property
    def is_final(self) -> bool:
        return False

    def button(self, count: int) -> str:
        return ngettext("Unblock %(count)d number", "Unblock %(count)d numbers", count) % {"count": count}


@dataclass(frozen=True, slots=True)
class Terminate(ChangeStatus):
    """Only active lines; whoever logs in by such a number does so no more (S15.5)."""

    right: ClassVar[Right] = Right.TERMINATE
    fresh: ClassVar[bool] = True
    before: ClassVar[frozenset[str]] = frozenset({Status.ACTIVE})
    after: ClassVar[Subscriber.Status] = Status.TERMINATED
    kind: ClassVar[str] = "terminate"
    gives: ClassVar[bool] = True

    @property
    def title(self) -> str:
        # Translators: «Прекращение обслуживания»
        return _("Termination of service")

    @property
    def description(self) -> str:
        return _("The numbers are no longer served, and whoever logs in by one of them does so no more.")

    @property
    def promise(self) -> str:
        # Translators: «Пожалуйста, ожидайте. Заявка будет обработана в течение 24 часов.»
        return _("Please wait. The order will be carried out within 24 hours.")

    def bars(self, order_id: int) -> Problem | None:
        """«Для прекращения действия договора по всем абонентам необходимо оформить заявление …»."""
        accounts = emptied_by(order_id)
        return Problem(Verdict.REFUSED, "whole_account", {"accounts": ", ".join(accounts)}) if accounts else None

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        problems = ChangeStatus.check(self, subscribers, data)
        kept = last_ones([line for line in subscribers if line.pk not in problems])
        return problems | {pk: Problem(Verdict.REFUSED, "last_of_account") for pk in kept}

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        """The fees that end."""
        services = Decimal(str(data.get("services") or 0))
        return Price(-fee_of(subscriber.tariff, subscriber.option_set) - services)

    def give(self, rows: Mapping[int, Data]) -> dict[int, Data | Problem]:
        """What the services of each line cost a month."""
        fees: dict[int, Decimal] = {}
        connected = ConnectedService.objects.filter(subscriber_id__in=among(rows), end__isnull=True, fee__gt=0)
        for pk, fee in connected.order_by().values_list("subscriber_id", "fee"):
            fees[pk] = fees.get(pk, Decimal(0)) + fee
        return {pk: {**data, "services": str(fees[pk])} if pk in fees else data for pk, data in rows.items()}

    def button(self, count: int) -> str:
        words = ngettext("Terminate service of %(count)d number", "Terminate service of %(count)d numbers", count)
        return words % {"count": count}

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        ChangeStatus.perform(self, done, at)
        changing.close(NumberHolding, list(done), at)
        changing.close(SimHolding, list(done), at)
        changing.end_services(list(done), at)
        lines = Subscriber.objects.as_system().filter(pk__in=among(done))
        held = lines.order_by().values_list("account__contract__client_id", "number")
        numbers: dict[int, list[str]] = {}
        for client_id, number in held:
            numbers.setdefault(client_id, []).append(number)
        for client_id, lost in numbers.items():
            pool.rest(lost, at)
            release_all(Identifier.Kind.PHONE, lost, client_id=client_id, reason="terminated")
