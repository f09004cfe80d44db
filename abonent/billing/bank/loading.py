"""A bank statement is loaded: each entry gets its row, and what can be booked is booked, once however often it comes.

The file is read as a whole before anything is kept of it. Its entries are then taken in small transactions, so that
nobody waits for the lock; killed in between, the job goes on where it was.
"""

import hashlib
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.db.models import Count, Q

from abonent.audit.journal import Actor, record
from abonent.billing.bank.identity import References
from abonent.billing.bank.judging import named_accounts, why_ignored, why_unbelievable
from abonent.billing.models import BankLine, BankStatement
from abonent.billing.payments import Payer, receive
from abonent.clients.models import Account
from abonent.files.keeping import keep, store
from abonent.formats.bank.entries import BankEntry, Unread
from abonent.formats.bank.reading import format_of, read
from abonent.jobs.errors import GiveUp
from abonent.jobs.lease import Lease
from abonent.jobs.models import State as JobState
from abonent.jobs.pause import breathe
from abonent.jobs.queue import Lane, Queue, one
from abonent.lib import clock
from abonent.lib.periods import midnight
from abonent.profile import Profile, current

PIECE = 10
_LOOK_AGAIN_SECONDS = 0.1
State, Reason = BankLine.State, BankLine.Reason
MIME = {"1c": "text/plain", "camt.053": "application/xml"}


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry with its place in the file; money has a reference and the account numbers that its purpose names."""

    place: int
    entry: BankEntry | Unread
    reference: str = ""
    named: tuple[str, ...] = ()
    reason: BankLine.Reason | None = None


def enter(data: bytes, name: str, actor: Actor) -> tuple[BankStatement, bool]:
    """Give a file to the workers: the statement, and whether it is new (by its content).

    Raises StatementRefused, with nothing kept, for a file that cannot be read to its end.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = BankStatement.objects.filter(sha256=sha256).first()
    if known is not None:
        if known.state == JobState.DEAD:
            known.restart()
        return known, False
    form = format_of(data)
    total = sum(1 for _entry in read(data, current().zone))
    kept = keep(data)
    with transaction.atomic():
        values = {
            "name": Path(name).name[:255],
            "format": form,
            # Called only where the row is new.
            "file": lambda: store(kept, name=Path(name).name[:255], mime=MIME[form]),
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "actor_label": actor.label[:200],
            "progress_total": total,
        }
        return BankStatement.objects.get_or_create(sha256=sha256, defaults=values)


def finish(statement: BankStatement) -> BankStatement:
    """Work on the queue until this statement is loaded, here and now, beside the workers."""
    served: dict[str, int] = {}
    while statement.is_open:
        if not bank_statements_queue.turn(served):
            time.sleep(_LOOK_AGAIN_SECONDS)
        statement.refresh_from_db()
    return statement


def work(statement: BankStatement, lease: Lease[BankStatement]) -> None:
    """Work of the queue: a row for each entry that has none yet."""
    try:
        with statement.file.open() as stream:
            data = stream.read()
    except FileNotFoundError as error:
        raise GiveUp(f"{statement.name}: the file is lost") from error
    profile = current()
    with lease.heartbeat():
        taken = _judged(data, profile)
    done = set(statement.lines.values_list("place", flat=True))
    left = [one for one in taken if one.place not in done]
    for start in range(0, len(left), PIECE):
        piece = left[start : start + PIECE]
        _take(statement, piece, profile)
        breathe()
        lease.renew(done=piece[-1].place)
    with lease.commit(done=[statement]):
        record(
            statement.actor,
            "billing.load-statement",
            target=("bank statement", statement.pk, statement.name),
            after=dict(sorted(counts(statement).items())),
        )


bank_statements_queue: Queue[BankStatement] = Queue(
    name="billing.bank", model=BankStatement, work=one(work), lane=Lane.LONG
)


def counts(statement: BankStatement) -> dict[str, int]:
    """How many entries are in each state that occurs."""
    return counts_of([statement])[statement.pk]


def counts_of(statements: Collection[BankStatement]) -> dict[int, dict[str, int]]:
    """The same of several, by their ids, in one query."""
    found: dict[int, dict[str, int]] = {statement.pk: {} for statement in statements}
    rows = BankLine.objects.filter(statement__in=found).order_by().values("statement_id", "state")
    for key, state, count in rows.annotate(count=Count("pk")).values_list("statement_id", "state", "count"):
        found[key][state] = count
    return found


def _judged(data: bytes, profile: Profile) -> list[Taken]:
    references, today = References(), clock.today(profile.zone)
    taken = []
    for place, entry in enumerate(read(data, profile.zone), 1):
        if isinstance(entry, Unread):
            taken.append(Taken(place, entry, reason=Reason(entry.problem.value)))
            continue
        why = why_ignored(entry, profile) or why_unbelievable(entry, today)
        if why is not None:
            taken.append(Taken(place, entry, reason=why))
            continue
        named = named_accounts(entry.purpose, profile)
        taken.append(Taken(place, entry, references.of(entry, named), tuple(named)))
    return taken


def _take(statement: BankStatement, piece: Sequence[Taken], profile: Profile) -> None:
    """One transaction. References go in one order, so that two that load the same payments never wait in a ring."""
    numbers = {number for one in piece for number in one.named}
    known = Account.objects.as_system().filter(number__in=numbers).select_related("contract")
    accounts = {account.number: account for account in known}
    with transaction.atomic():
        for taken in sorted(piece, key=lambda taken: (taken.reference, taken.place)):
            if taken.reference:
                found = [accounts[number] for number in taken.named if number in accounts]
                _take_money(statement, taken, found, profile)
            else:
                _note(statement, taken, taken.reason)


def _take_money(statement: BankStatement, taken: Taken, accounts: list[Account], profile: Profile) -> None:
    reason = _why_waiting(statement, taken, accounts)
    values = {
        **_values(statement, taken),
        "state": State.WAITING,
        "reason": reason or Reason.NO_ACCOUNT,
    }
    line, new = BankLine.objects.get_or_create(reference=taken.reference, defaults=values)
    if not new:
        if (line.statement_id, line.place) != (statement.pk, taken.place):
            _note(statement, taken, Reason.KNOWN)
        return
    if reason is None:
        book(line, accounts[0], statement.actor, profile)


def book(line: BankLine, account: Account, actor: Actor, profile: Profile) -> None:
    """Book the money of a line that is not booked, in the caller's transaction."""
    if line.reference is None or line.booked is None or line.amount is None:
        raise ValueError(f"{line} is no money")
    line.payment = receive(
        account,
        line.amount,
        received_at=midnight(line.booked, profile.zone),
        value_date=line.booked,
        reference=line.reference,
        payer=Payer(line.payer, line.number),
        actor=actor,
    )
    line.state, line.reason = State.BOOKED, ""
    line.save(update_fields=["payment", "state", "reason"])


def _why_waiting(statement: BankStatement, taken: Taken, accounts: list[Account]) -> BankLine.Reason | None:
    if not accounts:
        return Reason.NO_ACCOUNT
    if len(accounts) > 1:
        return Reason.SEVERAL
    entry = taken.entry
    if isinstance(entry, Unread):
        raise TypeError("an entry that is not understood is no money")
    same = Q(payer_account=entry.debited)
    if entry.number:
        # Not every format must name the payer's account.
        same |= Q(number=entry.number, payer_account="") if entry.debited else Q(number=entry.number)
    alike = BankLine.objects.filter(same, booked=entry.booked, amount=entry.amount)
    others = alike.exclude(reference=taken.reference).exclude(statement__format=statement.format)
    return Reason.MAY_BE_KNOWN if others.filter(state__in=[State.BOOKED, State.WAITING]).exists() else None


def _note(statement: BankStatement, taken: Taken, reason: BankLine.Reason | None) -> None:
    """A row for what is not booked."""
    unread = isinstance(taken.entry, Unread) or reason in {Reason.FUTURE, Reason.DATE}
    values = {
        **_values(statement, taken),
        "state": State.UNREAD if unread else State.IGNORED,
        "reason": reason or "",
    }
    BankLine.objects.get_or_create(statement=statement, place=taken.place, defaults=values)


def _values(statement: BankStatement, taken: Taken) -> dict[str, object]:
    entry = taken.entry
    values: dict[str, object] = {"statement": statement, "place": taken.place, "line": entry.line}
    if isinstance(entry, Unread):
        return {**values, "text": entry.text}
    return {
        **values,
        "booked": entry.booked,
        "amount": entry.amount,
        "currency": entry.currency,
        "number": entry.number,
        "payer": entry.payer,
        "payer_account": entry.debited,
        "payer_tax_id": entry.payer_tax_id,
        "purpose": entry.purpose,
    }
