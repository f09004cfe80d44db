"""Doing one command over TMF640: found by its key where it was done before, else asked for, and waited for."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from abonent.lib import clock
from abonent.network.errors import NetworkError
from abonent.network.rest.caller import Answer, Caller
from abonent.network.rest.mapping import (
    ENDED,
    LINE,
    LINE_CHANGES,
    Change,
    Service,
    connection,
    is_live,
    spec_of,
)
from abonent.network.values import Command, Outcome

DONE = Outcome(done=True)
ACCEPTED = 202
COMPLETED = frozenset({"completed", "done"})
IN_ERROR = frozenset({"inerror", "failed", "rejected", "cancelled"})
FIRST_LOOK, LONGEST_PAUSE = 0.05, 1.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A command, whether it was told before without an answer, and the monitor that was named then."""

    command: Command
    again: bool = False
    monitor: str = ""


class Doing:
    """One command. `note` is told the id of a monitor as soon as there is one."""

    def __init__(self, caller: Caller, asked: Asked, note: Callable[[str], None]) -> None:
        self.caller, self.asked, self.note = caller, asked, note
        self.command = asked.command

    def outcome(self) -> Outcome:
        """What came of it; `NetworkError` where nothing is known."""
        if self.asked.monitor:
            return self._watch(self.asked.monitor)
        if self.asked.again and self._services(externalId=self.command.key):
            return DONE
        named = self._services(name=self.command.number)
        lines = [one for one in named if spec_of(one) == LINE and is_live(one)]
        if len(lines) != 1:
            return Outcome(done=False, reason="several_lines" if lines else "unknown_number")
        code = str(self.command.args.get("service", ""))
        connected = [one for one in named if spec_of(one) == code and is_live(one)]
        if self.command.kind == "connect_service":
            # What is so already is done: else a difference could never be mended by an order.
            return (
                DONE
                if connected
                else self._end(self.caller.ask("POST", "/service", connection(self.command, lines[0])))
            )
        if self.command.kind == "disconnect_service":
            return self._patch(connected[0], Change(state=ENDED)) if connected else DONE
        return self._patch(lines[0], LINE_CHANGES[self.command.kind](self.command.args))

    def _patch(self, service: Service, change: Change) -> Outcome:
        path = f"/service/{quote(str(service['id']), safe='')}"
        return self._end(self.caller.ask("PATCH", path, change.body(service, self.command.key)))

    def _services(self, **by: str) -> list[Service]:
        answer = self.caller.ask("GET", f"/service?{urlencode({**by, 'limit': '1000'})}")
        return services_in(answer)

    def _end(self, answer: Answer) -> Outcome:
        if answer.is_refusal:
            return Outcome(done=False, reason=answer.reason)
        if answer.status != ACCEPTED:
            return DONE
        monitor = _monitor_in(answer)
        self.note(monitor)
        return self._watch(monitor)

    def _watch(self, monitor: str) -> Outcome:
        """Look at it, ever more seldom, until it has an end or the time is up."""
        end = clock.timer() + self.caller.address.wait
        pause = FIRST_LOOK
        while True:
            answer = self.caller.ask("GET", f"/monitor/{quote(monitor, safe='')}")
            state = str((answer.body or {}).get("state", "")) if isinstance(answer.body, dict) else ""
            known = state.lower().replace(" ", "").replace("_", "")
            if known in COMPLETED:
                return DONE
            if known in IN_ERROR or answer.is_refusal:
                return Outcome(done=False, reason=_reason(answer))
            if clock.timer() + pause > end:
                raise NetworkError(f"The network was not ready within {self.caller.address.wait} s.")
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def services_in(answer: Answer) -> list[Service]:
    """The services of a list; `NetworkError` where it is none."""
    whole = isinstance(answer.body, list) and all(isinstance(one, dict) and "id" in one for one in answer.body)
    if answer.is_refusal or not whole:
        raise NetworkError(f"The network answered no list of services ({answer.status}, GET /service).")
    return list(answer.body)


def _monitor_in(answer: Answer) -> str:
    """Its id: of the body, else the end of the address that was named. The address itself is never followed."""
    body = answer.body if isinstance(answer.body, dict) else {}
    for found in (
        body.get("id") if "state" in body or "sourceHref" in body else None,
        answer.location,
        body.get("href"),
    ):
        name = str(found or "").split("?")[0].rstrip("/").rpartition("/")[2]
        if name:
            return name[:200]
    raise NetworkError("The network works on it, but names no monitor (202).")


def _reason(answer: Answer) -> str:
    """Of what ended in error: the answer that the monitor kept."""
    kept = answer.body.get("response") if isinstance(answer.body, dict) else None
    body = kept.get("body") if isinstance(kept, dict) else None
    code = body.get("code") if isinstance(body, dict) else None
    return str(code or answer.reason)[:40]
