"""Ordering a document: the one door, for a page and for the system itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from abonent.access.addresses import is_proven
from abonent.access.models import Seat
from abonent.audit.journal import SYSTEM, Origin, record
from abonent.clients.addresses import joined, why_not
from abonent.clients.deliveries import deliveries_at
from abonent.clients.models import Account, AccountQuerySet, Delivery
from abonent.documents.document import Kind, Params
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from abonent.lib import clock
from abonent.profile.calendar import YES, Answer
from abonent.subscribers.models import Subscriber

By = DocumentRequest.By


class NotNow(Exception):  # noqa: N818  # it is an answer of the rules, not a mishap
    """It may not be ordered now; `answer` says why, and when it may."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.reason)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Wish:
    """How the document is wanted: a key of the writers, a language code, by letter or by link.

    A letter goes where the account's documents go, or to another address (`email`), which the person has proven.
    """

    format: str
    language: str
    by: DocumentRequest.By
    email: str = ""


def address_now(account: Account) -> str:
    """Where documents of this account go at present; empty if they are collected in person (L3, L5)."""
    return _address(account.delivery_at(clock.now()))


def addresses_now(accounts: Sequence[Account]) -> list[tuple[str, str]]:
    """Account number and `address_now` of each, in one query."""
    deliveries = deliveries_at(accounts, clock.now())
    return [(account.number, _address(deliveries.get(account.pk))) for account in accounts]


def _address(delivery: Delivery | None) -> str:
    return joined(delivery.addresses) if delivery is not None else ""


def accounts_for(kind: Kind, seat: Seat) -> AccountQuerySet:
    """The accounts about which `seat` may order this kind; for a narrow one those with its numbers, if by number."""
    if not seat.is_narrow:
        return Account.objects.within(seat)
    if not kind.by_number:
        return Account.objects.none()
    held = Subscriber.objects.within(seat).order_by().values("account_id")
    return Account.objects.reached_by(seat).filter(pk__in=held)


def check(kind: Kind, account: Account, params: Params) -> Answer:
    """Whether it may be ordered now: asked early, to say so before anything is chosen; `place` asks again."""
    return kind.why_not(account, params)


def place(
    kind: Kind, account: Account, params: Params, wish: Wish, seat: Seat, origin: Origin | None = None
) -> DocumentRequest:
    """Order a document; the journal has it in the same transaction. Raises NotNow; without the right PermissionDenied.

    The caller has checked that the seat may see the account, and whom the parameters name. A letter goes where the
    account's documents go now, unless another address is wished for; a narrow seat's documents stand on its own page.
    """
    if not seat.has(kind.right):
        raise PermissionDenied(kind.right)
    bound = kind.bound(account, params, seat)
    if isinstance(bound, Answer):
        raise NotNow(bound)
    answer = kind.why_not(account, bound)
    if not answer:
        raise NotNow(answer)
    by_link = kind.link_why_not(account, bound) if wish.by == By.LINK else YES
    if not by_link:
        raise NotNow(by_link)
    if seat.is_narrow and wish.by == By.EMAIL:
        raise NotNow(Answer(False, _("Your documents stand on the page “Documents”: choose the link.")))
    if wish.format not in kind.formats:
        raise ValueError(f"{kind.key} is not made as {wish.format}")
    email = where_to(account, wish, seat)
    with transaction.atomic():
        request = DocumentRequest.objects.create(
            kind=kind.key,
            params=dict(bound),
            account=account,
            client_id=account.contract.client_id,
            format=wish.format,
            language=wish.language,
            by=wish.by,
            email=email,
            elsewhere=bool(wish.email),
            seat_id=seat.pk,
            person_id=seat.person_id,
            ordered_by=seat.person.name[:200],
        )
        _journal(request, "documents.order", seat, origin)
    return request


def where_to(account: Account, wish: Wish, seat: Seat) -> str:
    """The addresses for the letters that are wished for; empty for a link. Raises NotNow where they cannot go."""
    if wish.by != By.EMAIL:
        return ""
    if not wish.email:
        email = address_now(account)
        if not email:
            answer = _("Documents of this account are collected in person: there is no e-mail address.")
            raise NotNow(Answer(False, answer))
        return email
    reason = why_not(wish.email)
    if not reason and not is_proven(seat, wish.email):
        reason = _("Nobody has confirmed the address %(email)s by a code yet.") % {"email": wish.email}
    if reason:
        raise NotNow(Answer(False, reason))
    return wish.email


def repeat(request: DocumentRequest, seat: Seat, origin: Origin | None = None) -> DocumentRequest:
    """Order the same again: a new request, checked again, to the address in force now (S2). Raises NotNow.

    What went to another address goes there again; what waited for somebody to collect it stands on the page.
    """
    by = By.EMAIL if request.by == By.EMAIL else By.LINK
    wish = Wish(request.format, request.language, by, request.email if request.elsewhere else "")
    return place(KINDS[request.kind], request.account, request.params, wish, seat, origin)


def cancel(request: DocumentRequest, seat: Seat, origin: Origin | None = None) -> bool:
    """Take back a request that no worker has begun; False if it is too late."""
    with transaction.atomic():
        cancelled = request.cancel()
        if cancelled:
            _journal(request, "documents.cancel", seat, origin)
    return cancelled


def deliver_regular(
    account: Account, invoice_id: int, params: Params, wish: Wish, email: str
) -> DocumentRequest | None:
    """The delivery of an invoice that was just issued: once per invoice, however often this is called (L3).

    None if it exists already.
    """
    with transaction.atomic():
        request, created = DocumentRequest.objects.get_or_create(
            regular_invoice_id=invoice_id,
            defaults={
                "kind": "invoice",
                "params": dict(params),
                "account": account,
                "client_id": account.contract.client_id,
                "format": wish.format,
                "language": wish.language,
                "by": wish.by,
                "email": email,
            },
        )
        if created:
            _journal(request, "documents.deliver", None, None)
    return request if created else None


def _journal(request: DocumentRequest, action: str, seat: Seat | None, origin: Origin | None) -> None:
    record(
        seat.actor() if seat is not None else SYSTEM,
        action,
        target=("document", request.pk, str(request)),
        client_id=request.client_id,
        after={
            "kind": request.kind,
            "account": request.account.number,
            "format": request.format,
            "by": request.by,
            "email": request.email,
        },
        origin=origin,
    )
