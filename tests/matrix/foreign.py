"""Ids of another company, and values that no page of ours sends, in every filter, address and form of the matrix.

What a page takes is read from the page itself (its forms, its links) and from the valid form of its line in the table,
so that a new screen is covered as soon as it has its line.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.http import HttpResponse, QueryDict
from django.test import Client

from abonent.access.models import Invitation, Person, ProvenAddress, Role, Seat
from abonent.appeals.conversation import Said, Subject, open_appeal
from abonent.billing.models import Payment, PaymentPromise
from abonent.clients.models import Client as Company
from abonent.clients.models import Folder
from abonent.documents.kinds import KINDS
from abonent.documents.ordering import By, Wish, place
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.notices.models import Notice
from abonent.orders import intake
from abonent.orders.models import Order
from abonent.orders.queues import CHECKS
from abonent.orders.selection import Source
from abonent.subscribers.models import SimCard
from tests.cast import Cast
from tests.matrix.finance import issued
from tests.matrix.people import sent
from tests.matrix.row import Made, Row, location
from tests.matrix.test_walk import body_of, browser_of

# Nothing of ours sends these; each once broke somebody's list.
HOSTILE = (
    *("-1", "0", "9" * 30, str(2**63), "1e9", "0x1", "٣", " 1 ", "abc", "1' OR '1'='1", "1;DROP TABLE x"),
    *("%", "\0", "1\0", "../../etc", "{{7*7}}", "<script>", "2026-13", "9999-99-99", "~", "1~1", "[]"),
)
# The ones that got furthest: too large for a column, no number, no text.
WORST = (str(2**63), "abc", "\0")
# What pages by key and by number take beside what they show.
USUAL = ("page", "after", "before", "sort", "q", "account", "subscriber", "tariff", "service", "folder")
_NAME = re.compile(r'<(?:input|select|textarea)[^>]*\bname="([\w-]+)"')
_LINK = re.compile(r'(?:href|action|hx-get|hx-post)="[^"?]*\?([^"#]*)"')
FAILURE = 500
# What the orders of the other company are called.
ORDER = "Chuzhaya zayavka"

Rows = dict[type[Model], dict[object, dict[str, object]]]


@dataclass(frozen=True, slots=True)
class Foreign:
    """What belongs to the stranger's company: the ids by which a hostile form would name it."""

    ids: tuple[int, ...]
    words: tuple[str, ...]


def plant(cast: Cast) -> Foreign:
    """Give the stranger's company one of everything, and say by which ids and words it would be known."""
    folder = Folder.objects.create(client=cast.stranger, name="Chuzhaya papka")
    role = Role.objects.create(client=cast.stranger, key="own", own_name="Chuzhaya rol")
    source = Source(ids=(cast.stranger_subscriber.pk,))
    service = {"service": cast.catalog.service.pk}
    order = intake.place(cast.stas, "connect_service", service, source, key=uuid.uuid4())
    # A line of the table lets the worker go on: it must find nothing of this company to do.
    drain([CHECKS])
    document = place(KINDS["subscriber_list"], cast.stranger_account, {}, Wish("xlsx", "en", By.LINK), cast.stas)
    objects: list[Model] = [
        cast.stranger, cast.stranger_account, cast.stranger_subscriber, folder, role, order, document, cast.stas,
    ]  # fmt: skip
    ids = dict.fromkeys([int(one.pk) for one in objects] + [cast.stas.person_id])
    words = (cast.stranger.name, cast.stranger.tax_id, cast.stranger_account.number, cast.stranger_subscriber.number)
    names = (cast.stranger_subscriber.iccid, folder.name, "Chuzhaya rol", "stas@example")
    return Foreign(tuple(ids), (*words, *names, *_listed(cast)))


def _listed(cast: Cast) -> tuple[str, ...]:
    """What the stranger's company has in every list, and the words by which each would be known there."""
    now, account = clock.now(), cast.stranger_account
    said = Said("Chuzhoi tekst", uuid.uuid4())
    open_appeal(cast.stas, Subject("bill", "Chuzhaya tema", cast.stranger_subscriber), said, None)
    today, amount = now.date(), Decimal("77.77")
    paid = Payment(
        account=account, amount=amount, received_at=now, value_date=today, source="bank", reference="foreign"
    )
    paid.payer = "Chuzhoi platelshchik"
    paid.save()
    PaymentPromise(account=account, amount=amount, paid_on=today, number="CHUZHOE-9", expires=today).save()
    SimCard.objects.create(iccid="8937501777777777777", client=cast.stranger)
    ProvenAddress.objects.create(client=cast.stranger, person=cast.stas.person, email="chuzhaya-pochta@example.org")
    invitation = sent(cast.stas)
    Invitation.objects.filter(pk=invitation.pk).update(name="Chuzhoi gost", value="gost@example.org", digest="foreign")
    issued(cast, account)
    _orders(cast)
    Notice.objects.create(seat=cast.stas, kind="order_done", key="foreign", at=now, on_page=True)
    return (
        *("Chuzhaya tema", "Chuzhoi tekst", "Chuzhoi platelshchik", "CHUZHOE-9", "8937501777777777777"),
        *("chuzhaya-pochta@example.org", "Chuzhoi gost", "gost@example.org", ORDER),
    )


def _orders(cast: Cast) -> None:
    """One that runs, one that waits for a second person, one that could not be done in part."""
    source, params = Source(ids=(cast.stranger_subscriber.pk,)), {"service": cast.catalog.service.pk}
    for number, state in enumerate((Order.State.PROCESSING, Order.State.AWAITING, Order.State.PARTLY), 9001):
        order = intake.place(cast.stas, "connect_service", params, source, key=uuid.uuid4())
        order.number, order.state, order.confirmed, order.total = number, state, 1, 1
        order.titles = dict.fromkeys(("ru", "en", "be"), ORDER)
        order.confirmed_at, order.finished_at = order.created, order.created
        order.save()
        order.items.all().delete()


def rows_of(company: Company) -> Rows:
    """Every row that hangs on the company, by whatever chain of references, with its people: found by the models."""
    people = set(Seat.objects.filter(client=company).values_list("person_id", flat=True))
    found: dict[type[Model], set[object]] = {}
    new: dict[type[Model], set[object]] = {Company: {company.pk}, Person: set(people)}
    while new:
        for model, keys in new.items():
            found.setdefault(model, set()).update(keys)
        hanging: dict[type[Model], set[object]] = {}
        for model, keys in new.items():
            for referring, field in _references().get(model, ()):
                more = referring._base_manager.filter(**{f"{field}__in": keys}).values_list("pk", flat=True)  # noqa: SLF001  # Django's documented name
                hanging.setdefault(referring, set()).update(more)
        new = {model: fresh for model, keys in hanging.items() if (fresh := keys - found.get(model, set()))}
    return {model: _values(model, keys) for model, keys in found.items() if keys}


@cache
def _references() -> dict[type[Model], list[tuple[type[Model], str]]]:
    """For each model of ours the models that refer to it, and by which field."""
    found: dict[type[Model], list[tuple[type[Model], str]]] = {}
    for model in (model for model in apps.get_models() if model.__module__.startswith("abonent.")):
        for field in model._meta.get_fields():  # noqa: SLF001  # Django's documented name
            if isinstance(field, ForeignKey):
                found.setdefault(field.related_model, []).append((model, field.name))
    return found


def _values(model: type[Model], keys: set[object]) -> dict[object, dict[str, object]]:
    rows = model._base_manager.filter(pk__in=keys).values()  # noqa: SLF001  # Django's documented name
    name = model._meta.pk.attname  # noqa: SLF001  # likewise
    return {row[name]: row for row in rows}


def parameters(body: str) -> list[str]:
    """The names that a page's forms and links send, beside the usual ones."""
    found = [*USUAL, *_NAME.findall(body)]
    for query in _LINK.findall(body):
        found += QueryDict(query.replace("&amp;", "&")).keys()
    return [name for name in dict.fromkeys(found) if name != "csrfmiddlewaretoken"]


def queries(body: str, foreign: Foreign) -> Iterator[dict[str, list[str]]]:
    """What to ask a page: each parameter alone with foreign ids, each hostile value in all of them, values repeated."""
    names = parameters(body)
    ids = [str(pk) for pk in foreign.ids]
    for name in names:
        yield {name: ids}
    yield {name: [",".join(ids)] for name in names}
    for pk in foreign.ids:
        yield {name: [str(pk)] for name in names}
    for value in HOSTILE:
        yield {name: [value] for name in names}
    yield {name: list(HOSTILE) for name in names}


def forms(made: Made, foreign: Foreign) -> Iterator[dict[str, object]]:
    """The valid form of a line with what is foreign or hostile in it.

    Each field in turn takes the foreign ids where it holds an id, and a share of the hostile values; every hostile
    value stands once in all of the fields together, and every field of the form has its share.
    """
    fields = [name for name, value in made.data.items() if not hasattr(value, "read")]
    for at, name in enumerate(fields):
        if _is_id(made.data[name]):
            yield from (made.data | {name: pk} for pk in foreign.ids)
            yield made.data | {name: list(foreign.ids)}
        yield from (made.data | {name: text} for text in _share(at))
    yield from (made.data | dict.fromkeys(fields, text) for text in HOSTILE if fields)


def _share(field: int) -> Iterator[str]:
    """What every field takes, and one in four of the others: which of them depends on the field's place."""
    return (text for at, text in enumerate(HOSTILE) if text in WORST or at % 4 == field % 4)


def _is_id(value: object) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_is_id, value))
    return isinstance(value, int) or (isinstance(value, str) and bool(re.fullmatch(r"[\d,]*", value)))


def places(name: str, made: Made, foreign: Foreign) -> Iterator[str]:
    """The address with a foreign id, and one that no row can have, for each number in it."""
    for part, value in made.kwargs.items():
        if isinstance(value, int):
            for pk in (*foreign.ids, 0, 2**63, 10**30):
                yield location(name, made.kwargs | {part: pk})


def owner_of(row: Row, cast: Cast) -> tuple[Client, Made]:
    """The browser of the one whose page it is, and the page's object."""
    made = row.made(cast)
    return browser_of(row, "owner", cast, made), made


def ask(browser: Client, method: str, address: str, data: object = None) -> HttpResponse:
    answer: HttpResponse = getattr(browser, method)(address, data)
    return answer


def harm(foreign: Foreign, answer: HttpResponse, asked: object) -> list[str]:
    """What is wrong with an answer: the server failed, or it tells something of the other company."""
    told = [word for word in foreign.words if word in body_of(answer)]
    failed = answer.status_code >= FAILURE
    return [f"{asked!r:.300}: {answer.status_code} {told}"] if failed or told else []
