"""Asking over HTTP: one connection that is kept, a deadline for the whole answer, and a bound on its size."""

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any

from abonent.lib import clock
from abonent.network.errors import NetworkError, UnreachableError
from abonent.network.rest.address import Address
from abonent.network.rest.deadline import Watched

LARGEST = 8 * 1024 * 1024
JSON = "application/json"
MERGE = "application/merge-patch+json"
# Refused as a question, whatever is asked.
NOT_ALLOWED = frozenset({401, 403})
# Nothing was done, or nobody knows: the same again later.
LATER = frozenset({408, 425, 429})
OK, REDIRECT, WRONG, BROKEN = 200, 300, 400, 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back below 500; `body` is the JSON (None where there was none), `total` says X-Total-Count."""

    status: int
    body: Any  # Any: whatever JSON another system sends
    total: int | None = None
    location: str = ""

    @property
    def is_refusal(self) -> bool:
        return self.status >= WRONG

    @property
    def reason(self) -> str:
        """A short code: the status, and the code that TM Forum's errors carry."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return f"{self.status} {code}"[:40] if isinstance(code, str | int) else str(self.status)


class Caller:
    """Of one thread. Every trouble is a `NetworkError`; a redirection is followed nowhere."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self._kept: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """`path` begins after the address's own, e.g. `/service?name=…`."""
        what = f"{method} {path.partition('?')[0]}"
        try:
            return self._answer(self._send(method, path, body), what)
        except NetworkError:
            self.close()
            raise
        except TimeoutError as late:
            self.close()
            raise NetworkError(f"The network did not answer within {self.address.timeout} s ({what}).") from late
        except (ConnectionRefusedError, ssl.SSLError) as closed:
            self.close()
            raise UnreachableError(f"The network cannot be reached: {_words(closed)}.") from closed
        except (OSError, http.client.HTTPException) as broken:
            self.close()
            raise NetworkError(f"The line to the network broke: {_words(broken)} ({what}).") from broken

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _send(self, method: str, path: str, body: object) -> http.client.HTTPResponse:
        headers = {"Accept": JSON, "User-Agent": "abonent"}
        if self.address.token:
            headers["Authorization"] = f"Bearer {self.address.token}"
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        if content is not None:
            headers["Content-Type"] = MERGE if method == "PATCH" else JSON
        connection = self._connection()
        connection.request(method, self.address.path + path, content, headers)
        return connection.getresponse()

    def _connection(self) -> http.client.HTTPConnection:
        here = self.address
        if self._kept is None:
            kind = http.client.HTTPSConnection if here.secure else http.client.HTTPConnection
            self._kept = kind(here.host, here.port, timeout=here.timeout)
        elif self._kept.sock is not None:
            self._kept.sock.settimeout(here.timeout)
        deadline = clock.timer() + here.timeout

        def response(sock: socket.socket, method: str | None = None) -> http.client.HTTPResponse:
            return http.client.HTTPResponse(Watched(sock, deadline), method=method)  # type: ignore[arg-type]  # all it uses

        self._kept.response_class = response  # type: ignore[assignment]  # it is only called
        return self._kept

    def _answer(self, response: http.client.HTTPResponse, what: str) -> Answer:
        content = response.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise NetworkError(f"The network answered with more than {LARGEST // 1024**2} MB ({what}).")
        if response.status in NOT_ALLOWED:
            raise UnreachableError(f"The network refuses our token ({response.status}, {what}).")
        if REDIRECT <= response.status < WRONG:
            raise UnreachableError(f"The network redirects ({response.status}, {what}); set its final address.")
        if response.status >= BROKEN or response.status in LATER:
            raise NetworkError(f"The network has trouble of its own ({response.status}, {what}).")
        total = response.headers.get("X-Total-Count", "")
        return Answer(
            response.status,
            _json(content, response.status, what),
            int(total) if total.isascii() and total.isdigit() and len(total) < 10 else None,  # noqa: PLR2004  # a count
            response.headers.get("Location", ""),
        )


def _json(content: bytes, status: int, what: str) -> Any:  # noqa: ANN401  # whatever JSON another system sends
    if not content.strip():
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise NetworkError(f"The network answered something that is no JSON ({status}, {what}).") from wrong


def _words(error: Exception) -> str:
    """What went wrong, without the address that some of these texts carry."""
    return getattr(error, "strerror", None) or type(error).__name__
