"""A line a day, kept where whoever owns the database cannot write: what was sealed by then cannot be forged any more.

`ABONENT_ANCHOR_URL` names a file (`file:///path`, appended to) or a mailbox (`mailto:keeper@example.com`); empty is no
anchor. A line has the moment, how many chains and entries there were, the digest of all their ends, and a signature.
"""

import datetime as dt
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.crypto import salted_hmac

from abonent.audit.chain import COUNT
from abonent.audit.journal import canonical
from abonent.audit.models import Anchor, Entry, Head
from abonent.audit.report import Kind, Report
from abonent.audit.sealing import seal
from abonent.lib import clock

Mail = Callable[[str, str, str], object]


def anchor(mail: Mail) -> None:
    """Seal, and put today's line where the settings say; nothing where they say nothing.

    `mail` writes a letter (address, subject, text) in the transaction of the anchor.
    """
    if not settings.ANCHOR_URL:
        return
    seal()
    with transaction.atomic():
        made = _make(clock.now())
        if settings.ANCHOR_URL.startswith("mailto:"):
            mail(settings.ANCHOR_URL.removeprefix("mailto:"), f"Abonent journal {made.at:%Y-%m-%d}", made.line)
    if not settings.ANCHOR_URL.startswith("mailto:"):
        _append(settings.ANCHOR_URL, made.line)


def check_lines(lines: Iterable[str], report: Report) -> int:
    """Hold lines that were kept outside against the journal as it is; how many there were."""
    count = 0
    for line in filter(None, map(str.strip, lines)):
        count += 1
        problem = _problem_of(line)
        if problem:
            report.add(Kind.FORGED, *problem)
    return count


def _make(at: dt.datetime) -> Anchor:
    heads = Head.objects.exclude(chain=COUNT).order_by("chain").values_list("chain", "sequence", "hash")
    ends = {str(chain): [sequence, last] for chain, sequence, last in heads}
    text = canonical(ends)
    entries = sum(sequence for _chain, sequence, _hash in heads)
    digest = hashlib.sha256(text.encode()).hexdigest()
    unsigned = f"{at.astimezone(dt.UTC).isoformat()} chains={len(ends)} entries={entries} ends={digest}"
    return Anchor.objects.create(at=at, heads=text, line=f"{unsigned} signature={_signature(unsigned)}")


def _signature(text: str) -> str:
    return salted_hmac("abonent.audit.anchor", text, algorithm="sha256").hexdigest()


def _append(url: str, line: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "file" or not parts.path:
        raise ImproperlyConfigured("ABONENT_ANCHOR_URL must be file:///path or mailto:address")
    with Path(unquote(parts.path)).open("a", encoding="utf-8") as out:
        out.write(f"{line}\n")
        out.flush()
        os.fsync(out.fileno())


def _problem_of(line: str) -> tuple[int, int, int | None, str] | None:
    """(chain, number, entry, words) of the first thing that does not fit the line."""
    unsigned, _, signature = line.rpartition(" signature=")
    when = line.partition(" ")[0]
    if not hmac.compare_digest(_signature(unsigned), signature):
        return 0, 0, None, f"the line of {when} is not signed by us"
    found = Anchor.objects.filter(line=line).first()
    digest = hashlib.sha256(found.heads.encode()).hexdigest() if found else ""
    if found is None or f" ends={digest} " not in f"{unsigned} ":
        return 0, 0, None, f"the ends of the chains at {when} are missing or altered"
    return _first_moved(json.loads(found.heads), when)


def _first_moved(ends: dict[str, tuple[int, str]], when: str) -> tuple[int, int, int | None, str] | None:
    for chain, (sequence, last) in ends.items():
        client_id = int(chain) or None
        entry = Entry.objects.filter(client_id=client_id, sequence=sequence).first()
        if entry is None or entry.hash != last:
            place = int(str(sequence))
            return (
                int(chain),
                place,
                entry.pk if entry else None,
                f"the chain is not the one that was anchored at {when}",
            )
    return None
