"""The work of the bench `bulk_order`, in a process of its own that has a scratch database."""

import sys
import time

from bench.order_company import build, wait_for, worker  # first: it reads the settings

from abonent.jobs.worker import alive  # isort: skip
from abonent.network.models import NetworkCommand  # isort: skip
from abonent.orders.models import Order  # isort: skip
from abonent.subscribers.models import ConnectedService  # isort: skip
from bench.measure import figure  # isort: skip
from bench.orders_plain import plain_rows_per_second  # isort: skip


def main(kind: str, rows: int) -> None:
    company = build(rows)
    with worker():
        while not alive():
            time.sleep(0.05)
        company.open()
        began = time.perf_counter()
        order = company.upload()
        checked = wait_for(order, Order.State.DRAFT)
        company.confirm(order)
        done = wait_for(order, Order.State.DONE)
    assert (order.done, ConnectedService.objects.count(), NetworkCommand.objects.count()) == (rows, rows, rows)
    plain = plain_rows_per_second(order)
    peer = "the same rows as plain SQL, one transaction"
    figure(f"bulk_order.{kind}.checked", rows / (checked - began), "rows/s", note="upload to verdicts")
    figure(f"bulk_order.{kind}.done", rows / (done - checked), "rows/s", note="confirmed to last row done")
    whole = rows / (done - began)
    figure(f"bulk_order.{kind}", whole, "rows/s", peer=peer, peer_value=plain, note="upload to last row done")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
