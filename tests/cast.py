"""The fixed cast: who the tests (and the demonstration's readers) know by name.

«Belaya Rus», a company with two mobile accounts: Anna (administrator of the first), Sergei (supervisor of both), Kolya
(a colleague who may do nothing), Elena (an employee, her own number only). Stas is administrator of a company that has
nothing to do with them. Olga works for the operator. Pavel is head of a department: the last two of Anna's five
numbers, which are in his folder, are all that he sees.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from abonent.access.models import Identifier, Person, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.catalog.models import OptionSet, Service, ServiceCategory, Tariff, TariffCategory
from abonent.clients.models import Account, Client, Contract, Delivery, Folder
from abonent.subscribers.models import (
    AccountHolding,
    FolderStay,
    NameHolding,
    NumberHolding,
    PlanHolding,
    SimHolding,
    StatusHolding,
    Subscriber,
)
from tests.snapshot import remembered

# When the cast's companies came to the operator; every period of theirs begins here.
BEGAN = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
PASSWORD = "сорок две синие сосны"


@dataclass(frozen=True, slots=True)
class Catalog:
    tariff: Tariff
    option_set: OptionSet
    service: Service


@dataclass(frozen=True, slots=True)
class Cast:
    """Rows as they stand after `build`; a test re-reads what it changes."""

    catalog: Catalog
    company: Client
    first: Account
    second: Account
    subscribers: list[Subscriber]
    stranger: Client
    stranger_account: Account
    stranger_subscriber: Subscriber
    anna: Seat
    sergei: Seat
    kolya: Seat
    elena: Seat
    stas: Seat
    olga: Seat
    pavel: Seat


def catalog() -> Catalog:
    """One tariff with one option set, and one service, all for mobile lines."""
    category = TariffCategory.objects.create(code="smartphone", names={"ru": "Для смартфонов", "en": "For smartphones"})
    tariff = Tariff.objects.create(
        code="business", names={"ru": "Бизнес", "en": "Business"}, category=category, kind="mobile", fee=Decimal(10)
    )
    option_set = OptionSet.objects.create(
        code="business-300", names={"ru": "300 минут", "en": "300 minutes"}, tariff=tariff, fee=Decimal(5)
    )
    services = ServiceCategory.objects.create(code="calls", names={"ru": "Звонки", "en": "Calls"})
    service = Service.objects.create(
        code="clip", names={"ru": "Определитель номера", "en": "Caller ID"}, category=services, fee=Decimal(2)
    )
    return Catalog(tariff, option_set, service)


def company(name: str, tax_id: str) -> Client:
    client = Client.objects.create(name=name, tax_id=tax_id)
    Contract.objects.create(client=client, number=f"D-{tax_id}", signed=BEGAN.date())
    return client


def account(client: Client, number: str, kind: str = "mobile") -> Account:
    made = Account.objects.create(contract=client.contracts.get(), number=number, kind=kind, opened=BEGAN.date())
    Delivery.objects.create(account=made, address=f"invoices-{number}@example.com", start=BEGAN)
    return made


def subscriber(of: Account, number: str, last_name: str, sold: Catalog) -> Subscriber:
    """An active line with a row of each kind of holding, in force since the beginning."""
    line = Subscriber.objects.create(
        account=of,
        number=number,
        iccid=f"8937500{number}",
        last_name=last_name,
        tariff=sold.tariff,
        option_set=sold.option_set,
        status=Subscriber.Status.ACTIVE,
    )
    NumberHolding.objects.create(subscriber=line, number=number, start=BEGAN)
    SimHolding.objects.create(subscriber=line, iccid=line.iccid, start=BEGAN)
    AccountHolding.objects.create(subscriber=line, account=of, start=BEGAN)
    NameHolding.objects.create(subscriber=line, last_name=last_name, start=BEGAN)
    StatusHolding.objects.create(subscriber=line, status=line.status, start=BEGAN)
    PlanHolding.objects.create(subscriber=line, tariff=sold.tariff, option_set=sold.option_set, start=BEGAN)
    return line


def person(name: str, phone: str, email: str) -> Person:
    """Somebody with the cast's password, a phone number and an e-mail address, both proven."""
    made = Person.objects.create_person(name, PASSWORD, language="en")
    identify(made, Identifier.Kind.PHONE, phone)
    identify(made, Identifier.Kind.EMAIL, email)
    return made


def identify(who: Person, kind: Identifier.Kind, value: str) -> Identifier:
    return Identifier.objects.create(kind=kind, value=value, person=who, verified=True)


def nobody_role(client: Client) -> Role:
    """A role of the client's own that gives no right at all."""
    return Role.objects.create(client=client, key="nobody", own_name="Nobody")


def head_role(client: Client) -> Role:
    """A role of the client's own: sees and orders for a department, but not whom its people call."""
    rights = [
        Right.SEE_SUBSCRIBERS,
        Right.SEE_CALLS,
        Right.SEE_FINANCE,
        Right.ORDER_DOCUMENTS,
        Right.CHANGE_SERVICES,
        Right.SEE_HISTORY,
    ]
    return Role.objects.create(client=client, key="head", own_name="Руководитель отдела", own_rights=rights)


def department(client: Client, lines: list[Subscriber]) -> Folder:
    """A folder that holds these lines."""
    folder = Folder.objects.create(client=client, name="Отдел продаж")
    for line in lines:
        line.folder = folder
        line.save()
        FolderStay.objects.create(subscriber=line, folder=folder, start=BEGAN)
    return folder


@remembered
def build() -> Cast:
    """Write the cast into an empty database."""
    sold = catalog()
    belaya_rus = company("Belaya Rus", "191234567")
    first, second = account(belaya_rus, "00020777001"), account(belaya_rus, "00020777002")
    lines = [
        subscriber(first, f"3752911100{place:02}", surname, sold)
        for place, surname in enumerate(["Ермолаева", "Ковалёв", "Дым", "Жук", "Шаўчэнка"], 1)
    ]
    lines.append(subscriber(second, "375291110020", "Second account", sold))
    other = company("Chuzhaya", "199999999")
    other_account = account(other, "00020999999")
    role = Role.objects.built_in
    give = Seat.objects.give
    anna = person("Anna", "375291000001", "anna@example.com")
    identify(anna, Identifier.Kind.ACCOUNT, first.number)
    sergei = person("Sergei", "375291000002", "sergei@example.com")
    kolya = person("Kolya", "375291000003", "kolya@example.com")
    elena = person("Elena", lines[0].number, "elena@example.com")
    stas = person("Stas", "375291000009", "stas@example.org")
    olga = person("Olga", "375291000010", "olga@operator.example")
    pavel = person("Pavel", "375291000077", "pavel@example.com")
    folder = department(belaya_rus, lines[3:5])
    made = Cast(
        catalog=sold,
        company=belaya_rus,
        first=first,
        second=second,
        subscribers=lines,
        stranger=other,
        stranger_account=other_account,
        stranger_subscriber=subscriber(other_account, "375291990001", "Stranger", sold),
        anna=give(anna, role(BuiltIn.ADMINISTRATOR), belaya_rus, accounts=[first.pk]),
        sergei=give(sergei, role(BuiltIn.SUPERVISOR), belaya_rus, accounts=[first.pk, second.pk]),
        kolya=give(kolya, nobody_role(belaya_rus), belaya_rus, accounts=[first.pk]),
        elena=give(elena, role(BuiltIn.SUBSCRIBER), belaya_rus, subscribers=[lines[0].pk]),
        stas=give(stas, role(BuiltIn.ADMINISTRATOR), other),
        olga=give(olga, role(BuiltIn.OPERATOR)),
        pavel=give(pavel, head_role(belaya_rus), belaya_rus, folders=[folder.pk]),
    )
    # All are as old as their lines, so that a test may stop the clock at any time since.
    Seat.objects.update(valid_from=BEGAN)
    Person.objects.update(created=BEGAN)
    Client.objects.update(created=BEGAN)
    return made
