"""The work of the bench `crash`, in a process of its own that has a scratch database."""

import json
import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.order_company import CONNECT_FEE, build, reconnecting, start_worker, wait_for  # first: it reads the settings

from abonent.audit.models import Entry  # isort: skip
from abonent.network.models import NetworkCommand  # isort: skip
from abonent.orders.executing import digest  # isort: skip
from abonent.orders.models import Order, OrderItem  # isort: skip
from abonent.subscribers.models import ConnectedService  # isort: skip
from bench.measure import figure  # isort: skip

LONGEST_WAIT = 0.12
PATIENCE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Count:
    """By one of the three books: rows that are missing, and rows that are there more than once."""

    lost: int
    doubled: int

    @classmethod
    def of(cls, found: Counter[str], expected: list[str]) -> "Count":
        return cls(len(set(expected) - set(found)), sum(times - 1 for times in found.values()))


def main(kind: str, rows: int, kills: int, seed: int, batch: int = 0, restarts: int = 0) -> None:  # figures
    company = build(rows)
    process = start_worker(batch)
    order = company.upload()
    wait_for(order, Order.State.DRAFT)
    company.confirm(order)
    chance = random.Random(seed)  # noqa: S311  # moments, not secrets
    done = 0
    while done < kills:
        before = _until_a_batch_is_leased(order)
        delay = chance.uniform(0, LONGEST_WAIT)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        left = OrderItem.objects.filter(order=order, lease__isnull=False).exclude(lease__in=before).count()
        if left:
            # Only a worker that died with a batch in hand counts.
            done += 1
            said = {"kill": done, "database": kind, "after_ms": round(delay * 1000, 1), "leased_rows": left}
            print(json.dumps(said), flush=True)
            if restarts and done % max(kills // restarts, 1) == 0:
                _restart_database()
        process = start_worker(batch)
    wait_for(order, Order.State.DONE, Order.State.PARTLY, Order.State.FAILED)
    process.terminate()
    process.wait()
    books = {
        "network": _network(company.numbers),
        "charges": _charges(company.numbers),
        "journal": _journal(order, company.numbers),
    }
    _tell("crash_orders" if batch else "crash", f"{kind}, {kills} kills, {restarts} restarts", books)
    assert order.done == rows, (order.done, order.failed)


def _restart_database() -> None:
    """Bring PostgreSQL down at once, as a power cut does, and wait until it is back (`order_world` starts it again)."""
    folder = unquote(urlsplit(os.environ["ABONENT_DATABASE_URL"]).netloc.rpartition("@")[2])
    pid = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    back = False
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not back and time.monotonic() < deadline:
        time.sleep(0.2)
        with reconnecting():
            back = pid != _postmaster(folder) and Order.objects.exists()
    assert back, "PostgreSQL did not come back"


def _postmaster(folder: str) -> int:
    found = Path(folder) / "postmaster.pid"
    return int(found.read_text().split()[0]) if found.exists() else 0


def _leases(order: Order) -> set[uuid.UUID]:
    held = OrderItem.objects.filter(order=order, lease__isnull=False)
    return {lease for lease in held.values_list("lease", flat=True).distinct() if lease}


def _until_a_batch_is_leased(order: Order) -> set[uuid.UUID]:
    """Wait until the worker that lives has a batch; the leases that the killed ones left behind."""
    known = _leases(order)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if _leases(order) - known:
            return known
        time.sleep(0.002)
    raise TimeoutError("no batch was leased: the order ended before the last kill")


def _network(numbers: list[str]) -> Count:
    """The network's own log: how often each number was told to connect."""
    return Count.of(Counter(NetworkCommand.objects.values_list("number", flat=True)), numbers)


def _charges(numbers: list[str]) -> Count:
    """What is billed: one connection, and one price of connecting, for each number."""
    rows = list(ConnectedService.objects.values_list("subscriber__number", "connect_fee"))
    assert sum((fee for _number, fee in rows), Decimal(0)) == CONNECT_FEE * len(rows)
    return Count.of(Counter(number for number, _fee in rows), numbers)


def _journal(order: Order, numbers: list[str]) -> Count:
    """The journal: the rows that its entries name, each entry's digest compared with the rows themselves."""
    of_row = {
        item[0]: item for item in OrderItem.objects.filter(order=order).values_list("row", "number", "result", "reason")
    }
    told: Counter[str] = Counter()
    for entry in Entry.objects.filter(action="orders.rows", target_id=str(order.pk)).select_related("beside"):
        rows = [of_row[row] for row in _rows(str(entry.beside.after["rows"]))]
        assert entry.digest == digest(rows)
        told.update(number for _row, number, result, _reason in rows if result == "done")
    return Count.of(told, numbers)


def _rows(spans: str) -> list[int]:
    """The rows that `1-400 402` names."""
    found: list[int] = []
    for span in spans.split():
        first, _, last = span.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def _tell(name: str, what_for: str, counts: dict[str, Count]) -> None:
    for what in ("lost", "doubled"):
        each = {book: getattr(count, what) for book, count in counts.items()}
        note = f"{what_for}; " + ", ".join(f"{book} {number}" for book, number in each.items())
        figure(f"{name}.{what}", max(each.values()), "rows", note=note)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:-1]))
