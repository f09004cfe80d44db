"""An operator's network behind TM Forum's Service Activation and Configuration API (TMF640)."""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlencode

from abonent.lib.inserting import insert
from abonent.network.errors import NetworkError
from abonent.network.models import ToldCommand
from abonent.network.rest.address import Address
from abonent.network.rest.batch import Batch, side_by_side, understood
from abonent.network.rest.caller import Caller
from abonent.network.rest.doing import Asked, services_in
from abonent.network.rest.mapping import Service, lines_of
from abonent.network.values import Command, NetworkLine, Outcome

# So many numbers are asked for at once, and so many services come at most in one answer.
NUMBERS, PAGE, MOST_PAGES = 50, 1000, 50


class RestNetwork:
    """What was told is written down before it is, so that whoever comes back after a time-out asks for it first."""

    def __init__(self, address: Address) -> None:
        self.address = address

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        by_key = {command.key: command for command in commands}
        known = {row.key: row for row in ToldCommand.objects.filter(key__in=by_key)}
        insert([ToldCommand(key=key) for key in by_key if key not in known], skip_known=True)
        outcomes = {key: Outcome(row.done, row.reason) for key, row in known.items() if row.done is not None}
        batch = Batch(self.address)
        try:
            batch.run([_asked(command, known) for key, command in by_key.items() if key not in outcomes])
        finally:
            _keep(batch)
        outcomes |= batch.outcomes
        if commands and not outcomes:
            raise batch.errors[0]
        return outcomes

    def report(self, numbers: Sequence[str]) -> Mapping[str, NetworkLine]:
        parts = [numbers[start : start + NUMBERS] for start in range(0, len(numbers), NUMBERS)]
        found: dict[str, NetworkLine] = {}
        for lines in side_by_side(self.address, _lines, parts):
            found |= lines
        return {number: found[number] for number in numbers if number in found}

    def check(self) -> str:
        caller = Caller(self.address)
        answer = caller.ask("GET", "/service?limit=1")
        caller.close()
        services_in(answer)
        count = "" if answer.total is None else f", {answer.total} services"
        return f"TMF640 answers at {self.address.host}{self.address.path}{count}"


def _asked(command: Command, known: Mapping[str, ToldCommand]) -> Asked:
    row = known.get(command.key)
    return Asked(command, again=row is not None, monitor=row.monitor if row else "")


def _keep(batch: Batch) -> None:
    """Write down what is known now; the monitor of what the network is still at."""
    alike: dict[Outcome, list[str]] = {}
    for key, outcome in batch.outcomes.items():
        alike.setdefault(outcome, []).append(key)
    for outcome, keys in alike.items():
        ToldCommand.objects.filter(key__in=keys).update(done=outcome.done, reason=outcome.reason)
    for key, monitor in batch.monitors.items():
        if key not in batch.outcomes:
            ToldCommand.objects.filter(key=key).update(monitor=monitor)


def _lines(caller: Caller, numbers: Sequence[str]) -> dict[str, NetworkLine]:
    with understood():
        return lines_of(_services(caller, numbers))


def _services(caller: Caller, numbers: Sequence[str]) -> Iterable[Service]:
    """All services with one of these names, page by page."""
    names = ",".join(numbers)
    for page in range(MOST_PAGES):
        query = urlencode({"name": names, "limit": str(PAGE), "offset": str(page * PAGE)}, safe=",")
        answer = caller.ask("GET", f"/service?{query}")
        services = services_in(answer)
        yield from services
        more = answer.total > (page + 1) * PAGE if answer.total is not None else len(services) == PAGE
        if not more:
            return
    raise NetworkError("The network has more services of these numbers than numbers can have.")
