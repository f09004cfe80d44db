"""The people of the demonstration: what they log in with and where they sit."""

import datetime as dt
import secrets
from dataclasses import dataclass

from abonent.access.inviting import digest_of
from abonent.access.models import Identifier, Invitation, Person, Role, Seat
from abonent.access.rights import BuiltIn
from abonent.clients.models import Account
from abonent.lib import clock

PASSWORD = "white-stork-17"  # noqa: S105  # printed at start, and good for nothing else
ANNA, SERGEI, ELENA, VIKTOR, IRINA, STAS, OLGA, HEAD, ACCOUNTANT = (
    "375291000001",
    "375291000002",
    "375291000003",
    "375291000004",
    "375291000005",
    "375291000006",
    "375291000007",
    "375291000008",
    "375291000009",
)


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast; `seats` are pairs of role and account numbers (none: the whole client, or the own number)."""

    name: str
    phone: str
    email: str
    seats: tuple[tuple[BuiltIn, tuple[str, ...]], ...]
    home: str
    about: str
    account_login: str = ""


CAST = (
    Member(
        "Анна Ковалёва",
        ANNA,
        "anna@aist.example",
        (
            (BuiltIn.SUBSCRIBER, ()),
            (BuiltIn.ADMINISTRATOR, ("00020100001",)),
            (BuiltIn.SUPERVISOR, ("00020100001", "00020100002")),
        ),
        "00020100001",
        "subscriber, administrator, supervisor of the 5,000 numbers",
    ),
    Member(
        "Сергей Новик",
        SERGEI,
        "sergei@aist.example",
        ((BuiltIn.SUPERVISOR, ()),),
        "00020100001",
        "supervisor of both accounts of the 5,000 numbers",
    ),
    Member(
        "Елена Жук",
        ELENA,
        "elena@aist.example",
        ((BuiltIn.SUBSCRIBER, ()),),
        "00020100001",
        "subscriber, sees her own number",
    ),
    Member(
        "Виктор Лисицын",
        VIKTOR,
        "viktor@fox.example",
        ((BuiltIn.ADMINISTRATOR, ("00020100003",)),),
        "00020100003",
        "administrator of 60 numbers",
    ),
    Member(
        "Ирина Мазур",
        IRINA,
        "irina@node.example",
        ((BuiltIn.SUPERVISOR, ()),),
        "00020100004",
        "supervisor of a SIP and a fixed-line account",
        "00020100005",
    ),
    Member(
        "Стас Гончар",
        STAS,
        "stas@harbour.example",
        ((BuiltIn.ADMINISTRATOR, ("00020100006",)),),
        "00020100006",
        "administrator of another company",
    ),
    Member("Ольга Орлова", OLGA, "olga@yasen.example", ((BuiltIn.OPERATOR, ()),), "", "the operator's support"),
    # Their roles are the company's own (`roles.py`).
    Member("Наталья Дроздова", HEAD, "natalia@aist.example", (), "00020100001", "head of one department"),
    Member("Галина Синица", ACCOUNTANT, "galina@aist.example", (), "00020100001", "accountant: money and documents"),
)


# Colleagues of the 5,000 numbers, who make the list of people longer: (name, e-mail, account, blocked).
COLLEAGUES = (
    ("Мария Дубровская", "maria@aist.example", "00020100002", False),
    ("Павел Сорока", "pavel@aist.example", "00020100001", True),
)
# Who was invited and has not come yet.
GUEST = ("Вера Лапко", "vera@aist.example")


def make_people(accounts: dict[str, Account], own_lines: dict[str, int]) -> None:
    """Seat the cast. `own_lines` has the subscriber's id by phone number, for the role Абонент."""
    for member in CAST:
        person = Person.objects.create_person(member.name, PASSWORD, language="ru")
        identifiers = [(Identifier.Kind.PHONE, member.phone), (Identifier.Kind.EMAIL, member.email)]
        if member.account_login:
            identifiers.append((Identifier.Kind.ACCOUNT, member.account_login))
        for kind, value in identifiers:
            Identifier.objects.create(kind=kind, value=value, person=person, verified=True)
        for role, numbers in member.seats:
            _seat(person, member, role, [accounts[number] for number in numbers], accounts, own_lines)
    _make_colleagues(accounts)


def _make_colleagues(accounts: dict[str, Account]) -> None:
    sergei = Person.objects.get(identifiers__value=SERGEI)
    administrator = Role.objects.built_in(BuiltIn.ADMINISTRATOR)
    for name, email, number, blocked in COLLEAGUES:
        person = Person.objects.create_person(name, PASSWORD, language="ru")
        Identifier.objects.create(kind=Identifier.Kind.EMAIL, value=email, person=person, verified=True)
        account = accounts[number]
        seat = Seat.objects.give(person, administrator, account.client, accounts=[account.pk])
        seat.blocked, seat.given_by = blocked, sergei
        seat.save()
    name, email = GUEST
    account = accounts["00020100002"]
    Invitation.objects.create(
        client=account.client,
        by=sergei,
        kind=Identifier.Kind.EMAIL,
        value=email,
        name=name,
        role=administrator,
        reach=Seat.Reach.ACCOUNTS,
        targets=[account.pk],
        # Its letter is long gone; a new link can be sent.
        digest=digest_of(secrets.token_urlsafe(32)),
        expires=clock.now() + dt.timedelta(days=5),
    )


def _seat(
    person: Person,
    member: Member,
    role: BuiltIn,
    named: list[Account],
    accounts: dict[str, Account],
    own_lines: dict[str, int],
) -> None:
    client = accounts[member.home].client if member.home else None
    built_in = Role.objects.built_in(role)
    if role == BuiltIn.SUBSCRIBER:
        Seat.objects.give(person, built_in, client, subscribers=[own_lines[member.phone]])
    elif named:
        Seat.objects.give(person, built_in, client, accounts=[account.pk for account in named])
    else:
        Seat.objects.give(person, built_in, client)
