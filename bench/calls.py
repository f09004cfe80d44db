"""Calls as the writers get them, made up from a seed: nine columns, as a corporate client's call details have."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from abonent.formats.report import Column, Fact, Kind, Report, Row, Section

COLUMNS = (
    Column("subscriber", "Номер абонента", Kind.PHONE, 18),
    Column("started", "Дата и время", Kind.DATETIME, 19),
    Column("direction", "Направление", Kind.TEXT, 12),
    Column("peer", "Собеседник", Kind.PHONE, 18),
    Column("service", "Услуга", Kind.TEXT, 28),
    Column("zone", "Зона", Kind.TEXT, 20),
    Column("duration", "Длительность", Kind.DURATION, 10),
    Column("volume", "Объём, МБ", Kind.VOLUME, 11),
    Column("cost", "Стоимость без НДС", Kind.AMOUNT, 11, 4),
)
SERVICES = [
    "Исходящие вызовы на МТС",
    "Исходящие по Беларуси",
    "Входящие внутри сети",
    "Интернет-трафик",
    "SMS исходящие",
    "Роуминг: Європа",
]
ZONES = ["Минск", "Брестская область", "Домашний регион", "Polska — Plus", "Deutschland & Österreich"]
MINSK = timezone(timedelta(hours=3))


def calls(count: int, seed: int = 1) -> Iterator[Row]:
    """`count` rows, all different in their times, peers, durations and costs, as real ones are."""
    chance = random.Random(seed)  # noqa: S311  # sample data
    start = datetime(2026, 10, 1, tzinfo=MINSK)
    for index in range(count):
        seconds = int(chance.expovariate(1 / 120))
        data = index % 4 == 0
        yield (
            f"37529{1_000_000 + index // 40 % 5000}",
            start + timedelta(seconds=index * 2_600_000 // count),
            "входящее" if index % 3 else "исходящее",
            None if data else f"37533{chance.randrange(10**7):07}",
            SERVICES[index % 6],
            ZONES[index % 5],
            seconds,
            chance.randrange(10**9) if data else None,
            Decimal(seconds * 37 % 100_000).scaleb(-4),
        )


def report(rows: Iterator[Row] | list[Row]) -> Report:
    facts = (Fact("client", "Клиент", "ООО «Пример»"), Fact("account", "Лицевой счёт", "00020123456"))
    section = Section("calls", "", COLUMNS, rows)
    return Report(
        "call_details", "Детализация вызовов", "ru", facts, (section,), datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
    )
