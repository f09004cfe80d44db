"""New names on their way into an order: confirmed field by field in the list, then gone on with (S15.3)."""

import uuid
from collections.abc import Collection, Mapping

from django.db import transaction

from abonent.access.models import Seat
from abonent.orders import intake
from abonent.orders.actions.rename import FIELDS, tidy
from abonent.orders.models import NewNames, Order
from abonent.orders.selection import Source, offered

ACTION = "rename"
# More are brought in a file.
MOST = 2000

Names = dict[int, dict[str, str]]


class TooMany(Exception):  # noqa: N818  # an answer to the person, not a mishap
    """More names than are kept for a list: the rest is for a file."""


def kept(seat: Seat) -> Names:
    """What waits, by subscriber: of lines that the seat still sees."""
    found = NewNames.objects.filter(seat=seat).first()
    names = _read(found) if found else {}
    known = set(offered(seat).filter(pk__in=names).values_list("pk", flat=True)) if names else set()
    return {pk: fields for pk, fields in names.items() if pk in known}


def keep(seat: Seat, shown: Collection[int], confirmed: Mapping[int, Mapping[str, str]]) -> Names:
    """Of the lines `shown`, keep the fields that were confirmed, and forget the others; what waits then.

    A field that is what it was already is none that changes. `TooMany` leaves everything as it was.
    """
    with transaction.atomic():
        NewNames.objects.get_or_create(seat=seat)
        held = NewNames.objects.select_for_update().get(seat=seat)
        names = _read(held)
        lines = offered(seat).filter(pk__in=shown)
        for line in lines.only("pk", *FIELDS):
            wanted = {field: tidy(text) for field, text in confirmed.get(line.pk, {}).items() if field in FIELDS}
            changed = {field: text for field, text in wanted.items() if text != getattr(line, field)}
            names.pop(line.pk, None)
            if changed:
                names[line.pk] = changed
        if len(names) > MOST:
            raise TooMany
        held.names = {str(pk): fields for pk, fields in names.items()}
        held.save(update_fields=["names"])
    return names


def forget(seat: Seat) -> None:
    """Drop everything that waits."""
    NewNames.objects.filter(seat=seat).delete()


def place(seat: Seat, names: Mapping[int, Mapping[str, str]], key: uuid.UUID) -> Order:
    """Make a draft of these names; what waited for it waits no more."""
    with transaction.atomic():
        source = Source(ids=tuple(sorted(names)), data=names)
        order = intake.place(seat, ACTION, {}, source, key=key)
        forget(seat)
    return order


def _read(found: NewNames) -> Names:
    stored: dict[str, dict[str, str]] = found.names
    return {int(pk): fields for pk, fields in stored.items()}
