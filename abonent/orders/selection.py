"""The subscribers that an order is for, as a person names them: a file, a typed list, ticked lines, what matches."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from abonent.access.models import Seat
from abonent.files.models import StoredFile
from abonent.subscribers.models import Subscriber, SubscriberQuerySet


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list was narrowed to; an empty one is everything."""

    text: str = ""
    tariff: int | None = None
    status: str = ""
    account: int | None = None
    service: int | None = None

    @classmethod
    def read(cls, stored: Mapping[str, object]) -> "Filter":
        tariff, account, service = (int(str(stored.get(name) or 0)) for name in ("tariff", "account", "service"))
        text, status = str(stored.get("text") or ""), str(stored.get("status") or "")
        return cls(text, tariff or None, status, account or None, service or None)

    def stored(self) -> dict[str, object]:
        return asdict(self)

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
        return found


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
