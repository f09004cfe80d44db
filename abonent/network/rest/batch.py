"""Many commands at once: lines side by side, the commands of one line one after another."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from abonent.network.errors import NetworkError, UnreachableError
from abonent.network.rest.address import Address
from abonent.network.rest.caller import Caller
from abonent.network.rest.doing import Asked, Doing
from abonent.network.values import Outcome

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")


def side_by_side(address: Address, work: Callable[[Caller, T], R], parts: Sequence[T]) -> list[R]:
    """`work` on every part, in the order of the parts; at most `address.pool` at once, each thread with one line."""
    if not parts:
        return []
    local = threading.local()
    callers: list[Caller] = []

    def begin() -> None:
        local.caller = Caller(address)
        callers.append(local.caller)

    try:
        with ThreadPoolExecutor(min(address.pool, len(parts)), initializer=begin) as pool:
            return list(pool.map(lambda part: work(local.caller, part), parts))
    finally:
        for caller in callers:
            caller.close()


@contextmanager
def understood() -> Iterator[None]:
    """An answer in another shape than TM Forum's is a `NetworkError`, not a mishap of ours."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as odd:
        raise NetworkError("The network answered something that does not look like TMF640.") from odd


@dataclass(slots=True)
class Batch:
    """What came of the commands that were asked; of a key that is absent nothing is known.

    Once nobody can be reached, or as many answers as there are threads are missing, the rest is not asked.
    """

    address: Address
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    monitors: dict[str, str] = field(default_factory=dict)
    errors: list[NetworkError] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self, asked: Sequence[Asked]) -> None:
        by_number: dict[str, list[Asked]] = {}
        for one in asked:
            by_number.setdefault(one.command.number, []).append(one)
        side_by_side(self.address, self._line, list(by_number.values()))

    def _line(self, caller: Caller, commands: Sequence[Asked]) -> None:
        for asked in commands:
            if self._over.is_set():
                return
            key = asked.command.key
            try:
                with understood():
                    self.outcomes[key] = Doing(caller, asked, partial(self._note, key)).outcome()
            except NetworkError as error:
                # The line's next command waits for this one.
                self._failed(error)
                return

    def _note(self, key: str, monitor: str) -> None:
        self.monitors[key] = monitor

    def _failed(self, error: NetworkError) -> None:
        self.errors.append(error)
        if isinstance(error, UnreachableError) or len(self.errors) >= self.address.pool:
            self._over.set()
        log.warning("%s", error)
