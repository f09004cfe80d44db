"""A small server that speaks TMF640 over a real socket: it keeps services, and behaves badly when it is told to."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "key-of-ours"
BASE = "/tmf-api/ServiceActivationAndConfiguration/v4"

Json = dict[str, Any]  # Any: JSON


@dataclass
class Network:
    """Its services by id, and how it behaves: by externalId of a command, or for all.

    `late` are keys that get a monitor, which ends after `looks` looks (`never` keeps it open); `broken` end in error;
    `silent` get no answer, once, after the effect; `refused` get 422.
    """

    services: dict[str, Json] = field(default_factory=dict)
    monitors: dict[str, Json] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    effects: Counter[str] = field(default_factory=Counter)
    asked: list[str] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    looks: int = 2
    status: int = 0
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    def line(self, number: str, state: str = "active", **values: object) -> Json:
        characteristics = [{"name": name, "value": value} for name, value in values.items()]
        return self.add({
            "name": number, "state": state, "serviceSpecification": {"id": "line"},
            "serviceCharacteristic": characteristics,
        })  # fmt: skip

    def connected(self, number: str, code: str) -> Json:
        return self.add({"name": number, "state": "active", "serviceSpecification": {"id": code}})

    def add(self, service: Json) -> Json:
        made = {"id": f"s/{len(self.services) + 1}", **service}
        self.services[made["id"]] = made
        return made

    def change(self, found: Json, body: Json) -> None:
        if found["serviceSpecification"]["id"] == "line" and "name" in body:
            for other in self.services.values():
                if other["name"] == found["name"] and other is not found:
                    other["name"] = body["name"]
        found.update(body)

    def note(self, key: str, service: Json) -> None:
        self.effects[key] += 1
        self.keys[key] = service["id"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    network: Network

    def log_message(self, *_args: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:  # the library's name
        if self._odd():
            return
        url = urlsplit(self.path)
        path, query = url.path.removeprefix(BASE), parse_qs(url.query)
        if path == "/service":
            found = self._found({name: values[0] for name, values in query.items()})
            start, limit = int(query.get("offset", ["0"])[0]), int(query.get("limit", ["100"])[0])
            self._say(200, found[start : start + limit], {"X-Total-Count": str(len(found))})
        else:
            self._monitor(path.rpartition("/")[2])

    def do_POST(self) -> None:  # the same
        if not self._odd():
            body = self._body()
            self._do(body, lambda: self.network.add(body), 201)

    def do_PATCH(self) -> None:  # the same
        if self._odd():
            return
        body = self._body()
        found = self.network.services[unquote(self.path.rpartition("/")[2])]

        def change() -> Json:
            self.network.change(found, body)
            return found

        self._do(body, change, 200)

    def _do(self, body: Json, effect: Any, status: int) -> None:  # noqa: ANN401  # a function
        here, key = self.network, body["externalId"]
        if key in here.refused:
            self._say(422, {"code": "noResources", "reason": "none left"})
        elif key in here.broken:
            self._monitored(key, "InError")
        else:
            with here.lock:
                done = effect()
                here.note(key, done)
            if key in here.silent:
                here.silent.discard(key)
                here.over.wait(10)
                self.close_connection = True
            elif key in here.late:
                self._monitored(key, "Completed")
            else:
                self._say(status, done)

    def _monitored(self, key: str, end: str) -> None:
        monitor = {"id": f"m-{key}", "state": "InProgress", "end": end, "looks": self.network.looks}
        self.network.monitors[str(monitor["id"])] = monitor
        # An address elsewhere: whoever would follow it leaves this machine.
        self._say(202, None, {"Location": f"http://192.0.2.1/elsewhere/monitor/m-{key}?x=1"})

    def _monitor(self, name: str) -> None:
        monitor = self.network.monitors[name]
        monitor["looks"] -= 1
        if monitor["looks"] <= 0:
            monitor["state"] = monitor["end"]
        answer = {"response": {"body": {"code": "noSwitch"}}} if monitor["state"] == "InError" else {}
        self._say(200, {"id": name, "state": monitor["state"], **answer})

    def _found(self, by: dict[str, str]) -> list[Json]:
        here = self.network
        if "externalId" in by:
            key = by["externalId"]
            return [here.services[here.keys[key]]] if key in here.keys else []
        names = set(by["name"].split(",")) if "name" in by else None
        return [one for one in here.services.values() if names is None or one["name"] in names]

    def _odd(self) -> bool:
        """Whether this was answered already, as the network behaves at present."""
        here = self.network
        here.asked.append(f"{self.command} {urlsplit(self.path).path.removeprefix(BASE)}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._say(401, {"code": "unauthorized"})
            return True
        if here.status or here.raw:
            self._body()
            self._write(here.status or 200, here.raw, here.headers)
            return True
        return False

    def _body(self) -> Json:
        length = int(self.headers.get("Content-Length") or 0)
        found: Json = json.loads(self.rfile.read(length)) if length else {}
        return found

    def _say(self, status: int, body: object, headers: dict[str, str] | None = None) -> None:
        self._write(status, b"" if body is None else json.dumps(body).encode(), headers or {})

    def _write(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def serving() -> Iterator[tuple[Network, str]]:
    """A network that listens on loopback, and its address."""
    network = Network()
    handler = type("Here", (Handler,), {"network": network})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield network, f"http://127.0.0.1:{server.server_port}{BASE}"
    finally:
        network.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
