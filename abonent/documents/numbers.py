"""Numbers that a person typed or uploaded: every row gets a verdict, and nothing is lost (S5, P2, L6)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from abonent.clients.models import Account
from abonent.clients.scope import Scope
from abonent.profile import current as current_profile
from abonent.subscribers.models import Subscriber

_CHUNK = 500
_SEPARATORS = re.compile(r"[;,\n]")
SHOWN = 40  # characters of what was typed
LISTED = 500


class Verdict(models.TextChoices):
    """What became of a row."""

    FINE = "fine", _("accepted")
    AGAIN = "again", _("stands in the list already: taken once")
    TITLE = "title", _("a title, passed over")
    NOT_A_NUMBER = "not_a_number", _("not a subscriber's number")
    # Translators: «Номера должны принадлежать Вашей компании.»
    NOT_YOURS = "not_yours", _("Numbers must belong to your company.")
    OTHER_ACCOUNT = "other_account", _("belongs to another account of yours")


NOTED = {Verdict.AGAIN, Verdict.TITLE}


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row as it came, counted from 1, with its verdict."""

    row: int
    typed: str
    verdict: Verdict

    @property
    def reason(self) -> str:
        return str(self.verdict.label)

    @property
    def badge(self) -> str:
        return "idle" if self.verdict in NOTED else "bad"


@dataclass(slots=True)
class Judged:
    """All rows: whose they are (ids in the order of the rows, each once), what is refused, and what is only noted."""

    subscriber_ids: list[int] = field(default_factory=list)
    refused: list[JudgedRow] = field(default_factory=list)
    noted: list[JudgedRow] = field(default_factory=list)
    rows: int = 0

    @property
    def listed(self) -> list[JudgedRow]:
        """The rows that a page lists, refused ones first: not all of a hundred thousand."""
        return (self.refused + self.noted)[:LISTED]

    @property
    def remarked(self) -> int:
        """How many rows there are to say something about."""
        return len(self.refused) + len(self.noted)

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """How many rows each reason has."""
        counts = Counter(row.verdict for row in (*self.refused, *self.noted))
        return [(str(verdict.label), count) for verdict, count in counts.most_common()]


def typed_rows(text: str) -> Iterator[tuple[int, str]]:
    """Rows of what was typed, `;` (also a comma or a line's end) between them; empty ones are passed over."""
    for row, part in enumerate(_SEPARATORS.split(text), 1):
        if part.strip():
            yield row, part.strip()


def judge(rows: Iterable[tuple[int, str]], account: Account, scope: Scope) -> Judged:
    """Give each (row, text) its verdict. Nothing tells a number of somebody else from one that nobody has."""
    judged = Judged()
    seen: set[str] = set()
    for chunk in _chunks(rows):
        cleaned = [(row, text, _clean(text, account)) for row, text in chunk]
        found = _found({number for _row, _text, number in cleaned if number}, scope)
        for row, text, number in cleaned:
            judged.rows += 1
            is_title = row == 1 and number is None and not any(map(str.isdigit, text))
            verdict = Verdict.TITLE if is_title else _verdict(number, found, account, seen)
            _add(judged, JudgedRow(row, text[:SHOWN], verdict))
            if number in found and number not in seen:
                seen.add(number)
                judged.subscriber_ids += [pk for pk, account_id in found[number] if account_id == account.pk]
    return judged


def _add(judged: Judged, row: JudgedRow) -> None:
    if row.verdict in NOTED:
        judged.noted.append(row)
    elif row.verdict != Verdict.FINE:
        judged.refused.append(row)


def _verdict(
    number: str | None, found: Mapping[str, list[tuple[int, int]]], account: Account, seen: set[str]
) -> Verdict:
    if number is None:
        return Verdict.NOT_A_NUMBER
    if number in seen:
        return Verdict.AGAIN
    if number not in found:
        return Verdict.NOT_YOURS
    if all(account_id != account.pk for _pk, account_id in found[number]):
        return Verdict.OTHER_ACCOUNT
    return Verdict.FINE


def _clean(text: str, account: Account) -> str | None:
    """The number as it is stored; on a SIP account, what is no telephone number may be a SIP id."""
    number = current_profile().numbers.clean(text)
    if number is None and account.kind == Account.Kind.SIP:
        return text.strip() or None
    return number


def _found(numbers: set[str], scope: Scope) -> dict[str, list[tuple[int, int]]]:
    """(subscriber, account) of each number that the seat may see; a number given again has several."""
    rows = Subscriber.objects.within(scope).filter(number__in=numbers).values_list("number", "pk", "account_id")
    found: dict[str, list[tuple[int, int]]] = {}
    for number, pk, account_id in rows.order_by("pk"):
        found.setdefault(number, []).append((pk, account_id))
    return found


def _chunks(rows: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    chunk: list[tuple[int, str]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
