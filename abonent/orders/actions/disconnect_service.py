"""«Отключить» a service (S7, S15.1)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.rights import Right
from abonent.catalog.models import Service
from abonent.network.values import Command
from abonent.orders.actions.action import Action, Data, Done, Price, Problem
from abonent.orders.actions.params import service_in
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.profile import current
from abonent.subscribers import connecting, forwarding
from abonent.subscribers.models import Subscriber

ALLOWED = frozenset({Subscriber.Status.ACTIVE, Subscriber.Status.BLOCKED})


@dataclass(frozen=True, slots=True)
class DisconnectService(Action):
    """`dependents` are the services (id → code) that cannot be without it."""

    right: ClassVar[Right] = Right.CHANGE_SERVICES

    service: Service
    dependents: Mapping[int, str]

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        service = service_in(params)
        return cls(service, dict(service.required_by.values_list("pk", "code")))

    @property
    def title(self) -> str:
        # Translators: «Отключение %(service)s»
        return _("Disconnection of %(service)s") % {"service": self.service.name}

    @property
    def description(self) -> str:
        return self.service.description

    def button(self, count: int) -> str:
        return ngettext("Disconnect for %(count)d number", "Disconnect for %(count)d numbers", count) % {"count": count}

    def price_of(self, subscriber: Subscriber, data: Data) -> Price:
        return Price(-self.service.fee)

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        concerned = {self.service.pk, *self.dependents}
        connected: dict[int, set[int]] = {}
        for subscriber_id, service_id in connecting.connected([line.pk for line in subscribers], concerned):
            connected.setdefault(subscriber_id, set()).add(service_id)
        found = ((line.pk, self._problem(line, connected.get(line.pk, set()))) for line in subscribers)
        return self._forwarding(subscribers) | {pk: problem for pk, problem in found if problem is not None}

    def _forwarding(self, subscribers: Sequence[Subscriber]) -> dict[int, Problem]:
        """Who cannot lose the service that forwarding needs, while calls are forwarded."""
        if self.service.code != current().forwarding.service:
            return {}
        return dict.fromkeys(
            forwarding.kept([line.pk for line in subscribers]), Problem(Verdict.REFUSED, "forwarding_set")
        )

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        return Command(key, "disconnect_service", subscriber.number, {"service": self.service.code})

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        connecting.disconnect(self.service, list(done), at)

    def _problem(self, line: Subscriber, connected: set[int]) -> Problem | None:
        problem = standing(line, ALLOWED)
        if problem is not None:
            return problem
        if self.service.pk not in connected:
            return Problem(Verdict.NOTHING, "not_connected")
        needing = [code for service_id, code in self.dependents.items() if service_id in connected]
        return Problem(Verdict.REFUSED, "needed", {"service": needing[0]}) if needing else None
