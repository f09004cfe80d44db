"""What the tests about people share: links out of letters, roles given and sent."""

import re

from django.test import Client

from abonent.access.codes import Kind
from abonent.access.grants import Grant
from abonent.access.inviting import Guest, invite
from abonent.access.models import Invitation, Role, Seat
from abonent.access.rights import BuiltIn
from abonent.audit.journal import Origin
from abonent.outbox.models import Letter, TextMessage
from abonent.subscribers.people import seen_by

HERE = Origin("10.1.1.1", "test", "")
STRONG = "зелёный паровоз 7"
VERA = Guest(Kind.EMAIL, "vera@example.com", "Vera")


def role(key: BuiltIn) -> Role:
    return Role.objects.built_in(key)


def over_accounts(*ids: int, key: BuiltIn = BuiltIn.ADMINISTRATOR) -> Grant:
    return Grant(role(key), Seat.Reach.ACCOUNTS, ids)


def invited(giver: Seat, grant: Grant, guest: Guest = VERA) -> str:
    """Send an invitation; the path of its link, as the letter or message has it."""
    invite(giver, guest, grant, seen_by, HERE)
    return link()


def link() -> str:
    letter, message = Letter.objects.order_by("pk").last(), TextMessage.objects.order_by("pk").last()
    body = letter.text if letter else message.body if message else ""
    found = re.search(r"/invitation/[\w-]+/", body)
    assert found, body
    return found[0]


def accept(browser: Client, path: str, name: str = "Vera Zhuk") -> int:
    data = {"name": name, "password": STRONG, "again": STRONG}
    return browser.post(path, data).status_code


def pending() -> Invitation:
    return Invitation.objects.pending().get()
