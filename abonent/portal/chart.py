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
