"""Handing a letter to a mail server."""

import functools
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from abonent.jobs.errors import TryAgain
from abonent.outbox.transport import MailServer, Security

TIMEOUT_SECONDS = 30
PERMANENT = 500
TOO_LARGE = 552


class Refused(Exception):  # noqa: N818  # it is the server's answer
    """The server will never take this letter for this recipient; the text is its answer."""


def send(server: MailServer, message: EmailMessage, *, sender: str, recipient: str) -> None:
    """Return once the server took the letter. Raises `Refused` for good, `TryAgain` for anything that may pass."""
    try:
        with _connection(server) as smtp:
            smtp.sendmail(sender, [recipient], message.as_bytes())
    except smtplib.SMTPRecipientsRefused as error:
        _judge(*next(iter(error.recipients.values())))
    except smtplib.SMTPDataError as error:
        _judge(error.smtp_code, error.smtp_error)
    except smtplib.SMTPSenderRefused as error:
        # A server that tells the size it takes refuses what is larger here, before it sees the recipient.
        if error.smtp_code == TOO_LARGE:
            _judge(error.smtp_code, error.smtp_error)
        raise TryAgain(f"The mail server answered {error.smtp_code}.") from error
    except smtplib.SMTPResponseException as error:
        # The sender, the log-in or the greeting: nothing that the recipient could be blamed for.
        raise TryAgain(f"The mail server answered {error.smtp_code}.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise TryAgain("The mail server could not be reached.") from error


def _judge(code: int, answer: bytes | str) -> None:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    if code >= PERMANENT:
        raise Refused(f"{code} {' '.join(text.split())}")
    raise TryAgain(f"The mail server answered {code}.")


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whom we believe to be the mail server: read once, it takes longer than to hand a letter over."""
    return ssl.create_default_context()


@contextmanager
def _connection(server: MailServer) -> Iterator[smtplib.SMTP]:
    smtp: smtplib.SMTP
    if server.security is Security.TLS:
        smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=_trust())
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        if server.security is Security.STARTTLS:
            smtp.starttls(context=_trust())
        if server.user:
            smtp.login(server.user, server.password)
        yield smtp
        # The letter is taken: a quarrel over the farewell must not send it again.
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    finally:
        smtp.close()
