"""Inviting somebody by letter or text message, and taking such an invitation (V8).

The link proves the address that it was sent to. Of its token only a digest is kept; it works once and not for ever, and
whoever asked for it has to be able to give the role both when it is sent and when it is taken.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from abonent import profile
from abonent.access.bounds import DAY, Limit, take_all
from abonent.access.giving import Refusal, may_use
from abonent.access.grants import Grant, RefusedError, See
from abonent.access.keeping import keeping_administrators
from abonent.access.models import Identifier, Invitation, Person, Seat
from abonent.access.rights import Right
from abonent.access.seating import client_of, still_manages
from abonent.audit.journal import Origin, record
from abonent.clients.models import Client
from abonent.lib import clock
from abonent.outbox.posting import post, text

Kind = Identifier.Kind


@dataclass(frozen=True, slots=True)
class Guest:
    """Who is invited: a normalised number or address, and what the inviter calls them."""

    kind: Identifier.Kind
    value: str
    name: str


def invite(giver: Seat, guest: Guest, grant: Grant, see: See, origin: Origin) -> Invitation:
    """Send a link by which `guest` takes the role; RefusedError where the giver may not give it, TooOften by bounds."""
    take_bounds(giver, guest.kind, guest.value, origin)
    with transaction.atomic():
        Client.objects.select_for_update().get(pk=client_of(giver).pk)
        still_manages(giver)
        grant.check(giver, see)
        if _is_pending(giver, guest, grant):
            text_ = _("This invitation has been sent already. Send it again from the list of invitations.")
            raise RefusedError(Refusal("held", text_))
        token = _token()
        made = Invitation.objects.create(
            client=client_of(giver),
            by=giver.person,
            kind=guest.kind,
            value=guest.value,
            name=guest.name,
            role=grant.role,
            reach=grant.reach,
            targets=sorted(set(grant.targets)),
            valid_from=grant.since,
            valid_to=grant.until,
            digest=digest_of(token),
            expires=_expiry(),
        )
        _send(made, token)
        _note(giver, "access.invite", made, origin, {"to": made.shown, **grant.told(giver, see)})
    return made


def resend(giver: Seat, invitation: Invitation, see: See, origin: Origin) -> None:
    """Send a new link, by which the old one dies; whoever sends it vouches for it from now on."""
    take_bounds(giver, Kind(invitation.kind), invitation.value, origin)
    with transaction.atomic():
        still_manages(giver)
        current = _pending(invitation)
        grant_of(current).check(giver, see)
        token = _token()
        current.by, current.digest, current.expires = giver.person, digest_of(token), _expiry()
        current.save(update_fields=["by", "digest", "expires"])
        _send(current, token)
        _note(giver, "access.invite-again", current, origin, {"to": current.shown, "expires": current.expires})


def revoke(giver: Seat, invitation: Invitation, origin: Origin) -> None:
    """The link leads nowhere any more."""
    with transaction.atomic():
        still_manages(giver)
        current = _pending(invitation)
        refusal = may_use(giver, current.role)
        if refusal is not None:
            raise RefusedError(refusal)
        current.revoked = clock.now()
        current.save(update_fields=["revoked"])
        _note(giver, "access.revoke", current, origin, {"to": current.shown})


def opened(token: str) -> Invitation | None:
    """The invitation that a link leads to, be it open or not; None for one that never was, or was replaced."""
    found = Invitation.objects.filter(digest=digest_of(token))
    return found.select_related("client", "role", "by").first()


def why_closed(invitation: Invitation, see: See) -> str:
    """Why the invitation cannot be taken, for whoever opened it; empty if it can."""
    if invitation.used is not None:
        return _("This invitation has been used. Log in.")
    if invitation.revoked is not None:
        return _("This invitation was taken back. Ask for a new one.")
    if invitation.is_expired or _is_over(invitation):
        return _("This invitation has expired. Ask for a new one.")
    if not holder_of(invitation, active=True) and holder_of(invitation):
        return _("This log-in is blocked. Ask the operator.")
    if voucher_of(invitation, see) is None:
        return _("Whoever invited you may not give this role any more. Ask for a new invitation.")
    return ""


def holder_of(invitation: Invitation, *, active: bool = False) -> Person | None:
    """Who logs in already by the number or address that the invitation was sent to."""
    found = Identifier.objects.filter(kind=invitation.kind, value=invitation.value, verified=True)
    if active:
        found = found.filter(person__is_active=True)
    identifier = found.select_related("person").first()
    return identifier.person if identifier else None


def voucher_of(invitation: Invitation, see: See) -> Seat | None:
    """A seat of whoever invited from which they may give the role now; None where they lost it: the link is dead."""
    seats = Seat.objects.of(invitation.by).filter(client_id=invitation.client_id)
    for seat in seats:
        seat.person = invitation.by
        if seat.has(Right.MANAGE_PEOPLE) and _may(seat, invitation, see):
            return seat
    return None


def accept_new(invitation: Invitation, name: str, password: str, see: See, origin: Origin) -> tuple[Identifier, Seat]:
    """Make a person who logs in by what the link proved, in the role; RefusedError where it is closed meanwhile."""
    try:
        with keeping_administrators(invitation.client):
            current, voucher = _take(invitation, see)
            if holder_of(current) is not None:
                raise RefusedError(Refusal("known", _("Somebody logs in by this already. Log in to accept.")))
            language = translation.get_language() or ""
            person = Person.objects.create_person(name, password, language=language)
            Identifier.objects.filter(kind=current.kind, value=current.value).delete()
            identifier = Identifier.objects.create(kind=current.kind, value=current.value, person=person, verified=True)
            return identifier, _seat(current, person, voucher, see, origin)
    except IntegrityError as error:
        raise RefusedError(Refusal("known", _("Somebody logs in by this already. Log in to accept."))) from error


def accept(invitation: Invitation, person: Person, see: See, origin: Origin) -> Seat:
    """Seat `person`, who logs in by what the invitation was sent to; anybody else is refused."""
    with keeping_administrators(invitation.client):
        current, voucher = _take(invitation, see)
        if holder_of(current, active=True) != person:
            raise RefusedError(Refusal("person", _("This invitation was sent to somebody else.")))
        return _seat(current, person, voucher, see, origin)


def grant_of(invitation: Invitation) -> Grant:
    reach = Seat.Reach(invitation.reach)
    return Grant(invitation.role, reach, tuple(invitation.targets), invitation.valid_from, invitation.valid_to)


def take_bounds(giver: Seat, kind: Identifier.Kind, value: str, origin: Origin) -> None:
    """Letters and messages cost, and somebody gets them: TooOften beyond the bounds.

    They are of whom it goes to, of the client that sends it, and of the network's address that it is asked from.
    """
    rules = profile.current().login
    take_all(
        Limit("invitation", f"{kind}:{value}", rules.codes_per_day, DAY),
        Limit("invitations of", str(giver.client_id), rules.invitations_per_day, DAY),
        Limit("invitations from", origin.address, rules.invitations_per_day, DAY),
    )


def digest_of(token: str) -> str:
    """What is kept of a token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _token() -> str:
    return secrets.token_urlsafe(32)


def _expiry() -> dt.datetime:
    return clock.now() + dt.timedelta(days=profile.current().login.invitation_days)


def _take(invitation: Invitation, see: See) -> tuple[Invitation, Seat]:
    """Use it up; RefusedError where somebody else was first, or it is closed. Of two at once one gets it."""
    current = Invitation.objects.select_related("client", "role", "by").get(pk=invitation.pk)
    if current.digest != invitation.digest:
        raise RefusedError(Refusal("closed", _("This invitation was sent anew. Open the newest link.")))
    closed, voucher = why_closed(current, see), voucher_of(current, see)
    if closed or voucher is None:
        raise RefusedError(Refusal("closed", closed))
    if Invitation.objects.pending().filter(pk=current.pk).update(used=clock.now()) != 1:
        raise RefusedError(Refusal("closed", _("This invitation has been used. Log in.")))
    return current, voucher


def _seat(invitation: Invitation, person: Person, voucher: Seat, see: See, origin: Origin) -> Seat:
    grant = grant_of(invitation)
    seat = grant.give(person, voucher)
    record(
        person.actor(),
        "access.accept",
        target=("invitation", str(invitation.pk), str(invitation)),
        client_id=invitation.client_id,
        after={"person": person.name, "invited_by": invitation.by.name, **grant.told(voucher, see)},
        origin=origin,
    )
    return seat


def _may(seat: Seat, invitation: Invitation, see: See) -> bool:
    try:
        grant_of(invitation).check(seat, see)
    except RefusedError:
        return False
    return True


def _is_over(invitation: Invitation) -> bool:
    return invitation.valid_to is not None and invitation.valid_to <= clock.now()


def _is_pending(giver: Seat, guest: Guest, grant: Grant) -> bool:
    sent = Invitation.objects.pending().filter(client=client_of(giver), kind=guest.kind, value=guest.value)
    same = sent.filter(role=grant.role, reach=grant.reach, expires__gt=clock.now())
    return any(set(found.targets) == set(grant.targets) for found in same)


def _pending(invitation: Invitation) -> Invitation:
    found = Invitation.objects.pending().select_for_update(of=("self",)).filter(pk=invitation.pk)
    current = found.select_related("client", "role", "by").first()
    if current is None:
        raise RefusedError(Refusal("closed", _("This invitation has been used or taken back meanwhile.")))
    return current


def _send(invitation: Invitation, token: str) -> None:
    link = settings.SITE_URL + reverse(settings.INVITATION_URL, args=[token])
    client = invitation.client.name
    if invitation.kind == Kind.PHONE:
        words = _("%(client)s invites you to its cabinet: %(link)s") % {"client": client, "link": link}
        text(invitation.value, words, purpose="invitation")
        return
    days = profile.current().login.invitation_days
    words = _(
        "%(name)s, %(by)s invites you to the cabinet of %(client)s as %(role)s.\n\n%(link)s\n\n"
        "The link works once, within %(days)d days. If you do not know what this is about, do nothing."
    ) % {
        "name": invitation.name,
        "by": invitation.by.name,
        "client": client,
        "role": invitation.role.name,
        "link": link,
        "days": days,
    }
    subject = _("Invitation to the cabinet of %(client)s") % {"client": client}
    language = translation.get_language() or ""
    post(invitation.value, subject, words, purpose="invitation", language=language, client_id=invitation.client_id)


def _note(giver: Seat, action: str, invitation: Invitation, origin: Origin, after: dict[str, object]) -> None:
    record(
        giver.actor(),
        action,
        target=("invitation", str(invitation.pk), str(invitation)),
        client_id=invitation.client_id,
        after=after,
        origin=origin,
    )
