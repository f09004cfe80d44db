"""A mail server on loopback, in a process of its own, which takes every letter and counts: `sink` runs it."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

SERVER = [sys.executable, "-m", "bench.smtp_sink"]


@contextlib.contextmanager
def sink(counts: Path) -> Iterator[int]:
    """The port it listens at. `counts` is kept by it: how many letters came, how many ids, how many with a PDF."""
    with subprocess.Popen([*SERVER, str(counts)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as server:  # noqa: S603  # our own module
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.communicate()


class _Counting:
    def __init__(self, counts: Path) -> None:
        self._counts = counts
        self._ids: Counter[str] = Counter()
        self._pdfs = 0

    async def handle_DATA(  # noqa: N802  # the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self._ids[str(message_from_bytes(envelope.content)["Message-ID"])] += 1
        self._pdfs += b"JVBERi" in envelope.content  # `%PDF-` in base64
        return "250 OK"

    def write(self) -> None:
        told = {"letters": self._ids.total(), "ids": len(self._ids), "pdfs": self._pdfs}
        beside = self._counts.with_suffix(".new")
        beside.write_text(json.dumps(told))
        beside.replace(self._counts)


def letters(counts: Path, wanted: int, patience: float = 5) -> dict[str, int]:
    """What came; waits a moment for the server to have told it."""
    until = time.monotonic() + patience
    while True:
        told: dict[str, int] = json.loads(counts.read_text()) if counts.exists() else {"letters": 0}
        if told["letters"] >= wanted or time.monotonic() > until:
            return told
        time.sleep(0.1)


async def serve(counts: Path) -> None:
    """Until the other end of the pipe is closed; what came is told twice a second."""
    handler = _Counting(counts)
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(handler), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    closed = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    while not closed.done():
        await asyncio.wait([closed], timeout=0.5)
        handler.write()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
