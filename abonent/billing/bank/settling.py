"""What came and named no account is settled by a person: to an account, or not at all, with a word why."""

from django.db import transaction

from abonent.audit.journal import Actor, Origin, record
from abonent.billing.bank.loading import book
from abonent.billing.models import BankLine
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.profile import current

State = BankLine.State


class SettledAlready(Exception):  # noqa: N818  # an answer of the rules, not a mishap
    """Somebody was quicker; `line` is as it stands now."""

    def __init__(self, line: BankLine) -> None:
        super().__init__(str(line))
        self.line = line


def account_with(number: str) -> Account | None:
    """Whoever's it is: money may be booked to any account."""
    return Account.objects.as_system().filter(number=number).select_related("contract__client").first()


def assign(line: BankLine, account: Account, actor: Actor, origin: Origin | None = None) -> BankLine:
    """Book the money of `line` to `account`, once. One that was put aside can still be booked.

    Raises SettledAlready.
    """
    with transaction.atomic():
        held = _held(line, State.WAITING, State.RETURNED)
        before = {"state": held.state, "note": held.note}
        book(held, account, actor, current())
        _note(held, actor, "")
        record(
            actor,
            "billing.assign",
            target=("payment", held.payment_id or "", str(held)),
            client_id=account.contract.client_id,
            before=before,
            after={"account": account.number, "amount": held.amount, "payer": held.payer},
            origin=origin,
        )
    return held


def put_aside(line: BankLine, note: str, actor: Actor, origin: Origin | None = None) -> BankLine:
    """Leave the money of `line` unbooked (it was sent back, it is not for us), with a word why.

    Raises SettledAlready.
    """
    with transaction.atomic():
        held = _held(line, State.WAITING)
        held.state = State.RETURNED
        held.save(update_fields=["state"])
        _note(held, actor, note)
        record(
            actor,
            "billing.put-aside",
            target=("bank entry", held.pk, str(held)),
            before={"state": State.WAITING.value},
            after={"state": State.RETURNED.value, "amount": held.amount, "payer": held.payer, "note": note},
            origin=origin,
        )
    return held


def _held(line: BankLine, *states: BankLine.State) -> BankLine:
    held = BankLine.objects.select_for_update().get(pk=line.pk)
    if held.state not in states:
        raise SettledAlready(held)
    return held


def _note(line: BankLine, actor: Actor, note: str) -> None:
    line.handled, line.handled_by, line.note = clock.now(), actor.label[:200], note
    line.save(update_fields=["handled", "handled_by", "note"])
