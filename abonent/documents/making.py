"""The work behind a request: collect, write, keep, and put the letters into the outbox, all fenced by the lease."""

import datetime as dt
import tempfile

from django.utils.translation import override

from abonent.audit.journal import SYSTEM, record
from abonent.documents.kinds import KINDS
from abonent.documents.letters import write_letters
from abonent.documents.models import DocumentRequest
from abonent.documents.writing import rows_of, write
from abonent.files.keeping import Kept, keep, store
from abonent.formats.report import MEGABYTE
from abonent.formats.writers import WRITERS
from abonent.jobs.lease import Lease
from abonent.jobs.queue import Lane, Queue, one
from abonent.lib import clock
from abonent.profile import current as current_profile

# Base64 and the letter's own text make an attachment a third larger than its file.
_MAIL_SHARE = 4 / 3


def make(request: DocumentRequest, lease: Lease[DocumentRequest]) -> None:
    """Make the file of one request and post its letters; after a crash it is done again, and they stand once."""
    with override(request.language):
        with lease.heartbeat():
            kept = _keep(request, lease)
        _settle(request, kept, lease)


def _keep(request: DocumentRequest, lease: Lease[DocumentRequest]) -> Kept:
    kind = KINDS[request.kind]
    with tempfile.TemporaryFile(prefix="abonent-document-") as stream:
        with kind.collect(request) as document:
            total = rows_of(document, request.format)
            write(document, request.format, stream, lambda rows: lease.renew(done=rows, total=total))
            request.progress_done = request.progress_total = total
        stream.seek(0)
        return keep(stream)


def _settle(request: DocumentRequest, kept: Kept, lease: Lease[DocumentRequest]) -> None:
    kind, rules = KINDS[request.kind], current_profile().documents
    chosen = WRITERS[request.format]
    name = f"{kind.file_name(request)}.{chosen.extension}"
    fields = ["file", "expires", "too_large", "progress_done", "progress_total"]
    with lease.commit(done=[request]):
        request.file = store(kept, name=name, mime=chosen.mime)
        request.expires = clock.now() + dt.timedelta(days=rules.link_days)
        request.too_large = request.by == DocumentRequest.By.EMAIL and is_too_large(kept.size)
        if request.by == DocumentRequest.By.EMAIL:
            write_letters(request, request.file, request.addresses)
        request.save(update_fields=fields)
        record(
            SYSTEM,
            "documents.make",
            target=("document", request.pk, str(request)),
            client_id=request.client_id,
            after={"file": name, "size": kept.size, "email": request.email},
            digest=kept.sha256,
        )


def is_too_large(size: int) -> bool:
    """Whether a file of `size` bytes would make a letter above the profile's limit."""
    return size * _MAIL_SHARE > current_profile().documents.mail_limit_mb * MEGABYTE


document_requests_queue = Queue(name="documents", model=DocumentRequest, work=one(make), lane=Lane.LONG)
