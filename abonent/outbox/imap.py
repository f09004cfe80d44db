"""The mailbox over IMAP: which letters are there, one letter's bytes, the mark that it was seen."""

import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from abonent.outbox.transport import MailboxServer

TIMEOUT_SECONDS = 10
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class MailboxTrouble(Exception):  # noqa: N818  # the server's answer, which may pass
    """The mail server did not do what it was asked; nothing that a letter could be blamed for."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An open mailbox; `validity` tells letters of it from those of one that was made anew under the same name."""

    imap: imaplib.IMAP4
    validity: str

    def waiting(self, since: dt.date) -> list[int]:
        """UIDs, oldest first: what nobody saw yet, and all that came since then (a person may have looked at it)."""
        day = f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"
        found = self._ask("SEARCH", "UNDELETED", "OR", "UNSEEN", "SINCE", day)
        return sorted(int(uid) for line in found if isinstance(line, bytes) for uid in line.split())

    def size(self, uid: int) -> int:
        """How many bytes the server says that the letter has; 0 where it is gone."""
        for line in self._ask("FETCH", str(uid), "(RFC822.SIZE)"):
            head = line[0] if isinstance(line, tuple) else line
            if isinstance(head, bytes) and (found := _SIZE.search(head)):
                return int(found[1])
        return 0

    def content(self, uid: int, most: int) -> bytes:
        """At most so many bytes of the letter, without marking it."""
        pieces = self._ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{most}>)")
        return b"".join(piece[1] for piece in pieces if isinstance(piece, tuple))

    def mark_seen(self, uid: int) -> None:
        self._ask("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _ask(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        answer, data = self.imap.uid(command, *arguments)
        if answer != "OK":
            raise MailboxTrouble(f"{command}: {answer}")
        return list(data)


@contextmanager
def opened(server: MailboxServer) -> Iterator[Mailbox]:
    """Log in and open the folder. OSError, `imaplib.IMAP4.error` or `MailboxTrouble` where that is not possible."""
    imap = _connection(server)
    try:
        imap.login(server.user, server.password)
        folder = server.folder.replace("\\", "\\\\").replace('"', '\\"')
        answer, _count = imap.select(f'"{folder}"')
        if answer != "OK":
            raise MailboxTrouble("the folder cannot be opened")
        validity = imap.response("UIDVALIDITY")[1][0]
        if not isinstance(validity, bytes):
            raise MailboxTrouble("the folder has no UIDVALIDITY")
        yield Mailbox(imap, validity.decode("ascii", "replace"))
    finally:
        # What was marked is marked: a quarrel over the farewell changes nothing.
        with suppress(imaplib.IMAP4.error, OSError):
            imap.logout()
        with suppress(OSError):
            imap.shutdown()


def _connection(server: MailboxServer) -> imaplib.IMAP4:
    if server.tls:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    return imaplib.IMAP4(server.host, server.port, timeout=TIMEOUT_SECONDS)
