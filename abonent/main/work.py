"""What the worker does: the queues it works, and what it does by the clock."""

import datetime as dt
from collections.abc import Sequence

from abonent import profile
from abonent.access.upkeep import prune as prune_access
from abonent.appeals import by_letter
from abonent.appeals.uploads import prune as prune_uploads
from abonent.audit.anchoring import anchor
from abonent.audit.queues import VERIFICATIONS, ask_for_all
from abonent.audit.sealing import seal
from abonent.billing import current
from abonent.billing.bank.loading import bank_statements_queue
from abonent.billing.run import account_runs_queue, bill_runs_queue
from abonent.documents.making import document_requests_queue
from abonent.documents.regular import deliver_issued
from abonent.files.keeping import sweep as sweep_files
from abonent.hierarchy.importing import IMPORTS, prune_imports
from abonent.jobs.queue import Workable
from abonent.jobs.schedule import Daily, Task
from abonent.notices.looking import look
from abonent.notices.spending import watch_spend
from abonent.notices.upkeep import prune as prune_notices
from abonent.orders import queues as orders
from abonent.orders.pruning import prune_drafts
from abonent.orders.starting import start_due
from abonent.outbox import bounces
from abonent.outbox.mailbox import Handler, read_mailbox
from abonent.outbox.posting import post
from abonent.outbox.queues import letters_queue, texts_queue, urgent_letters_queue
from abonent.usage.store import sweep as sweep_usage

QUEUES: Sequence[Workable] = [
    orders.CHECKS,
    IMPORTS,
    orders.ITEMS,
    document_requests_queue,
    bill_runs_queue,
    account_runs_queue,
    bank_statements_queue,
    texts_queue,
    urgent_letters_queue,
    letters_queue,
    VERIFICATIONS,
]


# Who takes a letter that came into the mailbox: the first that knows it.
LETTER_HANDLERS: Sequence[Handler] = [bounces.take, by_letter.answer]


def keep_anchor() -> None:
    anchor(lambda to, subject, text: post(to, subject, text, purpose="journal anchor", language="en"))


def _at_night(hour: int) -> Daily:
    return Daily(dt.time(hour, 15), profile.current().zone)


def schedule() -> list[Task]:
    """Run times are of the profile's zone."""
    return [
        Task(name="audit.seal", every=dt.timedelta(seconds=1), run=seal),
        Task(name="orders.start", every=dt.timedelta(seconds=1), run=start_due),
        Task(name="billing.current", every=dt.timedelta(minutes=1), run=current.refresh),
        Task(name="documents.deliver", every=dt.timedelta(minutes=1), run=deliver_issued),
        Task(name="notices.look", every=dt.timedelta(minutes=1), run=look),
        Task(name="notices.spend", every=dt.timedelta(hours=1), run=watch_spend),
        Task(name="outbox.mailbox", every=dt.timedelta(minutes=1), run=lambda: read_mailbox(LETTER_HANDLERS)),
        Task(name="orders.prune", every=_at_night(2), run=prune_drafts),
        Task(name="hierarchy.prune", every=_at_night(2), run=prune_imports),
        Task(name="access.prune", every=_at_night(2), run=prune_access),
        Task(name="audit.verify", every=_at_night(1), run=ask_for_all),
        Task(name="audit.anchor", every=_at_night(0), run=keep_anchor),
        Task(name="appeals.prune", every=_at_night(2), run=prune_uploads),
        Task(name="notices.prune", every=_at_night(3), run=prune_notices),
        Task(name="files.sweep", every=_at_night(3), run=sweep_files),
        Task(name="usage.sweep", every=_at_night(4), run=sweep_usage),
    ]
