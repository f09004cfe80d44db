"""The subscribers of the demonstration, with what they held at each moment of the year."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db import models

from abonent.catalog.models import OptionSet, Service, Tariff
from abonent.clients.models import Account
from abonent.demo import names, people
from abonent.subscribers.models import (
    AccountHolding,
    ConnectedService,
    NameHolding,
    NumberHolding,
    PlanHolding,
    SimCard,
    SimHolding,
    StatusHolding,
    Subscriber,
)

PREFIXES = ("375291", "375293", "375296", "375299")
# Without a common factor with 1,000,000, so that multiplying by it meets no number twice.
SCATTER = 701_111
BATCH = 2000
DAY = dt.timedelta(days=1)

MOBILE_PLANS = (
    ("rhythm", "rhythm-300"), ("rhythm", "rhythm-150"), ("rhythm", "rhythm-300"), ("rhythm", "rhythm-600"),
    ("second", ""), ("rhythm", "rhythm-150"), ("horizon", "horizon-1000"), ("sensor", "sensor-100"),
    ("rhythm", "rhythm-300"), ("sensor", "sensor-100"), ("horizon", "horizon-3000"), ("rhythm", "rhythm-600"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shop:
    """The catalog by code."""

    tariffs: dict[str, Tariff]
    sets: dict[str, OptionSet]
    services: dict[str, Service]

    @classmethod
    def open(cls) -> "Shop":
        return cls(
            {tariff.code: tariff for tariff in Tariff.objects.all()},
            {option.code: option for option in OptionSet.objects.all()},
            {service.code: service for service in Service.objects.all()},
        )


@dataclass(slots=True)
class Rows:
    """What is to be inserted, by model; the order is the order of insertion."""

    lists: dict[type[models.Model], list[models.Model]] = field(default_factory=dict)

    def add(self, row: models.Model) -> None:
        self.lists.setdefault(type(row), []).append(row)

    def insert(self) -> None:
        for model, rows in self.lists.items():
            model._default_manager.bulk_create(rows, batch_size=BATCH)  # noqa: SLF001  # every model has it


@dataclass(frozen=True, slots=True)
class Line:
    """One subscriber to be made: `index` decides everything that varies."""

    index: int
    account: Account
    number: str
    tariff: str
    option_set: str
    name: tuple[str, str, str]


def mobile_number(index: int) -> str:
    """Multiplied, read backwards, multiplied again: numbers without a visible pattern, and none twice."""
    backwards = int(f"{index * SCATTER % 1_000_000:06d}"[::-1])
    return f"{PREFIXES[index % len(PREFIXES)]}{backwards * SCATTER % 1_000_000:06d}"


def iccid(index: int) -> str:
    """A SIM's number with its check digit (ITU-T E.118)."""
    body = f"8937501{index:011d}"
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value  # noqa: PLR2004  # the Luhn rule
    return body + str(-total % 10)


def plan_lines(accounts: dict[str, Account], numbers: int) -> Iterator[Line]:
    """Every line of every client; `numbers` are those of the large one, half on each of its accounts."""
    cast = {member.phone: member for member in people.CAST if member.home}
    index = 100
    for member in cast.values():
        if accounts[member.home].kind == Account.Kind.MOBILE:
            index += 1
            surname, first = reversed(member.name.split())
            yield Line(index, accounts[member.home], member.phone, "horizon", "horizon-1000", (surname, first, ""))
    sizes = {
        "00020100001": numbers // 2 - 3,
        "00020100002": numbers - numbers // 2,
        "00020100003": 59,
        "00020100006": 11,
    }
    for account, count in sizes.items():
        for _ in range(count):
            index += 1
            yield mobile_line(index, accounts[account])
    yield from _office(accounts, index)


def mobile_line(index: int, account: Account) -> Line:
    tariff, option_set = MOBILE_PLANS[index * 7 % len(MOBILE_PLANS)]
    name = (names.device(index), "", "") if tariff == "sensor" else names.person(index)
    return Line(index, account, mobile_number(index), tariff, option_set, name)


def _office(accounts: dict[str, Account], index: int) -> Iterator[Line]:
    sip, fixed = accounts["00020100004"], accounts["00020100005"]
    yield Line(index + 1, sip, "sip-node-1", "sip-trunk", "", ("Офис, главный вход", "", ""))
    for place in range(20):
        yield Line(index + 2 + place, sip, f"37523220{place:04d}", "sip-number", "", (f"Кабинет {101 + place}", "", ""))
    for place in range(8):
        yield Line(index + 22 + place, fixed, f"37523230{place:04d}", "city", "", (f"Проходная {place + 1}", "", ""))


def make_lines(lines: Iterable[Line], since: dt.datetime, now: dt.datetime) -> dict[str, int]:
    """Insert the subscribers as they stand at `now`, with their history from `since`; their ids by number."""
    planned = list(lines)
    shop = Shop.open()
    subscribers = [to_subscriber(line, shop) for line in planned]
    Subscriber.objects.bulk_create(subscribers, batch_size=BATCH)
    rows = Rows()
    for line, subscriber in zip(planned, subscribers, strict=True):
        _history(rows, line, subscriber, shop, (since, now))
    _spare_sims(rows, planned)
    rows.insert()
    return {subscriber.number: subscriber.pk for subscriber in subscribers}


def to_subscriber(line: Line, shop: Shop) -> Subscriber:
    last_name, first_name, middle_name = line.name
    subscriber = Subscriber(
        account=line.account,
        number=line.number,
        iccid=iccid(line.index) if line.account.kind == Account.Kind.MOBILE else "",
        last_name=last_name,
        first_name=first_name,
        middle_name=middle_name,
        tariff=shop.tariffs[line.tariff],
        option_set=shop.sets.get(line.option_set),
        status=_status(line),
    )
    subscriber.search_key = subscriber.make_search_key()
    return subscriber


def _status(line: Line) -> str:
    if line.index <= 110 or line.account.kind != Account.Kind.MOBILE:  # noqa: PLR2004  # the cast has phones that work
        return Subscriber.Status.ACTIVE
    return {0: Subscriber.Status.PENDING, 1: Subscriber.Status.BLOCKED, 2: Subscriber.Status.TERMINATED}.get(
        line.index * 37 % 101, Subscriber.Status.ACTIVE
    )


def _history(rows: Rows, line: Line, subscriber: Subscriber, shop: Shop, span: tuple[dt.datetime, dt.datetime]) -> None:
    since, now = span
    days = (now - since) // DAY
    start = since + DAY * (line.index * 7 % days) if line.index % 20 == 3 else since  # noqa: PLR2004  # one in twenty came later
    end = now - DAY * (20 + line.index % 200) if subscriber.status == Subscriber.Status.TERMINATED else None
    if end is not None and end <= start:
        start = since
    rows.add(NumberHolding(subscriber=subscriber, start=start, end=end, number=subscriber.number))
    rows.add(AccountHolding(subscriber=subscriber, start=start, end=end, account=subscriber.account))
    rows.add(_name(subscriber, start, end))
    if subscriber.iccid:
        rows.add(SimCard(iccid=subscriber.iccid, client=subscriber.account.client))
        rows.add(SimHolding(subscriber=subscriber, start=start, end=end, iccid=subscriber.iccid))
    _plans(rows, line, subscriber, shop, (start, end, now))
    _statuses(rows, line, subscriber, (start, end, now))
    if subscriber.status != Subscriber.Status.PENDING:
        _services(rows, line, subscriber, shop, (start, end, now))


def _name(subscriber: Subscriber, start: dt.datetime, end: dt.datetime | None) -> NameHolding:
    return NameHolding(
        subscriber=subscriber,
        start=start,
        end=end,
        last_name=subscriber.last_name,
        first_name=subscriber.first_name,
        middle_name=subscriber.middle_name,
    )


def _plans(
    rows: Rows,
    line: Line,
    subscriber: Subscriber,
    shop: Shop,
    held: tuple[dt.datetime, dt.datetime | None, dt.datetime],
) -> None:
    start, end, now = held
    changed = start + DAY * (40 + line.index % 300) + dt.timedelta(hours=9, minutes=line.index % 60)
    if line.tariff == "rhythm" and line.index % 25 == 4 and end is None and changed < now:  # noqa: PLR2004  # some changed the tariff once
        rows.add(PlanHolding(subscriber=subscriber, start=start, end=changed, tariff=shop.tariffs["second"]))
        start = changed
    rows.add(
        PlanHolding(
            subscriber=subscriber,
            start=start,
            end=end,
            tariff=subscriber.tariff,
            option_set=subscriber.option_set,
        )
    )


def _statuses(
    rows: Rows, line: Line, subscriber: Subscriber, held: tuple[dt.datetime, dt.datetime | None, dt.datetime]
) -> None:
    start, end, now = held
    if subscriber.status == Subscriber.Status.PENDING:
        rows.add(StatusHolding(subscriber=subscriber, start=start, status=Subscriber.Status.PENDING))
        return
    blocked = now - DAY * (3 + line.index % 15)
    if subscriber.status == Subscriber.Status.BLOCKED and blocked > start:
        rows.add(StatusHolding(subscriber=subscriber, start=start, end=blocked, status=Subscriber.Status.ACTIVE))
        rows.add(StatusHolding(subscriber=subscriber, start=blocked, status=Subscriber.Status.BLOCKED))
        return
    rows.add(StatusHolding(subscriber=subscriber, start=start, end=end, status=Subscriber.Status.ACTIVE))
    if end is not None:
        rows.add(StatusHolding(subscriber=subscriber, start=end, status=Subscriber.Status.TERMINATED))


def _services(
    rows: Rows,
    line: Line,
    subscriber: Subscriber,
    shop: Shop,
    held: tuple[dt.datetime, dt.datetime | None, dt.datetime],
) -> None:
    start, end, now = held
    for code in _wanted(line):
        service = shop.services[code]
        since = start + DAY * (line.index * 11 % 330) if code in {"voice-mail", "night"} else start
        if since >= (end or now):
            since = start
        rows.add(
            ConnectedService(
                subscriber=subscriber,
                start=since,
                end=end,
                service=service,
                fee=service.fee,
                connect_fee=service.connect_fee,
                source=f"demo:{subscriber.pk}:{code}",
            )
        )


def _wanted(line: Line) -> Sequence[str]:
    """The codes of the services that this line has."""
    if line.account.kind != Account.Kind.MOBILE:
        return ("international",)
    if line.tariff == "sensor":
        return ("static-ip",) if line.index % 3 == 0 else ()
    wanted = ["international"]
    if line.index % 3 == 1:
        wanted.append("roaming")
    if line.index % 10 == 5:  # noqa: PLR2004  # one in ten
        wanted.append("voice-mail")
    if line.index % 16 == 8:  # noqa: PLR2004  # one in sixteen
        wanted.append("night")
    return wanted


def _spare_sims(rows: Rows, lines: list[Line]) -> None:
    """Each client with mobile lines has a few free SIMs in the drawer."""
    owners = {line.account.client.pk: line.account.client for line in lines if line.account.kind == Account.Kind.MOBILE}
    top = max(line.index for line in lines)
    for place, client in enumerate(owners.values()):
        for spare in range(10):
            rows.add(SimCard(iccid=iccid(top + 1 + place * 10 + spare), client=client))
