"""What a check of the journal found."""

from dataclasses import dataclass, field
from enum import Enum

# Whoever altered thousands of entries is found out by the first ones.
MANY = 100


class Kind(Enum):
    ALTERED = "altered"
    REMOVED = "removed"
    REORDERED = "reordered"
    ADDED = "added"
    CUT = "cut"
    FORGED = "forged"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and at which entry of which chain (0: the operator's own)."""

    kind: Kind
    chain: int
    sequence: int
    entry_id: int | None
    text: str

    def __str__(self) -> str:
        chain = f"the chain of client {self.chain}" if self.chain else "the operator's chain"
        entry = "" if self.entry_id is None else f" (entry {self.entry_id})"
        return f"{self.kind.value}: {chain}, number {self.sequence}{entry}: {self.text}"


@dataclass(slots=True)
class Report:
    """Counts, the head of each chain (sequence, hash; worth keeping elsewhere), and the first 100 problems."""

    entries: int = 0
    erased: int = 0
    unsealed: int = 0
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.problems

    def add(self, kind: Kind, chain: int, sequence: int, entry_id: int | None, text: str) -> None:
        if len(self.problems) < MANY:
            self.problems.append(Problem(kind, chain, sequence, entry_id, text))
