"""Signed links to files: they cannot be guessed, they expire, and they die with the seat that ordered (L4)."""

from django.core import signing
from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.documents.kinds import KINDS
from abonent.documents.models import DocumentRequest
from abonent.lib import clock
from abonent.profile.calendar import Answer

_SALT = "abonent.documents.link"


class LinkIsDead(Exception):  # noqa: N818  # it is an answer to the person, not a mishap
    """The link was real and leads nowhere any more; the text says why."""


def token(request: DocumentRequest) -> str:
    """What stands in the address of the file of a request that is made."""
    if request.expires is None:
        raise ValueError("a link leads to a file that is made")
    return signing.Signer(salt=_SALT).sign_object([request.pk, int(request.expires.timestamp())])


def opened(token: str, seat: Seat) -> DocumentRequest | None:
    """The request that a link leads to, for a seat that may see it; None for a forged or foreign one.

    Raises LinkIsDead where it has expired, the seat that ordered is not in force any more, or numbers have left it.
    """
    try:
        key, until = signing.Signer(salt=_SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    found = (
        DocumentRequest.objects.within(seat)
        .filter(pk=key, file__isnull=False)
        .select_related("file", "account")
        .first()
    )
    if found is None:
        return None
    if clock.now().timestamp() >= until:
        raise LinkIsDead(_("This link has expired. Order the document again."))
    if found.seat_id is not None and not Seat.objects.in_force().filter(pk=found.seat_id).exists():
        raise LinkIsDead(_("Whoever ordered this document has no access any more. Order it again."))
    if seat.is_narrow and isinstance(KINDS[found.kind].bound(found.account, found.params, seat), Answer):
        raise LinkIsDead(_("Some of its numbers are not yours any more. Order the document again."))
    return found
