"""Bill, request, make and send, as the worker does, in this process: `bill_delivery_work sqlite FOLDER`."""

import io
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import django

django.setup()

from django.utils.translation import override  # noqa: E402  # the settings come first

from abonent.billing.models import Invoice  # noqa: E402
from abonent.billing.run import bill_run  # noqa: E402
from abonent.clients.models import Account  # noqa: E402
from abonent.documents.kinds import KINDS  # noqa: E402
from abonent.documents.making import document_requests_queue  # noqa: E402
from abonent.documents.models import DocumentRequest  # noqa: E402
from abonent.documents.regular import deliver_issued  # noqa: E402
from abonent.documents.writing import write  # noqa: E402
from abonent.jobs.worker import drain  # noqa: E402
from abonent.lib import clock  # noqa: E402
from abonent.outbox.queues import letters_queue, urgent_letters_queue  # noqa: E402
from bench.bill_delivery_world import MONTH, NOW  # noqa: E402
from bench.measure import figure, peak_mb  # noqa: E402
from bench.smtp_sink import letters  # noqa: E402

SAMPLE = 50


@dataclass(slots=True)
class Spent:
    """Seconds on the clock, and of the processor by this process."""

    wall: float = 0
    cpu: float = 0


def main(kind: str, folder: Path) -> None:
    clock.start_at(NOW)
    accounts, whole = Account.objects.as_system().count(), Spent()
    _stage(kind, "run", accounts, whole, lambda: bill_run(MONTH))
    assert Invoice.objects.as_system().count() == accounts
    _stage(kind, "request", accounts, whole, deliver_issued)
    _stage(kind, "pdf", accounts, whole, lambda: drain([document_requests_queue]), peer=_pdfs_alone())
    _stage(kind, "send", accounts, whole, lambda: drain([urgent_letters_queue, letters_queue]))
    name, came = f"bill_delivery.{kind}", letters(folder / "letters.json", accounts)
    note = f"{accounts} accounts of 1 to 5 numbers: billed, made as PDF, sent by SMTP; one process"
    figure(name, accounts / whole.wall, "invoices/s", note=note)
    figure(f"{name}.cpu_ms", 1000 * whole.cpu / accounts, "ms", note="processor time of an invoice, all stages")
    figure(f"{name}.peak_mb", peak_mb(), "MB", note="of the process")
    figure(f"{name}.lost", accounts - came["pdfs"], "letters", note="aim: 0")
    figure(f"{name}.doubled", came["letters"] - came["ids"], "letters", note="aim: 0")


def _stage(
    kind: str, stage: str, accounts: int, whole: Spent, work: Callable[[], object], peer: float | None = None
) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    whole.wall += wall
    whole.cpu += cpu
    note = f"{1000 * cpu / accounts:.1f} ms of the processor each"
    against = "the PDF alone, without database and file" if peer else ""
    figure(f"bill_delivery.{kind}.{stage}", accounts / wall, "invoices/s", peer=against, peer_value=peer, note=note)


def _pdfs_alone() -> float:
    """Documents a second where the same invoices are only written, to memory."""
    requests = list(DocumentRequest.objects.as_system().order_by("pk")[: SAMPLE + 1])
    spent = 0.0
    for place, request in enumerate(requests):
        with override(request.language), KINDS[request.kind].collect(request) as document:
            began = time.perf_counter()
            write(document, request.format, io.BytesIO(), lambda _rows: None)
            spent += (time.perf_counter() - began) if place else 0  # the first one loads the fonts
    return SAMPLE / spent


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
