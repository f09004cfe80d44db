"""The embedded network, but slow, unwilling and forgetful: for tests, demonstrations and benches."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self
from urllib.parse import SplitResult, parse_qsl

from django.core.exceptions import ImproperlyConfigured

from abonent.network.embedded import EmbeddedNetwork
from abonent.network.errors import NetworkError
from abonent.network.models import NetworkCommand
from abonent.network.values import Command, Outcome

LONGEST_MS = 60_000


@dataclass(frozen=True, slots=True)
class Temper:
    """Shares are from 0 to 1 of the keys; which keys they are, `seed` decides, always alike."""

    delay_ms: int = 0
    late_share: float = 1.0
    refuse_share: float = 0.0
    timeout_after_share: float = 0.0
    seed: str = ""

    @classmethod
    def read(cls, url: SplitResult) -> Self:
        """From `trying://?delay_ms=…&late_share=…&…`; what is unknown or out of bounds is `ImproperlyConfigured`."""
        given = dict(parse_qsl(url.query, keep_blank_values=True))
        unknown = set(given) - {field.name for field in fields(cls)}
        if unknown:
            raise ImproperlyConfigured(f"ABONENT_NETWORK_URL: trying:// knows no {', '.join(sorted(unknown))}")
        try:
            delay = int(given.get("delay_ms", "0"))
            shares = {name: float(value) for name, value in given.items() if name.endswith("_share")}
        except ValueError as wrong:
            raise ImproperlyConfigured(f"ABONENT_NETWORK_URL: {wrong}") from wrong
        if not 0 <= delay <= LONGEST_MS or not all(0 <= share <= 1 for share in shares.values()):
            raise ImproperlyConfigured("ABONENT_NETWORK_URL: a share is from 0 to 1, a delay from 0 to 60000 ms")
        return cls(delay_ms=delay, seed=given.get("seed", ""), **shares)

    def hits(self, what: str, share: float, key: str) -> bool:
        """Whether this key is one of that share of all keys."""
        digest = hashlib.sha256(f"{self.seed}:{what}:{key}".encode()).digest()
        return int.from_bytes(digest[:6]) < share * 2**48


class TryingNetwork(EmbeddedNetwork):
    """Its effects are in the embedded network's log; an answer that it loses was an effect before."""

    def __init__(self, temper: Temper) -> None:
        self.temper = temper

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        keys = {command.key for command in commands}
        new = keys - set(NetworkCommand.objects.filter(key__in=keys).values_list("key", flat=True))
        temper = self.temper
        if temper.delay_ms and any(temper.hits("late", temper.late_share, key) for key in new):
            time.sleep(temper.delay_ms / 1000)
        outcomes = super().apply(commands)
        told = {
            key: outcome
            for key, outcome in outcomes.items()
            if key not in new or not temper.hits("timeout", temper.timeout_after_share, key)
        }
        if commands and not told:
            raise NetworkError("The network did not answer in time.")
        return told

    def check(self) -> str:
        return f"The embedded network, on trial: {self.temper}"

    def _refusal(self, command: Command) -> str:
        return "on_trial" if self.temper.hits("refuse", self.temper.refuse_share, command.key) else ""
