"""What the open month costs an account so far: every charge, as an invoice up to now would have it (L6, S15.5)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from abonent.billing.charges import Charge
from abonent.billing.current import preliminary
from abonent.billing.kinds import ORDER, Names, describe
from abonent.clients.models import Account
from abonent.documents.bill import BillLine, KindSum, SubscriberSum, days_of
from abonent.lib.money import ZERO
from abonent.lib.periods import Month
from abonent.profile import current as current_profile
from abonent.subscribers.models import Subscriber
from abonent.usage.layout import Charge as Used
from abonent.usage.queries import current_version

_CHUNK = 5000
_USAGE = frozenset(Used.values)


class Line(NamedTuple):
    """Who a charge is for, as known at present."""

    number: str
    name: str
    tariff: str


_UNKNOWN = Line("", "", "")


@dataclass(slots=True)
class _Sum:
    records: int = 0
    used: Decimal = ZERO
    net: Decimal = ZERO
    vat: Decimal = ZERO

    def add(self, charge: Charge) -> None:
        self.records += charge.records
        self.net += charge.amount.net
        self.vat += charge.amount.vat
        if charge.kind in _USAGE:
            self.used += charge.amount.net

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


@dataclass(frozen=True, slots=True)
class OpenBill:
    """Charges of `month` up to `at`, in the order of printing; `rated_at`: when usage was last rated (None: never)."""

    account: Account
    month: Month
    at: dt.datetime
    rated_at: dt.datetime | None
    charges: tuple[Charge, ...]
    names: Names
    people: dict[int, Line]
    net: Decimal
    vat: Decimal

    @classmethod
    def of(cls, account: Account, at: dt.datetime, only: Collection[int] | None = None) -> "OpenBill":
        """Of the subscribers `only` where they are given, as far as they have charges on the account."""
        month = Month.at(at, current_profile().zone)
        version = current_version(month)
        found, names = preliminary(account, at, only)
        people = _people(account, {charge.subscriber_id for charge in found})
        found.sort(key=lambda charge: _place(charge, people))
        whole = _Sum()
        for charge in found:
            whole.add(charge)
        rated_at = version.created if version else None
        return cls(account, month, at, rated_at, tuple(found), names, people, whole.net, whole.vat)

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat

    def by_kind(self) -> list[KindSum]:
        sums: dict[str, _Sum] = {}
        for charge in self.charges:
            sums.setdefault(charge.kind, _Sum()).add(charge)
        kinds = [KindSum(kind, one.records, one.net, one.vat, one.gross) for kind, one in sums.items()]
        return sorted(kinds, key=lambda known: ORDER[known.kind])

    def by_subscriber(self) -> list[SubscriberSum]:
        sums: dict[int, _Sum] = {}
        for charge in self.charges:
            sums.setdefault(charge.subscriber_id, _Sum()).add(charge)
        return [
            SubscriberSum(pk, *self.people[pk], one.net - one.used, one.used, one.net, one.vat, one.gross)
            for pk, one in sums.items()
        ]

    def lines(self) -> Iterator[BillLine]:
        """Every charge in words."""
        zone = current_profile().zone
        for charge in self.charges:
            first, last = days_of(charge.period_start, charge.period_end, zone)
            yield BillLine(
                self.people[charge.subscriber_id].number,
                describe(charge, self.names),
                first,
                max(first, last),
                charge.records,
                charge.amount.net,
                charge.amount.vat_rate,
                charge.amount.vat,
                charge.amount.gross,
            )


def _place(charge: Charge, people: dict[int, Line]) -> tuple[object, ...]:
    return (
        people[charge.subscriber_id].number,
        charge.subscriber_id,
        charge.late_month != "",
        ORDER[charge.kind],
        charge.subject,
        charge.period_start,
    )


def _people(account: Account, wanted: Collection[int]) -> dict[int, Line]:
    """Of who went to another company meanwhile, the number alone: its name there is no business of this one."""
    client = account.contract.client_id
    people = dict.fromkeys(wanted, _UNKNOWN)
    for ids in _chunks(sorted(wanted)):
        for line in Subscriber.objects.as_system().filter(pk__in=ids).select_related("tariff", "account__contract"):
            ours = line.account.contract.client_id == client
            people[line.pk] = Line(line.number, line.name, line.tariff.name) if ours else Line(line.number, "", "")
    return people


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + _CHUNK] for at in range(0, len(ids), _CHUNK))
