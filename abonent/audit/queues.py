"""Checking a chain when somebody asks for it, or by the clock."""

import contextlib

from django.db import transaction

from abonent.audit.models import Entry, Verification
from abonent.audit.sealing import HeadForged, seal
from abonent.audit.verifying import verify_chain
from abonent.jobs.lease import Lease
from abonent.jobs.models import State
from abonent.jobs.queue import Lane, Queue, one


def ask(client_id: int | None) -> Verification:
    """Have a chain checked; the check that waits or runs already, where there is one."""
    with transaction.atomic():
        open_ones = Verification.objects.filter(client_id=client_id, state__in=[State.WAITING, State.RUNNING])
        return open_ones.first() or Verification.objects.create(client_id=client_id)


def ask_for_all() -> None:
    """Have every chain checked."""
    for client_id in Entry.objects.order_by().values_list("client_id", flat=True).distinct():
        ask(client_id)


def latest(client_id: int | None) -> Verification | None:
    """The last check of a chain, finished or not."""
    return Verification.objects.filter(client_id=client_id).order_by("-id").first()


def check(verification: Verification, lease: Lease[Verification]) -> None:
    with lease.heartbeat():
        # An end that is not signed stops the sealing; the check itself then names it.
        with contextlib.suppress(HeadForged):
            seal()
        report = verify_chain(verification.client_id)
    verification.entries, verification.unsealed = report.entries, report.unsealed
    verification.problems = [[found.kind.value, found.sequence, found.entry_id] for found in report.problems]
    with lease.commit(done=[verification]):
        verification.save(update_fields=["entries", "unsealed", "problems"])


VERIFICATIONS = Queue(name="verifications", model=Verification, work=one(check), lane=Lane.LONG)
