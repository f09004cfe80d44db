"""The letters that bring the staff's answers; answering such a letter goes on with the appeal."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from abonent import profile
from abonent.access.models import Identifier, Seat
from abonent.access.rights import Right
from abonent.appeals.models import Appeal, AppealLetter, Attachment, Message
from abonent.files.models import StoredFile
from abonent.formats.report import MEGABYTE
from abonent.outbox.posting import post
from abonent.outbox.transport import mailbox_server

# An answer is what stands above it, in whatever language the letter was.
MARK = "##-"


def tell(appeal: Appeal, message: Message) -> None:
    """Write to each person of the client who spoke in this appeal and may still see it, in the caller's transaction."""
    for seat, address in _readers(appeal):
        with translation.override(seat.person.language or settings.LANGUAGE_CODE):
            _write(appeal, message, seat, address)


def not_taken(appeal: Appeal, seat: Seat, address: str) -> None:
    """Tell a person that an answer by letter came too late."""
    with translation.override(seat.person.language or settings.LANGUAGE_CODE):
        lines = [
            _("Your letter was not added to the appeal: it was closed long ago."),
            _("Open a new appeal; you can name the number of the old one in it."),
            link(appeal),
        ]
        post(
            address,
            subject_of(appeal),
            "\n\n".join(lines) + "\n",
            purpose="appeal",
            language=translation.get_language() or "",
            client_id=appeal.client_id,
        )


def subject_of(appeal: Appeal) -> str:
    return _("Appeal %(number)s: %(topic)s") % {"number": appeal.number, "topic": appeal.topic}


def link(appeal: Appeal) -> str:
    """The whole address of the conversation."""
    return settings.SITE_URL + reverse(settings.APPEAL_URL, args=[appeal.pk])


def _readers(appeal: Appeal) -> Iterator[tuple[Seat, str]]:
    spoke = appeal.messages.filter(author=Message.Author.CLIENT).values("seat")
    told: set[int] = set()
    for seat in Seat.objects.in_force().filter(pk__in=spoke).select_related("person", "role", "client"):
        address = address_of(seat)
        if not address or seat.person_id in told or not may_read(appeal, seat):
            continue
        told.add(seat.person_id)
        yield seat, address


def may_read(appeal: Appeal, seat: Seat) -> bool:
    return seat.has(Right.ASK_OPERATOR) and Appeal.objects.within(seat).filter(pk=appeal.pk).exists()


def address_of(seat: Seat) -> str:
    """The person's proven e-mail address; empty where there is none."""
    proven = seat.person.identifiers.filter(kind=Identifier.Kind.EMAIL, verified=True).order_by("pk").first()
    return proven.value if proven else ""


def _write(appeal: Appeal, message: Message, seat: Seat, address: str) -> None:
    files = [entry.file for entry in Attachment.objects.filter(message=message).select_related("file").order_by("pk")]
    fits = sum(file.size for file in files) <= profile.current().documents.mail_limit_mb * MEGABYTE
    mailbox = mailbox_server()
    earlier = AppealLetter.objects.filter(message__appeal=appeal, seat=seat).order_by("pk")
    letter = post(
        address,
        subject_of(appeal),
        "\n".join(_lines(appeal, message, files, fits=fits, answerable=mailbox is not None)),
        purpose="appeal",
        language=translation.get_language() or "",
        attachments=[(file, file.name) for file in files] if fits else [],
        client_id=appeal.client_id,
        account_label=appeal.account.number if appeal.account else "",
        reply_to=mailbox.address if mailbox else "",
        references=list(earlier.values_list("mail_id", flat=True)),
    )
    AppealLetter.objects.create(message=message, seat=seat, mail_id=letter.message_id)


def _lines(appeal: Appeal, message: Message, files: list[StoredFile], *, fits: bool, answerable: bool) -> Iterator[str]:
    if answerable:
        yield f"{MARK} {_('Write your answer above this line')} -##"
        yield ""
    yield _("%(who)s has answered your appeal %(number)s “%(topic)s”:") % {
        "who": message.label,
        "number": appeal.number,
        "topic": appeal.topic,
    }
    yield ""
    yield message.text
    yield ""
    if files and not fits:
        yield _("Its files are too large for a letter; they stand in the appeal.")
    if appeal.state == Appeal.State.ASKED:
        yield _("We wait for your answer.")
    yield _("You can answer this letter, or write in the appeal:") if answerable else _("Write in the appeal:")
    yield link(appeal)
    yield ""
