"""The work of the bench `pages_under_load`, in a process of its own that has a scratch database."""

import random
import statistics
import sys
import time
import uuid
from collections.abc import Callable

from bench.order_company import Company, build, wait_for, workbook, worker  # first: it reads the settings

from abonent.files.keeping import store  # isort: skip
from abonent.jobs.worker import alive  # isort: skip
from abonent.orders import intake  # isort: skip
from abonent.orders.models import Order  # isort: skip
from abonent.orders.selection import Source  # isort: skip
from abonent.subscribers.models import Subscriber  # isort: skip
from bench.measure import figure  # isort: skip
from bench.orders_work import MIME, hold  # isort: skip

AIM_LOADED_MS, AIM_QUIET_MS, AIM_SMALL_SECONDS = 150, 60, 5
OK, MOVED = 200, 302
Page = Callable[[], None]


def main(database: str, rows: int, requests: int) -> None:
    company = build(rows + 1)
    hold()
    pages = pages_of(company, random.Random(7))  # noqa: S311  # the same requests each time
    with worker():
        while not alive():
            time.sleep(0.05)
        tell(f"pages_under_load.{database}.quiet", AIM_QUIET_MS, *measured(pages, requests))
        file = store(workbook((number,) for number in company.numbers[:rows]), name="numbers.xlsx", mime=MIME)
        large = ordered(company, Source(file=file))
        small_order(company, database)
        spent, rounds = measured(pages, requests, lambda: still_running(large))
        tell(f"pages_under_load.{database}.loaded", AIM_LOADED_MS, spent, rounds)
        wait_for(large, Order.State.DONE, Order.State.PARTLY)


def pages_of(company: Company, dice: random.Random) -> dict[str, Page]:
    ids = list(Subscriber.objects.values_list("pk", flat=True)[:1000])

    def get(address: str) -> None:
        answer = company.browser.get(address)
        assert answer.status_code == OK, (address, answer.status_code)

    def write() -> None:
        answer = company.browser.post("/language/", {"language": dice.choice(["ru", "be"])})
        assert answer.status_code == MOVED, answer.status_code

    return {
        "home": lambda: get("/home/"),
        "list": lambda: get("/subscribers/"),
        "card": lambda: get(f"/subscribers/{dice.choice(ids)}/"),
        "write": write,
    }


def measured(
    pages: dict[str, Page], requests: int, goes_on: Callable[[], bool] = lambda: True
) -> tuple[dict[str, list[float]], int]:
    """Milliseconds of each request by page, after one that warms up; and how many rounds there were."""
    spent: dict[str, list[float]] = {name: [] for name in pages}
    for ask in pages.values():
        ask()
    rounds = 0
    while rounds < requests and goes_on():
        for name, ask in pages.items():
            began = time.perf_counter()
            ask()
            spent[name].append((time.perf_counter() - began) * 1000)
        rounds += 1
    return spent, rounds


def tell(name: str, aim: int, spent: dict[str, list[float]], rounds: int) -> None:
    for page, times in spent.items():
        p95 = statistics.quantiles(times, n=20)[18] if rounds > 1 else 0.0
        figure(f"{name}.{page}.p95_ms", p95, "ms", note=f"{rounds} requests; aim: under {aim} ms")


def ordered(company: Company, source: Source) -> Order:
    """An order for these numbers, confirmed."""
    order = intake.place(company.seat, "connect_service", {"service": company.service.pk}, source, key=uuid.uuid4())
    wait_for(order, Order.State.DRAFT)
    assert order.confirm(company.seat.actor())
    return order


def small_order(company: Company, database: str) -> None:
    """One line beside the large order: it does not stand behind it."""
    line = Subscriber.objects.get(number=company.numbers[-1])
    began = time.perf_counter()
    done = wait_for(ordered(company, Source(ids=(line.pk,))), Order.State.DONE)
    note = f"a one-line order beside the large one; aim: under {AIM_SMALL_SECONDS} s"
    figure(f"pages_under_load.{database}.small_order_s", done - began, "s", note=note)


def still_running(order: Order) -> bool:
    order.refresh_from_db()
    return bool(order.is_running)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
