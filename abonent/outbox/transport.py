"""Where letters and text messages go, as the environment says."""

from dataclasses import dataclass
from email.utils import parseaddr
from enum import Enum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email


class Security(Enum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    host: str
    port: int
    security: Security
    user: str = ""
    password: str = ""


@dataclass(frozen=True, slots=True)
class MailboxServer:
    """The IMAP mailbox that is read; `address` is where letters to it are sent."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str
    address: str


@dataclass(frozen=True, slots=True)
class Inbox:
    """Nothing leaves: the row itself is the message that arrived. For the demo and for tests."""


KINDS = {
    "smtp": (25, Security.NONE),
    "submission": (587, Security.STARTTLS),
    "smtp+tls": (587, Security.STARTTLS),
    "smtps": (465, Security.TLS),
}
MAILBOX_PORTS = {"imap": 143, "imaps": 993}


def mail_transport() -> MailServer | Inbox:
    """Read `ABONENT_EMAIL_URL`; what it cannot mean is a configuration error."""
    return _mail(settings.EMAIL_URL)


def text_transport() -> Inbox | None:
    """Read `ABONENT_SMS_URL`; None where it is not set, so that text messages cannot be sent."""
    if not settings.SMS_URL:
        return None
    if settings.SMS_URL == "inbox:":
        return Inbox()
    raise ImproperlyConfigured("ABONENT_SMS_URL must be inbox: or unset")


def check_settings() -> None:
    """Raise `ImproperlyConfigured` at start rather than with the first message."""
    mailbox_server()
    transports = {"ABONENT_EMAIL_URL": mail_transport(), "ABONENT_SMS_URL": text_transport()}
    for name, transport in transports.items():
        if not settings.DEMO and isinstance(transport, Inbox):
            raise ImproperlyConfigured(f"{name}: inbox: is for the demo; outside it nobody would get the messages")


def mailbox_server() -> MailboxServer | None:
    """Read `ABONENT_MAILBOX_URL`; None where it is not set, so that answers by letter are not taken."""
    address = settings.MAILBOX_ADDRESS or parseaddr(settings.EMAIL_FROM)[1]
    return _mailbox(settings.MAILBOX_URL, address) if settings.MAILBOX_URL else None


@lru_cache(maxsize=8)
def _mailbox(url: str, address: str) -> MailboxServer:
    parts = urlsplit(url)
    if parts.scheme not in MAILBOX_PORTS or not parts.hostname or not parts.username or not parts.password:
        raise ImproperlyConfigured("ABONENT_MAILBOX_URL must be imaps://user:password@host/INBOX (or imap://…)")
    try:
        port = parts.port or MAILBOX_PORTS[parts.scheme]
        validate_email(address)
    except (ValueError, ValidationError) as wrong:
        raise ImproperlyConfigured("ABONENT_MAILBOX_URL or ABONENT_MAILBOX_ADDRESS makes no sense") from wrong
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user, password = unquote(parts.username), unquote(parts.password)
    return MailboxServer(parts.hostname, port, parts.scheme == "imaps", user, password, folder, address)


@lru_cache(maxsize=8)
def _mail(url: str) -> MailServer | Inbox:
    if url == "inbox:":
        return Inbox()
    parts = urlsplit(url)
    if parts.scheme not in KINDS or not parts.hostname:
        kinds = ", ".join(f"{kind}://" for kind in KINDS)
        raise ImproperlyConfigured(f"ABONENT_EMAIL_URL must be inbox: or begin with one of {kinds} and name a host")
    port, security = KINDS[parts.scheme]
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, parts.port or port, security, user, password)
