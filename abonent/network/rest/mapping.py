"""Our commands as services of TMF640, and its services as our lines: the one table (docs/network.md shows it).

A line is a service of the specification `line`, named by its number. What is connected to it is a service of its own,
of the specification that the catalog's code names, with the line's number as its name too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from abonent.network.values import Command, NetworkLine, diverted

Service = Mapping[str, Any]  # Any: JSON of another system
LINE = "line"
ACTIVE, ENDED = "active", "terminated"
STATES = {"reserved": "pending", "designed": "pending", "active": "active", "inactive": "blocked", "terminated": ENDED}
FORWARDING = "forwarding."


@dataclass(frozen=True, slots=True)
class Change:
    """Of a line: its new state, name, and characteristics (None takes one away)."""

    state: str = ""
    name: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def body(self, line: Service, key: str) -> dict[str, object]:
        """For PATCH; arrays are replaced as a whole there, so all characteristics are sent."""
        body: dict[str, object] = {"externalId": key}
        if self.state:
            body["state"] = self.state
        if self.name:
            body["name"] = self.name
        if self.values:
            merged = {**values_of(line), **self.values}
            body["serviceCharacteristic"] = _characteristics(merged)
        return body


LINE_CHANGES: dict[str, Callable[[Mapping[str, str | int]], Change]] = {
    "activate": lambda _args: Change(state=ACTIVE),
    "block": lambda _args: Change(state="inactive"),
    "unblock": lambda _args: Change(state=ACTIVE),
    "terminate": lambda _args: Change(state=ENDED),
    "change_plan": lambda args: Change(values={"tariff": args["tariff"], "optionSet": args["option_set"] or None}),
    "replace_sim": lambda args: Change(values={"iccid": args["iccid"]}),
    "change_number": lambda args: Change(name=str(args["number"]), values={"number": args["number"]}),
    "forward": lambda args: Change(values={f"{FORWARDING}{args['type']}": _divert(args)}),
    "forward_off": lambda args: Change(values={f"{FORWARDING}{args['type']}": None}),
}


def connection(command: Command, line: Service) -> dict[str, object]:
    """For POST: the service to connect, which relies on the line."""
    return {
        "externalId": command.key,
        "name": command.number,
        "state": ACTIVE,
        "serviceSpecification": {"id": command.args["service"]},
        "serviceRelationship": [{"relationshipType": "reliesOn", "service": {"id": line["id"]}}],
    }


def values_of(service: Service) -> dict[str, object]:
    """Its characteristics by name."""
    return {str(one["name"]): one.get("value") for one in service.get("serviceCharacteristic") or []}


def spec_of(service: Service) -> str:
    return str((service.get("serviceSpecification") or {}).get("id", ""))


def is_live(service: Service) -> bool:
    return service.get("state") != ENDED


def lines_of(services: Iterable[Service]) -> dict[str, NetworkLine]:
    """By number; of several lines that had it, the one that is not terminated."""
    lines: dict[str, Service] = {}
    connected: dict[str, set[str]] = {}
    for service in services:
        number, spec = str(service.get("name", "")), spec_of(service)
        if spec != LINE:
            if service.get("state") == ACTIVE:
                connected.setdefault(number, set()).add(spec)
        elif is_live(service) or number not in lines:
            lines[number] = service
    return {number: _line(number, line, connected.get(number, set())) for number, line in lines.items()}


def _line(number: str, service: Service, connected: set[str]) -> NetworkLine:
    values = values_of(service)
    tariff, option_set, iccid = (str(values.get(name) or "") for name in ("tariff", "optionSet", "iccid"))
    forwarding = {
        name.removeprefix(FORWARDING): diverted(str(value["target"]), value.get("seconds"))
        for name, value in values.items()
        if name.startswith(FORWARDING) and isinstance(value, dict) and "target" in value
    }
    state = str(service.get("state", ""))
    status = STATES.get(state.lower(), state)
    return NetworkLine(number, status, tariff, option_set, iccid, frozenset(connected), forwarding)


def _characteristics(values: Mapping[str, object]) -> list[dict[str, object]]:
    return [{"name": name, "value": value} for name, value in values.items() if value is not None]


def _divert(args: Mapping[str, str | int]) -> dict[str, str | int]:
    seconds = {"seconds": args["seconds"]} if "seconds" in args else {}
    return {"target": args["target"], **seconds}
