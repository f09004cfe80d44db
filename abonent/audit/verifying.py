"""Finding what somebody did to the journal behind the product's back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet

from abonent.audit.chain import COUNT, Content, chain_of, entry_hash, is_signed
from abonent.audit.erasing import ERASE_ACTOR, ERASE_TARGET
from abonent.audit.journal import salted
from abonent.audit.models import Entry, Head
from abonent.audit.report import Kind, Report
from abonent.audit.sealing import HeadForged, seal

CONTENT = len(Content._fields)


class _Link(NamedTuple):
    """A sealed entry without its content: its place, and what stands beside it."""

    sequence: int
    previous: str
    hash: str
    who_salt: str | None
    who: str | None
    what_salt: str | None
    what: str | None


LINK = ("sequence", "previous", "hash", "beside__who_salt", "beside__who", "beside__what_salt", "beside__what")


def verify_journal() -> Report:
    """Seal what is new, then check every chain to its signed head."""
    report = Report()
    try:
        seal()
    except HeadForged as forged:
        report.add(Kind.FORGED, COUNT, 0, None, f"new entries could not be sealed: {forged}")
    verify(report)
    return report


def verify_chain(client_id: int | None) -> Report:
    """Check one client's chain (None: the operator's own) to its signed head; the others are not read."""
    report = Report()
    chain = chain_of(client_id)
    entries = Entry.objects.filter(client_id=client_id)
    report.unsealed = entries.filter(sequence=None).count()
    head = Head.objects.filter(chain=chain).first()
    if head is not None:
        _check_signatures({chain: head}, report)
    place = _walk(chain, _sealed(entries), head, report)
    report.heads[chain] = (place.sequence, place.hash)
    later = Head.objects.filter(chain=chain).values_list("sequence", flat=True).first() or 0
    if place.sequence > later:
        report.add(Kind.ADDED, chain, later + 1, None, "entries stand after the signed end")
    return report


def verify(report: Report) -> None:
    """Check all that is sealed. It takes no lock: entries sealed meanwhile are checked too, up to the later head."""
    before = {head.chain: head for head in Head.objects.all()}
    report.unsealed = Entry.objects.filter(sequence=None).count()
    _check_signatures(before, report)
    _check_count(before, report)
    walks = {
        chain: _walk(chain, rows, before.get(chain), report)
        for chain, rows in groupby(_sealed(Entry.objects.all()), key=_chain)
    }
    after = {head.chain: head.sequence for head in Head.objects.all()}
    for chain, head in before.items():
        if chain != COUNT and chain not in walks and head.sequence:
            report.add(Kind.CUT, chain, 1, None, f"all {head.sequence} entries are missing")
    for chain, walk in walks.items():
        report.heads[chain] = (walk.sequence, walk.hash)
        if walk.sequence > after.get(chain, 0):
            report.add(Kind.ADDED, chain, after.get(chain, 0) + 1, None, "entries stand after the signed end")


def _sealed(entries: QuerySet[Entry]) -> Iterator[tuple[object, ...]]:
    sealed = entries.exclude(sequence=None).order_by("client_id", "sequence")
    return iter(sealed.values_list(*Content._fields, *LINK).iterator(chunk_size=5000))


def _chain(row: tuple[object, ...]) -> int:
    client_id = row[1]
    return chain_of(client_id if isinstance(client_id, int) else None)


def _check_signatures(heads: dict[int, Head], report: Report) -> None:
    for head in heads.values():
        if not is_signed(head.chain, head.sequence, head.hash, head.signature):
            report.add(Kind.FORGED, head.chain, head.sequence, None, "the end of the chain is not signed by us")


def _check_count(heads: dict[int, Head], report: Report) -> None:
    count = heads[COUNT].sequence if COUNT in heads else 0
    chains = len(heads.keys() - {COUNT})
    if chains < count:
        report.add(Kind.CUT, COUNT, chains, None, f"the ends of {count - chains} chains are missing")


@dataclass(slots=True)
class _Place:
    """How far a chain is checked."""

    chain: int
    sequence: int = 0
    hash: str = ""
    # By action and whom it is about: the id of the last entry that tells of an erasure.
    erasures: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def erased_after(self, action: str, kind: str, key: str) -> int:
        """The id of the last entry `action` about this person or object; 0 where there is none."""
        asked = action, kind, key
        if asked not in self.erasures:
            told = Entry.objects.filter(action=action, target_kind=kind, target_id=key)
            self.erasures[asked] = told.order_by("-pk").values_list("pk", flat=True).first() or 0
        return self.erasures[asked]


def _walk(chain: int, rows: Iterator[tuple[object, ...]], head: Head | None, report: Report) -> _Place:
    at = _Place(chain)
    for row in rows:
        content, link = Content._make(row[:CONTENT]), _Link(*row[CONTENT:])  # type: ignore[arg-type]  # the columns are as LINK names them
        _check_entry(at, content, link, report)
        at.sequence, at.hash = link.sequence, link.hash
        report.entries += 1
        if head is not None and link.sequence == head.sequence and link.hash != head.hash:
            report.add(Kind.FORGED, chain, link.sequence, content.id, "the chain ends in another entry")
    if head is not None and at.sequence < head.sequence:
        lost = head.sequence - at.sequence
        report.add(Kind.CUT, chain, at.sequence + 1, None, f"the last {lost} entries are missing")
    return at


def _check_entry(at: _Place, content: Content, link: _Link, report: Report) -> None:
    entry_id = content.id
    if link.sequence != at.sequence + 1:
        gone = link.sequence - at.sequence - 1
        report.add(Kind.REMOVED, at.chain, at.sequence + 1, None, f"{gone} entries before entry {entry_id} are missing")
    elif link.previous != at.hash:
        _name_break(at, entry_id, link, report)
    elif entry_hash(content, link.sequence, link.previous) != link.hash:
        report.add(Kind.ALTERED, at.chain, link.sequence, entry_id, "the entry is not what was sealed")
    _check_beside(at, content, link, report)


def _name_break(at: _Place, entry_id: int, link: _Link, report: Report) -> None:
    """The entry follows another than the one that stands before it: that one moved, or is gone."""
    if not link.previous or Entry.objects.filter(hash=link.previous).exists():
        report.add(Kind.REORDERED, at.chain, link.sequence, entry_id, "the entry stood in another place")
    else:
        report.add(Kind.REMOVED, at.chain, link.sequence, entry_id, "the entry before it is missing")


def _check_beside(at: _Place, content: Content, link: _Link, report: Report) -> None:
    who = link.who_salt, link.who, content.who_digest, (ERASE_ACTOR, content.actor_kind, content.actor_id)
    what = link.what_salt, link.what, content.what_digest, (ERASE_TARGET, content.target_kind, content.target_id)
    for salt, text, digest, erasure in (who, what):
        if salt == "" and text == "":
            report.erased += 1
            if at.erased_after(*erasure) < content.id:
                report.add(Kind.ALTERED, at.chain, link.sequence, content.id, "a part is blank that nobody erased")
        elif salt is None or text is None or salted(salt, text) != digest:
            report.add(Kind.ALTERED, at.chain, link.sequence, content.id, "what stands beside the entry is not its own")
