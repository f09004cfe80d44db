"""A letter that came, read within bounds: whoever knows the mailbox's address can write anything into it."""

import codecs
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from typing import Self

from abonent.outbox.markup import plain_text

MAX_LINES = 500_000
MAX_BOUNDARIES = 200
MAX_PARTS = 100
MAX_HEADER_BYTES = 64 * 1024
MAX_BODY = 200_000  # bytes of text, before it is decoded
SMALLEST_PICTURE = 10_000  # bytes: what is smaller within the text is a logo of a signature
_ID = re.compile(r"<[^<>\s]{3,250}>")
# They take quadratic time, or mean something else than letters.
_NO_CHARSETS = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_ROBOTS = frozenset({"bulk", "junk", "list", "auto_reply"})


class Unreadable(Exception):  # noqa: N818  # it is a verdict on the letter
    """The letter breaks a bound that no honest one comes near."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Addresses are in lower case; `answers` are the Message-IDs that it answers, the nearest first."""

    message: EmailMessage
    sender: str
    message_id: str
    answers: tuple[str, ...]
    is_automatic: bool

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read the letter; `Unreadable`, or any error of the library's, where it makes no sense."""
        if raw.count(b"\n") > MAX_LINES or raw.lower().count(b"boundary") > MAX_BOUNDARIES:
            raise Unreadable("too many lines or parts")
        message = message_from_bytes(raw, policy=email.policy.default)
        if not isinstance(message, EmailMessage):
            raise Unreadable("not a letter")
        _check_headers(message)
        ids = _ID.findall(str(message.get("Message-ID", "")))
        nearest = _ID.findall(str(message.get("In-Reply-To", "")))
        earlier = reversed(_ID.findall(str(message.get("References", ""))))
        answers = tuple(dict.fromkeys([*nearest, *earlier]))
        return cls(message, _sender(message), ids[0] if ids else "", answers, _is_automatic(message))

    def text(self) -> str:
        """What it says: the plain text, else that of its HTML."""
        body = self.message.get_body(("plain", "html"))
        if not isinstance(body, EmailMessage):
            return ""
        said = _decoded(body)
        return plain_text(said) if body.get_content_subtype() == "html" else said

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The names and contents of what is attached, as they came: whoever takes them judges them."""
        body = self.message.get_body(("plain", "html"))
        for part in _leaves(self.message):
            if part is body or part.get_content_maintype() == "multipart":
                continue
            if part.get_content_type() == "message/rfc822":
                yield f"{part.get_filename() or 'letter'}.eml", b"-"
                continue
            content = part.get_payload(decode=True)
            name = part.get_filename() or ""
            if isinstance(content, bytes) and (_is_attached(part) or (name and len(content) >= SMALLEST_PICTURE)):
                yield name or "file", content


def _check_headers(message: EmailMessage) -> None:
    """Reading a header takes longer the longer it is, so all are measured before one is read."""
    header_bytes = 0
    for place, part in enumerate(message.walk()):
        header_bytes += sum(len(str(value)) for _name, value in part.raw_items())
        if place >= MAX_PARTS or header_bytes > MAX_HEADER_BYTES:
            raise Unreadable("too many parts or headers")


def _sender(message: EmailMessage) -> str:
    """The one address that it is from; empty where there is none or more."""
    header = message.get("From")
    addresses = [address.addr_spec for address in header.addresses] if header is not None else []
    return addresses[0].lower() if len(addresses) == 1 and len(addresses[0]) <= 254 else ""  # noqa: PLR2004  # RFC 5321


def _is_automatic(message: EmailMessage) -> bool:
    """Absence notices, reports of mail servers, lists: nobody sat down and wrote it."""
    submitted = str(message.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    robot = str(message.get("Precedence", "")).strip().lower() in _ROBOTS
    bounce = str(message.get("Return-Path", "")).strip() == "<>" or message.get_content_type() == "multipart/report"
    return submitted != "no" or robot or bounce or "X-Autoreply" in message


def _leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    """The parts that are no containers; what stands inside a forwarded letter belongs to that letter."""
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for inner in part.iter_parts():
        if isinstance(inner, EmailMessage):
            yield from _leaves(inner)


def _is_attached(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment"


def _decoded(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    raw = content[:MAX_BODY] if isinstance(content, bytes) else b""
    return raw.decode(_charset(part.get_content_charset("utf-8")), "replace").replace("\0", "")


def _charset(named: str) -> str:
    """A charset that decodes text; the usual one where the letter names none such."""
    try:
        name = codecs.lookup(named).name
        "".encode(name)
    except (LookupError, ValueError):
        return "utf-8"
    return "utf-8" if name in _NO_CHARSETS else name
