"""Limits that are passed and spend that is unusual, looked at each hour where somebody asked for it. A task."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from abonent import profile
from abonent.access.models import Seat
from abonent.clients.models import Account
from abonent.jobs.pause import breathe
from abonent.lib import clock
from abonent.lib.money import ZERO, round_money
from abonent.lib.periods import Month
from abonent.notices.choosing import Wanted, by_default, wanted
from abonent.notices.fact import Fact, Told
from abonent.notices.facts.new import seats_in_force
from abonent.notices.ground import Line, lines_of, seen_by, targets_of
from abonent.notices.kinds import SPEND, Kind, may_be_told
from abonent.notices.models import Choice, Notice
from abonent.notices.spend import Number, Spend
from abonent.notices.telling import tell

# Of more numbers than that a notice keeps no more than their ids.
NAMED = 100


@dataclass(frozen=True, slots=True)
class Watch:
    """A seat that asked to be told of one of the kinds, and what it sees."""

    seat: Seat
    kind: Kind
    wish: Wanted


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a client one seat sees: whole accounts, or single lines of some accounts."""

    accounts: frozenset[int]
    lines: frozenset[int] | None = None

    def has(self, line: int) -> bool:
        return self.lines is None or line in self.lines


def watch_spend() -> int:
    """Tell whoever asked for it of what was passed since the last look; how many notices."""
    by_client: dict[int, list[Watch]] = defaultdict(list)
    for watch in _watches():
        by_client[watch.seat.client_id or 0].append(watch)
    told = 0
    for client, watches in by_client.items():
        told += tell(list(_told(client, watches)))
        breathe()
    return told


def _watches() -> Iterator[Watch]:
    asked = Choice.objects.filter(kind__in=SPEND)
    seats = list(seats_in_force().filter(pk__in=asked.values("seat")))
    for kind in SPEND:
        wishes = wanted([seat.pk for seat in seats], kind)
        for seat in seats:
            wish = wishes[seat.pk]
            if wish.channels and wish.figures and may_be_told(seat, kind):
                yield Watch(seat, kind, wish)


def _told(client: int, watches: Sequence[Watch]) -> Iterator[Told]:
    look = _Look.at(client, {watch.seat.pk: watch.seat for watch in watches})
    known = _known([watch.seat.pk for watch in watches], look.spend.month)
    for watch in watches:
        mine = _Mine(watch, look.spend.month, look.lines, known.get((watch.seat.pk, watch.kind), []))
        yield from (Told(watch.seat, fact) for fact in mine.facts(look.found(watch)))


@dataclass(frozen=True, slots=True)
class Found:
    """What one seat sees of the month: the sum with the usual one, and each number where it was asked for."""

    whole: Decimal
    mean: Decimal
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class _Look:
    """A client's spend, and what of it each seat sees."""

    lines: dict[int, Line]
    sights: Mapping[int, Sight]
    spend: Spend
    so_far: Mapping[int, Decimal]
    usual: Mapping[int, Decimal]

    @classmethod
    def at(cls, client: int, seats: Mapping[int, Seat]) -> "_Look":
        accounts = {row.pk: row for row in Account.objects.as_system().filter(contract__client=client)}
        lines = lines_of(client)
        sights = _sights(client, seats, accounts, lines)
        spend = Spend(Month.at(clock.now(), profile.current().zone), accounts)
        whole = sorted({pk for sight in sights.values() if sight.lines is None for pk in sight.accounts})
        return cls(lines, sights, spend, spend.so_far(whole), spend.usual(whole))

    def found(self, watch: Watch) -> Found:
        sight = self.sights[watch.seat.pk]
        by_number = watch.kind == Kind.UNUSUAL_SPEND or "each" in watch.wish.figures
        numbers = self._numbers(sight) if by_number or sight.lines is not None else []
        if sight.lines is None:
            whole = sum((self.so_far[pk] for pk in sight.accounts), ZERO)
            mean = sum((self.usual.get(pk, ZERO) for pk in sight.accounts), ZERO)
        else:
            whole = sum((number.spent for number in numbers), ZERO)
            mean = sum((number.mean or ZERO for number in numbers), ZERO)
        return Found(whole, mean, numbers)

    def _numbers(self, sight: Sight) -> list[Number]:
        """Of the lines that the seat sees now; one that moved between its accounts is one."""
        found: dict[int, Number] = {}
        for account in sorted(sight.accounts):
            for number in self.spend.numbers(account):
                line = self.lines.get(number.line)
                if line is not None and line.account in sight.accounts and sight.has(line.pk):
                    known = found.get(line.pk)
                    found[line.pk] = number if known is None else known.plus(number)
        return list(found.values())


def _sights(
    client: int, seats: Mapping[int, Seat], accounts: Mapping[int, Account], lines: dict[int, Line]
) -> dict[int, Sight]:
    targets = targets_of(seats.values())
    narrow = seen_by([seat for seat in seats.values() if seat.is_narrow], client, lines)
    found = {}
    for seat in seats.values():
        if seat.is_narrow:
            mine = frozenset(narrow[seat.pk])
            found[seat.pk] = Sight(frozenset(lines[pk].account for pk in mine), mine)
        elif seat.reach == Seat.Reach.ACCOUNTS:
            found[seat.pk] = Sight(frozenset(targets.get(seat.pk, set()) & accounts.keys()))
        else:
            found[seat.pk] = Sight(frozenset(accounts))
    return found


def _known(seats: Collection[int], month: Month) -> dict[tuple[int, str], list[Notice]]:
    """What these seats were told of the month already."""
    found: dict[tuple[int, str], list[Notice]] = defaultdict(list)
    began = month.period(profile.current().zone).start
    for notice in Notice.objects.filter(seat__in=seats, kind__in=SPEND, at__gte=began).only(
        "seat", "kind", "key", "lines"
    ):
        found[notice.seat_id, notice.kind].append(notice)
    return found


@dataclass(frozen=True, slots=True)
class _Mine:
    """What one watch finds; `known` are its notices of this month."""

    watch: Watch
    month: Month
    lines: Mapping[int, Line]
    known: Sequence[Notice]

    def facts(self, found: Found) -> Iterator[Fact]:
        if self.watch.kind == Kind.LIMIT_PASSED:
            yield from self._passed(found)
        else:
            yield from self._unusual(found)

    def _passed(self, found: Found) -> Iterator[Fact]:
        whole, each = self.watch.wish.figures.get("whole"), self.watch.wish.figures.get("each")
        if whole is not None and found.whole > whole:
            yield self._whole(f"{whole:.2f}", spent=found.whole, limit=whole)
        if each is not None:
            yield from self._each(f"{each:.2f}", (one for one in found.numbers if one.spent > each), each)

    def _unusual(self, found: Found) -> Iterator[Fact]:
        figures = {**by_default(Kind.UNUSUAL_SPEND).figures, **self.watch.wish.figures}
        factor, least = figures["factor"], figures["least"]

        def is_unusual(spent: Decimal, usual: Decimal | None) -> bool:
            return usual is not None and usual > 0 and spent >= least and spent > usual * factor

        mark = f"{factor:.2f}/{least:.2f}"
        if is_unusual(found.whole, found.mean):
            yield self._whole(mark, spent=found.whole, mean=found.mean)
        yield from self._each(mark, (one for one in found.numbers if is_unusual(one.spent, one.mean)))

    def _key(self, of: str, mark: str) -> str:
        """By seat too: another seat of the same person sees another sum."""
        return f"{self.watch.kind}:{self.month}:{self.watch.seat.pk}:{of}:{mark}"

    def _whole(self, mark: str, **amounts: Decimal) -> Fact:
        args: dict[str, object] = {"of": "whole", "month": str(self.month)}
        args.update({name: str(round_money(amount)) for name, amount in amounts.items()})
        return Fact(self.watch.kind, self._key("whole", mark), clock.now(), 0, args)

    def _each(self, mark: str, numbers: Iterable[Number], limit: Decimal | None = None) -> Iterator[Fact]:
        """Those that were not told of yet, in one notice. Of two looks at once the second one's key is taken."""
        key = self._key("each", mark)
        before = [notice for notice in self.known if notice.key.startswith(f"{key}:")]
        told = {line for notice in before for line in notice.lines}
        fresh = sorted((one for one in numbers if one.line not in told), key=lambda one: (-one.spent, one.line))
        if not fresh:
            return
        args: dict[str, object] = {
            "of": "each",
            "month": str(self.month),
            "count": len(fresh),
            "numbers": [self._row(one) for one in fresh[:NAMED]],
        }
        if limit is not None:
            args["limit"] = f"{limit:.2f}"
        about = fresh[0].line if len(fresh) == 1 else 0
        lines = tuple(one.line for one in fresh)
        yield Fact(self.watch.kind, f"{key}:{len(before)}", clock.now(), about, args, lines)

    def _row(self, one: Number) -> list[object]:
        line = self.lines.get(one.line)
        mean = "" if one.mean is None else str(round_money(one.mean))
        return [one.line, line.number if line else "", str(round_money(one.spent)), mean]
