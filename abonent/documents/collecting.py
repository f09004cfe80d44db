"""«На руки»: a document that somebody comes for, and who took it (L5)."""

from django.db import transaction

from abonent.access.models import Seat
from abonent.audit.journal import Origin, record
from abonent.documents.models import DocumentRequest
from abonent.jobs.models import State
from abonent.lib import clock


def hand_over(request: DocumentRequest, taken_by: str, seat: Seat, origin: Origin) -> bool:
    """Note that `taken_by` took the document from the staff, once; False where it is noted already, or not made."""
    waiting = DocumentRequest.objects.as_system().filter(
        pk=request.pk, by=DocumentRequest.By.HAND, state=State.DONE, collected_at=None
    )
    with transaction.atomic():
        noted = waiting.update(
            collected_at=clock.now(), collected_by=taken_by[:200], handed_over_by=seat.person.name[:200]
        )
        if noted:
            record(
                seat.actor(),
                "documents.collect",
                target=("document", request.pk, str(request)),
                client_id=request.client_id,
                after={"kind": request.kind, "account": request.account.number, "collected_by": taken_by},
                origin=origin,
            )
    return bool(noted)
