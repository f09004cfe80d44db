"""A letter as the bytes that go over the wire."""

import email.policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.conf import settings

from abonent.outbox.models import Attachment, Letter
from abonent.outbox.transport import mailbox_server


def sender() -> str:
    """The envelope's sender, where reports of mail servers go: the mailbox that is read, else who letters are from."""
    mailbox = mailbox_server()
    return mailbox.address if mailbox is not None else parseaddr(settings.EMAIL_FROM)[1]


def build(letter: Letter) -> EmailMessage:
    """Make the message, with the same headers each time. Raises `ValueError` for an unusable address."""
    message = EmailMessage(policy=email.policy.SMTP)
    name, address = parseaddr(settings.EMAIL_FROM)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=ascii_address(letter.to))
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created)
    message["Message-ID"] = letter.message_id
    message["Content-Language"] = letter.language
    if letter.reply_to:
        message["Reply-To"] = Address(addr_spec=ascii_address(letter.reply_to))
    if letter.references:
        message["In-Reply-To"] = letter.references.split()[-1]
        message["References"] = letter.references
    # A robot wrote it: an absence notice shall not answer.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments.select_related("file").order_by("pk"):
        _attach(message, attachment)
    return message


def ascii_address(address: str) -> str:
    """Write an address as mail servers know it (IDNA); ValueError if the part before the @ is not ASCII."""
    local, _at, domain = address.rpartition("@")
    try:
        return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise ValueError("the address has letters that mail servers do not take") from error


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    kind, _slash, subtype = attachment.file.mime.partition("/")
    with attachment.file.open() as content:
        message.add_attachment(
            content.read(),
            maintype=kind or "application",
            subtype=subtype or "octet-stream",
            filename=attachment.filename,
        )
