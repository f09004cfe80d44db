"""Where letters and text messages go, as the environment says."""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


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
class Inbox:
    """Nothing leaves: the row itself is the message that arrived. For the demo and for tests."""


KINDS = {
    "smtp": (25, Security.NONE),
    "submission": (587, Security.STARTTLS),
    "smtp+tls": (587, Security.STARTTLS),
    "smtps": (465, Security.TLS),
}


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
    transports = {"ABONENT_EMAIL_URL": mail_transport(), "ABONENT_SMS_URL": text_transport()}
    for name, transport in transports.items():
        if not settings.DEMO and isinstance(transport, Inbox):
            raise ImproperlyConfigured(f"{name}: inbox: is for the demo; outside it nobody would get the messages")


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
