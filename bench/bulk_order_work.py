"""The work of the bench `bulk_order`, in a process of its own that has a scratch database."""

import sys
import time

from bench.order_company import CONNECT_FEE, Company, build, wait_for, worker  # first: it reads the settings

from django.db import connection, transaction  # isort: skip

from abonent.jobs.worker import alive  # isort: skip
from abonent.lib import clock  # isort: skip
from abonent.network.models import NetworkCommand  # isort: skip
from abonent.orders.models import Order  # isort: skip
from abonent.subscribers.models import ConnectedService, Subscriber  # isort: skip
from bench.measure import figure  # isort: skip


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
    plain = rows / _plain_sql(company)
    peer = "the same rows as plain SQL, one transaction"
    figure(f"bulk_order.{kind}.checked", rows / (checked - began), "rows/s", note="upload to verdicts")
    figure(f"bulk_order.{kind}.done", rows / (done - checked), "rows/s", note="confirmed to last row done")
    whole = rows / (done - began)
    figure(f"bulk_order.{kind}", whole, "rows/s", peer=peer, peer_value=plain, note="upload to last row done")


def _plain_sql(company: Company) -> float:
    """Seconds for writing the end result alone: a connection and a line of the network's log for each number."""
    lines = dict(Subscriber.objects.values_list("number", "pk"))
    now = connection.ops.adapt_datetimefield_value(clock.now()) or ""
    ConnectedService.objects.all().delete()
    NetworkCommand.objects.all().delete()
    service = company.service.pk
    services = [(lines[number], service, now, "2", str(CONNECT_FEE), f"plain-{number}") for number in company.numbers]
    commands = [(f"plain-{number}", "connect_service", number, "{}", True, "", now) for number in company.numbers]
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO subscribers_connectedservice (subscriber_id, service_id, start, fee, connect_fee, source) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            services,
        )
        cursor.executemany(
            "INSERT INTO network_networkcommand (key, kind, number, args, done, reason, at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            commands,
        )
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
