"""The bill run of a month: usage closed and rated, then an invoice per account, each a job of its own.

Whoever starts it a second time, after a crash or at the same time, helps the first to finish: a month has one run, a
run has one row per account, a row is worked by whoever has its lease, and an account has one invoice per month.
"""

import contextlib
import datetime as dt
import gc
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from abonent import profile
from abonent.audit.journal import SYSTEM, record
from abonent.billing import invoicing, usage_charges
from abonent.billing.models import AccountRun, BillRun, InstalmentPlan
from abonent.clients.models import Account
from abonent.jobs.backoff import Backoff
from abonent.jobs.errors import GiveUp, LeaseLost
from abonent.jobs.lease import Lease
from abonent.jobs.models import State
from abonent.jobs.pause import breathe
from abonent.jobs.queue import Lane, Queue, one
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.subscribers.models import AccountHolding, Subscriber
from abonent.usage import months, rating
from abonent.usage.models import UsageMonth

Progress = Callable[[int, int], None]
_LOOK_AGAIN_SECONDS = 0.1
_CHUNK = 500
# Lines now on the account; who left it in the month does not make it large.
_SMALL = 500


class BillRunError(Exception):
    """The run cannot begin, or some account's invoice could not be formed; the text says why, to a person."""


def bill_run(month: Month, progress: Progress | None = None) -> BillRun:
    """Form every invoice of `month`, here and now, beside the workers; return when all are formed.

    `progress` is told (accounts formed, accounts of the run). Raises BillRunError: the month has not ended, or what
    failed; to start it again tries what failed again.
    """
    run = begin(month)
    served: dict[str, int] = {}
    while True:
        worked = bill_runs_queue.turn(served) + account_runs_queue.turn(served)
        run.refresh_from_db()
        waiting, formed, total = _count(run)
        if progress:
            progress(formed, total)
        if run.is_open or waiting:
            if not worked:
                time.sleep(_LOOK_AGAIN_SECONDS)
            continue
        _must_be_whole(run)
        return run


def begin(month: Month) -> BillRun:
    """Enter the run of `month` for the workers; what is dead of an earlier start is tried again."""
    end = month.period(profile.current().zone).end
    if end is None or clock.now() < end:
        raise BillRunError(_("The month %(month)s has not ended yet.") % {"month": month})
    run, _new = BillRun.objects.get_or_create(month=str(month))
    for job in [run, *run.accounts.filter(state=State.DEAD)]:
        job.restart()
    return run


def prepare(run: BillRun, lease: Lease[BillRun]) -> None:
    """Close and rate the month once for the whole operator, list the accounts, open the next month."""
    with lease.heartbeat():
        try:
            months.close(run.period)
            version = rating.rate(run.period)
        except (months.CannotCloseError, rating.CannotRateError) as error:
            raise GiveUp(str(error)) from error
        accounts = _accounts(run.period, usage_charges.accounts_with_usage(version))
    if not BillRun.objects.filter(pk=run.pk, lease=lease.key).update(rating_version=version):
        raise LeaseLost(f"the run of {run} is not ours any more")
    for start in range(0, len(accounts), _CHUNK):
        rows = [AccountRun(run=run, account_id=account) for account in accounts[start : start + _CHUNK]]
        AccountRun.objects.bulk_create(rows, ignore_conflicts=True)
        breathe()
    with lease.commit(done=[run]):
        UsageMonth.objects.get_or_create(month=str(run.period.plus(1)))
        after = {"accounts": len(accounts), "records": version.records, "unrated": version.unrated}
        record(SYSTEM, "billing.run", target=("bill run", run.pk, run.month), after=after)


def form(jobs: list[AccountRun], lease: Lease[AccountRun]) -> None:
    """Form the invoices of a batch; their usage is read once for all of them."""
    runs: dict[int, list[AccountRun]] = defaultdict(list)
    for job in jobs:
        runs[job.run_id].append(job)
    for rows in runs.values():
        run = rows[0].run
        if run.rating_version is None:
            raise RuntimeError(f"the month {run} is not rated")
        version = run.rating_version
        small = _small(rows)
        with lease.heartbeat():
            usage = usage_charges.used(version, [job.account_id for job in rows])
            together = invoicing.gather(small, run.period) if small else None
        _count_attempt(rows, lease, -1)

        def issue(job: AccountRun, lease: Lease[AccountRun], of: BillRun = run) -> None:
            _count_attempt([job], lease, 1)
            with _uncollected():
                invoicing.issue(
                    job.account,
                    of.period,
                    version,  # noqa: B023  # used up within this turn of the loop
                    usage.get(job.account_id, ()),  # noqa: B023  # the same
                    gathered=together if job.account_id in small else None,  # noqa: B023  # the same
                    closing=lambda: lease.commit(done=[job]),
                    renew=lease.renew,
                )

        one(issue)(rows, lease)


def _small(jobs: Sequence[AccountRun]) -> list[int]:
    """The accounts of a batch whose facts are read together: the memory holds them, and single queries would cost."""
    ids = [job.account_id for job in jobs]
    lines = Subscriber.objects.as_system().filter(account_id__in=ids).order_by().values("account_id")
    large = lines.annotate(count=Count("pk")).filter(count__gt=_SMALL).values_list("account_id", flat=True)
    left = set(ids) - set(large) if len(ids) > 1 else set()
    return sorted(left)


def _count_attempt(jobs: list[AccountRun], lease: Lease[AccountRun], by: int) -> None:
    """An attempt counts for the account that is being formed, not for those that wait behind it in the batch.

    Otherwise an account that kills its worker each time would take its neighbours with it.
    """
    ours = AccountRun.objects.filter(pk__in=[job.pk for job in jobs], lease=lease.key)
    if ours.update(attempts=F("attempts") + by) != len(jobs):
        raise LeaseLost("some accounts are not ours any more")


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: it took a third of the time, and the many small rows of an account have none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# Whoever waits for a month to be billed does not want to wait for long pauses.
_BACKOFF = Backoff(first=dt.timedelta(seconds=1), ceiling=dt.timedelta(seconds=5))

bill_runs_queue = Queue(name="bill runs", model=BillRun, work=one(prepare), lane=Lane.LONG, backoff=_BACKOFF)
account_runs_queue = Queue(
    name="invoices", model=AccountRun, work=form, batch=16, lane=Lane.LONG, backoff=_BACKOFF, order=("pk",)
)


def _accounts(month: Month, with_usage: Iterable[int]) -> list[int]:
    """Who gets an invoice: accounts that are open, or had a subscriber in the month, late records, or an instalment."""
    period = month.period(profile.current().zone)
    busy = Account.objects.filter(account_holdings__in=AccountHolding.objects.overlapping(period)).values("pk")
    known = Account.objects.as_system().filter(opened__lte=month.last_day)
    owing = InstalmentPlan.objects.as_system().due_in(month).values("account")
    open_or_busy = ~Q(status=Account.Status.CLOSED) | Q(pk__in=busy) | Q(pk__in=list(with_usage)) | Q(pk__in=owing)
    return list(known.filter(open_or_busy).order_by("pk").values_list("pk", flat=True))


def _count(run: BillRun) -> tuple[int, int, int]:
    """How many accounts are not settled, are formed, are there."""
    states = dict(run.accounts.order_by().values("state").annotate(count=Count("pk")).values_list("state", "count"))
    total = sum(states.values())
    formed = states.get(State.DONE, 0)
    return total - formed - states.get(State.DEAD, 0) - states.get(State.CANCELLED, 0), formed, total


def _must_be_whole(run: BillRun) -> None:
    if run.state != State.DONE:
        raise BillRunError(run.error or _("The bill run of %(month)s was cancelled.") % {"month": run.month})
    failed = run.accounts.exclude(state=State.DONE).select_related("account")
    reasons = [f"{job.account}: {job.error or job.get_state_display()}" for job in failed]
    if reasons:
        raise BillRunError(_("Not every invoice could be formed.") + "\n" + "\n".join(reasons))
