"""What the embedded network knows of its lines: the fold of its log, from the moment it took each of them over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from abonent.network.models import NetworkCommand
from abonent.network.values import NetworkLine, diverted

TAKEN_OVER = "take_over"
STATUSES = {"activate": "active", "block": "blocked", "unblock": "active", "terminate": "terminated"}


@dataclass(slots=True)
class _Line:
    status: str
    tariff: str
    option_set: str
    iccid: str
    services: set[str]
    forwarding: dict[str, str]

    @classmethod
    def taken(cls, args: Mapping[str, Any]) -> Self:  # Any: JSON of ours
        status, tariff, option_set, iccid = (str(args[name]) for name in ("status", "tariff", "option_set", "iccid"))
        return cls(status, tariff, option_set, iccid, set(args["services"]), dict(args["forwarding"]))

    def told(self, kind: str, args: Mapping[str, Any]) -> None:  # the same
        """What a command changes; one of a kind that changes nothing here is no matter."""
        if kind in STATUSES:
            self.status = STATUSES[kind]
        elif kind == "change_plan":
            self.tariff, self.option_set = args["tariff"], args["option_set"]
        elif kind == "replace_sim":
            self.iccid = args["iccid"]
        elif kind == "connect_service":
            self.services.add(args["service"])
        elif kind == "disconnect_service":
            self.services.discard(args["service"])
        elif kind == "forward":
            self.forwarding[args["type"]] = diverted(args["target"], args.get("seconds"))
        elif kind == "forward_off":
            self.forwarding.pop(args["type"], None)

    def seen(self, number: str) -> NetworkLine:
        return NetworkLine(
            number,
            self.status,
            self.tariff,
            self.option_set,
            self.iccid,
            frozenset(self.services),
            dict(self.forwarding),
        )


def remembered(numbers: Sequence[str]) -> dict[str, NetworkLine]:
    """The lines by number, of those that were ever taken over; three queries for any count of numbers, mostly."""
    lines: dict[str, _Line] = {}
    for kind, number, args in _log(_with_former(numbers)):
        if kind == TAKEN_OVER:
            lines[number] = _Line.taken(args)
        elif number not in lines:
            continue
        elif kind == "change_number":
            lines[args["number"]] = lines.pop(number)
        else:
            lines[number].told(kind, args)
    return {number: lines[number].seen(number) for number in numbers if number in lines}


def taken_over(lines: Mapping[str, NetworkLine]) -> list[NetworkCommand]:
    """Rows of the log, not saved, that begin what is known of these lines; by a key that is used once."""
    rows = []
    for key, line in lines.items():
        args = {**asdict(line), "services": sorted(line.services), "forwarding": dict(line.forwarding)}
        del args["number"]
        rows.append(NetworkCommand(key=key, kind=TAKEN_OVER, number=line.number, args=args, done=True))
    return rows


def _with_former(numbers: Sequence[str]) -> set[str]:
    """These numbers, and those from which their lines came."""
    found, newest = set(numbers), set(numbers)
    while newest:
        moves = NetworkCommand.objects.filter(moved_to__in=newest, done=True)
        newest = set(moves.values_list("number", flat=True)) - found
        found |= newest
    return found


def _log(numbers: set[str]) -> Iterable[tuple[str, str, dict[str, Any]]]:  # Any: JSON of ours
    told = NetworkCommand.objects.filter(number__in=numbers, done=True).order_by("pk")
    return told.values_list("kind", "number", "args")
