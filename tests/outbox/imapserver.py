"""A real IMAP server (pymap, in memory) on loopback, with one mailbox that is entered by password."""

import asyncio
import contextlib
import imaplib
import threading
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

USER, PASSWORD = "answers", "a secret/of the mailbox"
PATIENCE_SECONDS = 10
_ARGUMENTS = {
    "host": "127.0.0.1",
    "port": 0,
    "debug": False,
    "cert": None,
    "key": None,
    "tls": False,
    "passlib_cfg": None,
    "proxy_protocol": None,
    "demo_data": False,
    "demo_user": USER,
    "demo_password": PASSWORD,
}


@dataclass(slots=True)
class ImapServer:
    """The mailbox as its owner sees it, through a connection of its own."""

    port: int = 0
    _ready: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"imap://{USER}:a%20secret%2Fof%20the%20mailbox@127.0.0.1:{self.port}/INBOX"

    def deliver(self, letter: EmailMessage | bytes) -> None:
        content = letter if isinstance(letter, bytes) else letter.as_bytes()
        with self._connection() as imap:
            answer, said = imap.append("INBOX", "", "", content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
            assert answer == "OK", said

    def unseen(self) -> int:
        with self._connection() as imap:
            imap.select("INBOX")
            return len(imap.uid("SEARCH", "UNSEEN")[1][0].split())

    @contextlib.contextmanager
    def _connection(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE_SECONDS) as imap:
            imap.login(USER, PASSWORD)
            yield imap


@contextlib.contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Serve until the block ends."""
    box = ImapServer()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(target=_serve, args=(loop, box, stop), daemon=True)
    thread.start()
    assert box._ready.wait(PATIENCE_SECONDS)  # noqa: SLF001  # made here
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(PATIENCE_SECONDS)
        loop.close()


def _serve(loop: asyncio.AbstractEventLoop, box: ImapServer, stop: asyncio.Event) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_run(box, stop))
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


async def _run(box: ImapServer, stop: asyncio.Event) -> None:
    backend, config = await DictBackend.init(Namespace(**_ARGUMENTS))
    config.apply_context()
    served = IMAPServer(backend.login, config)

    callback = ProxyProtocolReader(config.proxy_protocol).get_callback(served)
    async with await asyncio.start_server(callback, "127.0.0.1", 0) as server:
        box.port = server.sockets[0].getsockname()[1]
        box._ready.set()  # noqa: SLF001  # made here
        await stop.wait()
