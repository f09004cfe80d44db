"""The letters that bring a document, or the link to it: one to each address."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from abonent.documents.kinds import KINDS
from abonent.documents.links import token
from abonent.documents.models import DocumentRequest, Mailing
from abonent.files.models import StoredFile
from abonent.formats.report import MEGABYTE
from abonent.outbox.posting import post
from abonent.profile import current as current_profile


def write_letters(request: DocumentRequest, file: StoredFile, addresses: Iterable[str]) -> list[Mailing]:
    """Put a letter of a request that is made into the outbox for each address, in the language then active."""
    kind = KINDS[request.kind]
    lines = [kind.describe(request), _("Account: %(number)s") % {"number": request.account.number}, ""]
    lines += _link_lines(request, file) if request.too_large else [_("The file is attached.")]
    letters = [
        post(
            address,
            kind.subject(request),
            "\n".join(lines) + "\n",
            purpose=request.kind,
            language=request.language,
            attachments=[] if request.too_large else [(file, file.name)],
            client_id=request.client_id,
            account_label=request.account.number,
        )
        for address in addresses
    ]
    return Mailing.objects.bulk_create(Mailing(request=request, letter=letter) for letter in letters)


def link(request: DocumentRequest) -> str:
    """The whole address of the file, as it stands in a letter."""
    return settings.SITE_URL + reverse(settings.DOCUMENT_FILE_URL, args=[token(request)])


def _link_lines(request: DocumentRequest, file: StoredFile) -> list[str]:
    if request.expires is None:
        raise ValueError("a file that is made can be downloaded until some day")
    until = request.expires.astimezone(current_profile().zone)
    return [
        _("The file is too large for a letter (%(size)d MB). Download it here, once you have logged in:")
        % {"size": round(file.size / MEGABYTE)},
        link(request),
        _("The link works until %(until)s.") % {"until": date_format(until, "d.m.Y H:i")},
    ]
