"""The file of a request sent once more, as it was made: the same request, other letters (S2)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from abonent.access.bounds import DAY, Limit, TooOften
from abonent.access.models import Seat
from abonent.audit.journal import Origin, record
from abonent.clients.addresses import addresses_in
from abonent.documents.letters import write_letters
from abonent.documents.models import DocumentRequest
from abonent.documents.ordering import By, NotNow, Wish, where_to
from abonent.files.models import StoredFile
from abonent.jobs.models import State
from abonent.profile.calendar import YES, Answer

A_DAY = 5


def may_resend(request: DocumentRequest) -> Answer:
    """Whether there is a file that went by letter, and no letter of it is on its way out."""
    if request.by != By.EMAIL or request.state != State.DONE or request.file_id is None:
        return Answer(False, _("There is no letter that could be sent once more."))
    if request.too_large and request.is_expired():
        return Answer(False, _("The link in the letter has expired. Order the document again."))
    if any(letter.is_open for letter in request.letters):
        return Answer(False, _("It is being sent already."))
    return YES


def resend(request: DocumentRequest, seat: Seat, origin: Origin) -> DocumentRequest:
    """Send it to where the account's documents go now, or to the other address again. Raises NotNow.

    The caller has checked that the seat may see the request.
    """
    with transaction.atomic():
        # Of two who press at once, the second finds the letters of the first.
        found = DocumentRequest.objects.as_system().select_for_update().get(pk=request.pk)
        answer = may_resend(found)
        if not answer:
            raise NotNow(answer)
        wish = Wish(found.format, found.language, By.EMAIL, found.email if found.elsewhere else "")
        email = where_to(found.account, wish, seat)
        _bound(found)
        before, found.email = found.email, email
        found.save(update_fields=["email"])
        _write(found, found.file)
        record(
            seat.actor(),
            "documents.resend",
            target=("document", found.pk, str(found)),
            client_id=found.client_id,
            before={"email": before},
            after={"email": email},
            origin=origin,
        )
    return found


def _write(request: DocumentRequest, file: StoredFile | None) -> None:
    if file is None:
        raise ValueError("what is sent again was made")
    with override(request.language):
        write_letters(request, file, addresses_in(request.email))


def _bound(request: DocumentRequest) -> None:
    limit = Limit("resend", str(request.pk), A_DAY, DAY)
    if not limit.take():
        raise TooOften(limit.start + dt.timedelta(days=1))
