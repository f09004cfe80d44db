"""How the benches measure: processor time, median of three, and the peak memory of a process; a JSON object a line."""

import importlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Cost:
    """`seconds` of processor time, the median of the runs; `peak_mb` of the whole process."""

    seconds: float
    peak_mb: float


def figure(
    bench: str,
    value: float,
    unit: str,
    *,
    peer: str = "",
    peer_value: float | None = None,
    note: str = "",
    invert: bool = False,
) -> None:
    """Print one figure. `ratio` tells how much better the value is; `invert` where less is better."""
    ratio = None
    if peer_value and value:
        ratio = round(peer_value / value if invert else value / peer_value, 2)
    shown = {
        "bench": bench,
        "value": round(value, 2),
        "unit": unit,
        "peer": peer or None,
        "peer_value": None if peer_value is None else round(peer_value, 2),
        "ratio": ratio,
        "note": note or None,
    }
    print(json.dumps(shown, ensure_ascii=False), flush=True)


def seconds(work: Work, times: int = 3) -> float:
    """The median processor time of `times` runs."""
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def in_child(factory: str, *arguments: str | int | Path, times: int = 3) -> Cost:
    """The cost of the work that `factory` (`module:function`) prepares from `arguments`, in a fresh process.

    What the factory does itself, like making the rows, is not timed; the peak includes it, so a factory that is asked
    for memory hands out lazy rows.
    """
    command = [sys.executable, "-m", "bench.measure", str(times), factory, *map(str, arguments)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  # our own module
    spent, peak = json.loads(answer.stdout.splitlines()[-1])
    return Cost(spent, peak)


def peak_mb(process: int | str = "self") -> float:
    """The most memory that a process has held, in MB; unlike ru_maxrss it forgets what the parent held."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main(times: int, factory: str, arguments: list[str]) -> None:
    module, _, name = factory.partition(":")
    work: Work = getattr(importlib.import_module(module), name)(*arguments)
    spent = seconds(work, times)
    print(json.dumps([spent, peak_mb()]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
