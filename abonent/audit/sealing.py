"""Chaining new entries per client, apart from the transactions that wrote them."""

from collections.abc import Iterable

from django.db import connection, transaction

from abonent.audit.chain import COUNT, Content, chain_of, entry_hash, is_signed, sign
from abonent.audit.models import Entry, Head
from abonent.jobs.pause import breathe

# A batch holds SQLite's write lock for about 25 ms.
BATCH = 250
SEAL = "UPDATE audit_entry SET sequence = %s, previous = %s, hash = %s WHERE id = %s AND sequence IS NULL"


class HeadForged(Exception):  # noqa: N818  # what was found, not what went wrong here
    """The signed end of a chain is not as it was left, so nothing is chained to it."""


def seal() -> int:
    """Seal all entries that are not yet, batch by batch; return how many. Several may run at once."""
    total = 0
    while Entry.objects.filter(sequence=None).exists():
        sealed = _seal_batch()
        total += sealed
        breathe()
        if sealed < BATCH:
            break
    return total


def _seal_batch() -> int:
    with transaction.atomic():
        count = _lock()
        rows = Entry.objects.filter(sequence=None).order_by("id").values_list(*Content._fields)[:BATCH]
        fresh = [Content._make(row) for row in rows]
        heads = _heads({chain_of(row.client_id) for row in fresh}, count)
        updates = [_append(heads[chain_of(row.client_id)], row) for row in fresh]
        with connection.cursor() as cursor:
            cursor.executemany(SEAL, updates)
        for head in heads.values():
            _save(head)
    return len(fresh)


def _lock() -> Head:
    """One sealer at a time: whoever comes second waits here (on SQLite the transaction itself sees to it)."""
    Head.objects.get_or_create(chain=COUNT, defaults={"signature": sign(COUNT, 0, "")})
    count = Head.objects.select_for_update().get(chain=COUNT)
    _must_be_signed(count)
    return count


def _heads(chains: Iterable[int], count: Head) -> dict[int, Head]:
    heads = {head.chain: head for head in Head.objects.filter(chain__in=chains)}
    for head in heads.values():
        _must_be_signed(head)
    missing = set(chains) - set(heads)
    if missing:
        if Head.objects.exclude(chain=COUNT).count() != count.sequence:
            raise HeadForged("the end of a chain is missing")
        count.sequence += len(missing)
        _save(count)
    return heads | {chain: Head(chain=chain) for chain in missing}


def _append(head: Head, row: Content) -> tuple[int, str, str, int]:
    previous = head.hash
    head.sequence += 1
    head.hash = entry_hash(row, head.sequence, previous)
    return head.sequence, previous, head.hash, row.id


def _save(head: Head) -> None:
    head.signature = sign(head.chain, head.sequence, head.hash)
    head.save()


def _must_be_signed(head: Head) -> None:
    if not is_signed(head.chain, head.sequence, head.hash, head.signature):
        raise HeadForged(f"the end of chain {head.chain} is not signed as it should be")
