"""A small bar chart, drawn by the server: no script, nothing to load, and the figures stand in a table beside."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, GAP = 30, 96, 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: where its bar stands in the drawing (units of the viewBox), and what it stands for."""

    month: dt.date
    amount: Decimal
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


def bars(months: Sequence[tuple[dt.date, Decimal]]) -> list[Bar]:
    """Bars of the months in their order; the largest amount has the full height, nothing has none."""
    largest = max((amount for _month, amount in months), default=Decimal(0))
    drawn = []
    for place, (month, amount) in enumerate(months):
        height = int(HEIGHT * amount / largest) if largest > 0 else 0
        height = max(height, 2) if amount > 0 else 0
        drawn.append(Bar(month, amount, place * (WIDTH + GAP), HEIGHT - height, height))
    return drawn


@dataclass(frozen=True, slots=True)
class Swing:
    """One month's balance: its bar stands on the zero line, or hangs from it where it is negative."""

    month: dt.date
    amount: Decimal
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


def swings(months: Sequence[tuple[dt.date, Decimal]]) -> tuple[list[Swing], int]:
    """Bars above and below zero, to one scale, and where the zero line is (units of the viewBox)."""
    top = max((amount for _month, amount in months), default=Decimal(0))
    bottom = min((amount for _month, amount in months), default=Decimal(0))
    whole = max(top, Decimal(0)) - min(bottom, Decimal(0))
    zero = int(HEIGHT * max(top, Decimal(0)) / whole) if whole else HEIGHT
    drawn = []
    for place, (month, amount) in enumerate(months):
        height = max(int(HEIGHT * abs(amount) / whole), 2) if amount else 0
        drawn.append(Swing(month, amount, place * (WIDTH + GAP), zero - height if amount > 0 else zero, height))
    return drawn, zero


@dataclass(frozen=True, slots=True)
class Share:
    """One of several amounts: how long its bar is beside the largest, and its part of the whole, both in per cent."""

    label: str
    amount: Decimal
    length: int
    percent: Decimal
    about: str = ""


def shares(amounts: Sequence[tuple[str, str, Decimal]]) -> list[Share]:
    """Of (label, what more there is to say, amount), in their order. An amount that is not positive has no bar."""
    whole = sum((amount for _label, _about, amount in amounts), Decimal(0))
    largest = max((amount for _label, _about, amount in amounts), default=Decimal(0))
    return [
        Share(
            label,
            amount,
            max(int(100 * amount / largest), 1) if amount > 0 else 0,
            (100 * amount / whole).quantize(Decimal("0.1")) if whole > 0 else Decimal(0),
            about,
        )
        for label, about, amount in amounts
    ]
