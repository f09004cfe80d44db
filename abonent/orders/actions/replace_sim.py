"""«Замена SIM»: one of the client's free SIMs for a line, where its client may do that (S14)."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.rights import Right
from abonent.formats.workbook import is_rounded
from abonent.lib.among import among
from abonent.network.values import Command
from abonent.orders.actions.action import Action, Data, Done, Problem
from abonent.orders.actions.standing import standing
from abonent.orders.verdicts import Verdict
from abonent.subscribers import renumbering
from abonent.subscribers.models import SimCard, Subscriber

ALLOWED = frozenset({Subscriber.Status.ACTIVE, Subscriber.Status.PENDING, Subscriber.Status.BLOCKED})
# An ICCID, with or without its check digit; some operators print two more.
DIGITS = range(18, 23)
_FILLER = re.compile(r"[\s\-.]")
# An unused one: by id whose it is, and for which line an order has taken it.
_Sim: TypeAlias = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class ReplaceSim(Action):
    """A row's data has the number of its new SIM (`iccid`); in a file it is the column after the number."""

    right: ClassVar[Right] = Right.CHANGE_NUMBERS
    fresh: ClassVar[bool] = True
    more_columns: ClassVar[int] = 1
    keeps: ClassVar[bool] = True

    @classmethod
    def read(cls, params: Mapping[str, object]) -> Self:
        return cls()

    @property
    def title(self) -> str:
        # Translators: «Замена SIM-карты»
        return _("Replacement of SIM card")

    @property
    def description(self) -> str:
        return _("The line works with the new SIM from this moment on; the old one never works again.")

    def button(self, count: int) -> str:
        return ngettext("Replace %(count)d SIM", "Replace %(count)d SIMs", count) % {"count": count}

    def asks(self, subscriber: Subscriber, data: Data) -> str:
        return str(data.get("iccid") or "")

    def of_row(self, more: Sequence[str]) -> Data | Problem:
        typed = more[0] if more else ""
        if is_rounded(typed):
            return Problem(Verdict.REFUSED, "rounded")
        iccid = tidy(typed)
        return {"iccid": iccid} if iccid else Problem(Verdict.REFUSED, "no_sim")

    def check(self, subscribers: Sequence[Subscriber], data: Mapping[int, Data]) -> dict[int, Problem]:
        wanted = _iccids(data)
        free = SimCard.objects.as_system().unused().filter(iccid__in=among(set(wanted.values())))
        sims = {iccid: (client, line) for iccid, client, line in free.values_list("iccid", "client_id", "line_id")}
        clients = _clients(subscribers)
        times = Counter(wanted.values())
        problems: dict[int, Problem] = {}
        for line in subscribers:
            iccid = wanted.get(line.pk, "")
            problem = _problem(line, iccid, sims.get(iccid), clients.get(line.pk))
            if problem is None and times[iccid] > 1:
                problem = Problem(Verdict.REFUSED, "sim_twice")
            if problem is not None:
                problems[line.pk] = problem
        return problems

    def keep(self, rows: Mapping[int, Data]) -> dict[int, Problem]:
        got = renumbering.keep_sims(_iccids(rows))
        return {pk: Problem(Verdict.REFUSED, "sim_not_free") for pk in rows if pk not in got}

    def let_go(self, rows: Mapping[int, Data]) -> None:
        renumbering.let_go_sims(_iccids(rows))

    def wanted(self, data: Data) -> str:
        return str(data.get("iccid") or "")

    def command(self, key: str, subscriber: Subscriber, data: Data) -> Command:
        return Command(key, "replace_sim", subscriber.number, {"iccid": str(data["iccid"])})

    def perform(self, done: Mapping[int, Done], at: dt.datetime) -> None:
        renumbering.change_sims({pk: str(row.data["iccid"]) for pk, row in done.items()}, at)


def tidy(typed: str) -> str:
    """The number of a SIM as it is stored, whatever stands between its digits."""
    return _FILLER.sub("", typed)


def _iccids(data: Mapping[int, Data]) -> dict[int, str]:
    return {pk: str(asked.get("iccid") or "") for pk, asked in data.items()}


def _clients(subscribers: Sequence[Subscriber]) -> dict[int, int]:
    lines = Subscriber.objects.as_system().filter(pk__in=among([line.pk for line in subscribers]))
    return dict(lines.order_by().values_list("pk", "account__contract__client_id"))


def _problem(line: Subscriber, iccid: str, sim: _Sim | None, client_id: int | None) -> Problem | None:
    problem = standing(line, ALLOWED)
    if problem is not None:
        return problem
    if not iccid:
        return Problem(Verdict.REFUSED, "no_sim")
    if iccid == line.iccid:
        return Problem(Verdict.NOTHING, "same_sim")
    if not line.tariff.sim_by_client or not line.iccid:
        return Problem(Verdict.REFUSED, "sim_by_operator")
    if sim is not None and sim[0] == client_id and sim[1] in {None, line.pk}:
        return None
    return _not_free(iccid)


def _not_free(iccid: str) -> Problem:
    """The same answer for a SIM of somebody else, one in use, and one that does not exist."""
    if len(iccid) not in DIGITS or not iccid.isdecimal():
        return Problem(Verdict.REFUSED, "not_a_sim", {"least": DIGITS[0], "most": DIGITS[-1]})
    return Problem(Verdict.REFUSED, "sim_not_free")
