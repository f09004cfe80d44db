"""The work of the bench `orders`, in a process of its own that has a scratch database."""

import datetime as dt
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence

from bench.order_company import Company, build, start_worker, wait_for, workbook  # first: it reads the settings

from django.db import models  # isort: skip

from abonent.catalog.models import NumberCategory, OptionSet, Tariff  # isort: skip
from abonent.files.keeping import store  # isort: skip
from abonent.jobs.worker import alive  # isort: skip
from abonent.lib import clock  # isort: skip
from abonent.lib.inserting import insert  # isort: skip
from abonent.orders import intake  # isort: skip
from abonent.orders.models import Order  # isort: skip
from abonent.orders.selection import Source  # isort: skip
from abonent.subscribers import pool  # isort: skip
from abonent.subscribers.models import (  # isort: skip
    AccountHolding,
    NameHolding,
    NumberHolding,
    PlanHolding,
    SimCard,
    SimHolding,
    StatusHolding,
    Subscriber,
)
from bench.measure import figure, peak_mb  # isort: skip
from bench.orders_plain import plain_rows_per_second  # isort: skip

CHUNK = 2000
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PEER = "the same rows as plain SQL, one transaction"


def main(database: str, rows: int, workers: int, kinds: Sequence[str]) -> None:
    # One line more than the orders are for: the last of an account is not to be ended.
    company = build(rows + 1)
    hold()
    kept = company.numbers[-1]
    processes = [start_worker() for _ in range(workers)]
    try:
        while alive() < workers:
            time.sleep(0.05)
        for kind in kinds:
            # As they are now: one of the kinds changes them.
            lines = Subscriber.objects.filter(status="active" if kind != "unblock" else "blocked")
            numbers = list(lines.exclude(number=kept).order_by("pk").values_list("number", flat=True)[:rows])
            params = _params(company, kind, rows)
            measure(company, kind, _file(numbers, kind), params, f"orders.{kind}.{database}.{workers}w")
        peak = max(peak_mb(process.pid) for process in processes)
        note = f"the largest of {workers}, after all of: {', '.join(kinds)}; aim: under 300"
        figure(f"orders.{database}.{workers}w.peak_mb", peak, "MB", note=note)
    finally:
        _stop(processes)


def hold() -> None:
    """Give every line the rows of what it holds, as lines of the product have them."""
    lines = list(Subscriber.objects.order_by("pk"))
    began = clock.now() - dt.timedelta(days=30)
    for place in range(0, len(lines), CHUNK):
        for rows in zip(*(_holdings(line, began) for line in lines[place : place + CHUNK]), strict=True):
            insert(rows)


def _holdings(line: Subscriber, start: dt.datetime) -> tuple[models.Model, ...]:
    return (
        AccountHolding(subscriber=line, account_id=line.account_id, start=start),
        NumberHolding(subscriber=line, number=line.number, start=start),
        SimHolding(subscriber=line, iccid=line.iccid, start=start),
        NameHolding(subscriber=line, last_name=line.last_name, start=start),
        PlanHolding(subscriber=line, tariff_id=line.tariff_id, start=start),
        StatusHolding(subscriber=line, status=line.status, start=start),
    )


def measure(company: Company, kind: str, content: bytes, params: dict[str, object], name: str) -> None:
    began = time.perf_counter()
    file = store(content, name="numbers.xlsx", mime=MIME)
    order = intake.place(company.seat, kind, params, Source(file=file), key=uuid.uuid4())
    checked = wait_for(order, Order.State.DRAFT, Order.State.UNREADABLE)
    assert order.left == order.total, (kind, order.refusal, order.refused, order.nothing)
    assert order.confirm(company.seat.actor()), order.why_not()
    confirmed = time.perf_counter()
    done = wait_for(order, Order.State.DONE, Order.State.PARTLY, Order.State.FAILED)
    assert order.done == order.total, (kind, order.failed, order.refused)
    figure(f"{name}.checked", order.total / (checked - began), "rows/s", note="upload to verdicts; aim: 5,000")
    figure(f"{name}.done", order.total / (done - confirmed), "rows/s", note="confirmed to last row done; aim: 3,000")
    plain = plain_rows_per_second(order)
    whole = order.total / (done - began)
    figure(name, whole, "rows/s", peer=PEER, peer_value=plain, note="upload to last row done")


def _params(company: Company, kind: str, rows: int) -> dict[str, object]:
    """What the order asks for; what it takes of the operator's stock is there."""
    if kind == "change_option_set":
        held = Subscriber.objects.order_by("pk")[0].tariff
        chosen = OptionSet.objects.create(tariff=held, code="o", names={"ru": "Набор"}, fee=1)
        return {"tariff": held.pk, "option_set": chosen.pk}
    if kind == "forwarding":
        return {"kind": "busy", "on": True, "target": "+375447654321"}
    if kind == "replace_sim":
        insert([SimCard(iccid=_iccid(place), client=company.seat.client) for place in range(rows)])
    if kind == "change_numbers":
        names = {"ru": "Обычные"}
        category = NumberCategory.objects.create(code="plain", names=names, kind="mobile", fee=1)
        pool.load(category, [f"37544{place:07}" for place in range(rows)])
        return {"category": category.pk}
    if kind in {"connect_service", "disconnect_service"}:
        return {"service": company.service.pk}
    if kind == "change_plan":
        old = Tariff.objects.get()
        names = {"ru": "Другой тариф"}
        new = Tariff.objects.create(code="u", names=names, category=old.category, kind=old.kind, fee=2)
        return {"tariff": new.pk}
    return {}


def _iccid(place: int) -> str:
    return f"8937502{place:012}"


def _file(numbers: Sequence[str], kind: str) -> bytes:
    """The numbers, and beside them what a row of this kind asks for."""
    if kind == "rename":
        return workbook([(number, f"Sokol{place}", "Anna", "") for place, number in enumerate(numbers)])
    if kind == "replace_sim":
        return workbook([(number, _iccid(place)) for place, number in enumerate(numbers)])
    return workbook([(number,) for number in numbers])


def _stop(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4].split(","))
