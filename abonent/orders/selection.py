"""The subscribers that an order is for, as a person names them: a file, a typed list, ticked lines, what matches."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from abonent.access.models import Seat
from abonent.billing.spending import Spending
from abonent.clients.models import Folder
from abonent.files.models import StoredFile
from abonent.subscribers.models import Subscriber, SubscriberQuerySet
from abonent.usage.last_use import unused_since


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list was narrowed to; an empty one is everything.

    `over` is what a line costs more than on the invoices of `spending`; `folder` is meant with all below it. What was
    seen is what is kept: the day and the invoices, not "30 days" or "the last month".
    """

    text: str = ""
    tariff: int | None = None
    status: str = ""
    account: int | None = None
    service: int | None = None
    folder: int | None = None
    over: Decimal | None = None
    spending: Spending | None = None
    unused_since: dt.date | None = None

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> "Filter":
        """From what an order keeps (`stored`)."""
        names = ("tariff", "account", "service", "folder")
        tariff, account, service, folder = (int(str(stored.get(name) or 0)) or None for name in names)
        text, status = str(stored.get("text") or ""), str(stored.get("status") or "")
        over, since = stored.get("over"), stored.get("unused_since")
        return cls(
            text,
            tariff,
            status,
            account,
            service,
            folder,
            Decimal(str(over)) if over else None,
            Spending.read(stored.get("spending")),
            dt.date.fromisoformat(str(since)) if since else None,
        )

    def stored(self) -> dict[str, object]:
        """As JSON."""
        return {
            "text": self.text,
            "tariff": self.tariff,
            "status": self.status,
            "account": self.account,
            "service": self.service,
            "folder": self.folder,
            "over": None if self.over is None else str(self.over),
            "spending": self.spending.stored() if self.spending else None,
            "unused_since": self.unused_since.isoformat() if self.unused_since else None,
        }

    def apply(self, lines: SubscriberQuerySet) -> SubscriberQuerySet:
        found = lines.matching(self.text)
        if self.tariff:
            found = found.filter(tariff_id=self.tariff)
        if self.status:
            found = found.filter(status=self.status)
        if self.account:
            found = found.filter(account_id=self.account)
        if self.service:
            found = found.with_service(self.service)
        if self.folder:
            found = found.filter(folder__in=Folder.objects.below([self.folder]))
        if self.over is not None and self.spending is not None:
            found = self.spending.more_than(found, self.over)
        return found if self.unused_since is None else unused_since(found, self.unused_since)


@dataclass(frozen=True, slots=True)
class Retry:
    """The rows of an order that ended with one of these results; `rows` says how many they are."""

    order_id: int
    results: tuple[str, ...]
    rows: int

    def stored(self) -> dict[str, object]:
        return {"retry_of": self.order_id, "results": list(self.results)}


@dataclass(frozen=True, slots=True)
class Source:
    """Exactly one of these; with `ids`, `data` has what each of them asks for (a new name), by id.

    `selected` are the ids of a current selection: perhaps very many, so they are kept beside the order. `typed` is a
    list as it was typed, and is treated like a file of it.
    """

    file: StoredFile | None = None
    ids: tuple[int, ...] | None = None
    matching: Filter | None = None
    selected: tuple[int, ...] | None = None
    typed: str = ""
    retry: Retry | None = None
    data: Mapping[int, Mapping[str, str | int]] | None = None

    def stored(self) -> dict[str, object]:
        if self.typed:
            return {"typed": hashlib.sha256(self.typed.encode(errors="replace")).hexdigest()}
        if self.retry is not None:
            return self.retry.stored()
        if self.ids is not None:
            asked = {"data": {str(pk): dict(of) for pk, of in self.data.items()}} if self.data else {}
            return {"ids": list(self.ids), **asked}
        if self.selected is not None:
            return {"selected": len(self.selected)}
        return {"matching": self.matching.stored()} if self.matching is not None else {}


def offered(seat: Seat) -> SubscriberQuerySet:
    """The lines from which a person chooses: those that are served."""
    return Subscriber.objects.within(seat).exclude(status=Subscriber.Status.TERMINATED)


def chosen(seat: Seat, stored: Mapping[str, object]) -> SubscriberQuerySet:
    """The lines that a stored selection names, by number."""
    if "matching" in stored:
        matching = stored["matching"]
        found = Filter.read(matching if isinstance(matching, dict) else {}).apply(offered(seat))
    else:
        ids = stored.get("ids")
        found = Subscriber.objects.within(seat).filter(pk__in=ids if isinstance(ids, list) else [])
    return found.order_by("number", "pk")
