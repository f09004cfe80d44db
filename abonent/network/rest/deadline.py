"""An answer by a deadline: the timeout of a socket begins anew with every byte, and ours does not."""

import io
import socket
from typing import Any

from abonent.lib import clock


class _Reading(io.RawIOBase):
    """What a socket sends until `deadline`, an instant of `clock.timer()`; then it is a TimeoutError."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        super().__init__()
        self._sock, self._deadline = sock, deadline
        # Keeps the socket open while the answer is read, as the library counts it.
        self._held = sock.makefile("rb", 0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # as the base class declares it
        left = self._deadline - clock.timer()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._held.readinto(buffer)

    def close(self) -> None:
        self._held.close()
        super().close()


class Watched:
    """As much of a socket as `http.client.HTTPResponse` needs of one."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self._sock, self._deadline))
