from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from abonent.access.credentials import normalise
from abonent.access.models import Identifier, Person, Role, Seat
from abonent.access.rights import BuiltIn
from abonent.audit.journal import SYSTEM, record
from abonent.clients.models import Account, Client

ROLES = [BuiltIn.OPERATOR, BuiltIn.ADMINISTRATOR, BuiltIn.SUPERVISOR]


class Command(BaseCommand):
    help = "Let somebody in: the first of the operator's staff, or the first person of a client; by e-mail and a code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that codes are sent to")
        parser.add_argument("role", choices=[role.value for role in ROLES])
        parser.add_argument("--name", default="", help="how the person is called; the address, if left out")
        parser.add_argument("--client", default="", help="the client's taxpayer number (not for the operator's staff)")
        parser.add_argument("--account", action="append", help="only these account numbers of the client; repeat it")

    def handle(self, *, email: str, role: str, name: str, client: str, **options: object) -> None:
        address = normalise(Identifier.Kind.EMAIL, email)
        if address is None:
            raise CommandError(f"“{email}” is no e-mail address.")
        if (role == BuiltIn.OPERATOR) != (not client):
            raise CommandError("Staff of the operator have no --client; everybody else needs one.")
        of = _client(client) if client else None
        numbers = options["account"]
        accounts = _accounts(of, [str(number) for number in numbers]) if isinstance(numbers, list) else None
        with transaction.atomic():
            person = _person(address, name or address)
            seat = Seat.objects.give(person, Role.objects.built_in(BuiltIn(role)), of, accounts=accounts)
            record(SYSTEM, "access.seat", target=("seat", seat.pk, seat.label), client_id=seat.client_id,
                   after={"person": person.pk, "role": role, "accounts": accounts})  # fmt: skip
        self.stdout.write(f"{person.name}: {seat.label}. Log in with {address} and a code.")


def _client(tax_id: str) -> Client:
    found = Client.objects.filter(tax_id=tax_id).first()
    if found is None:
        raise CommandError(f"There is no client with the taxpayer number {tax_id}.")
    return found


def _accounts(client: Client | None, numbers: list[str]) -> list[int]:
    found = dict(Account.objects.as_system().filter(contract__client=client).values_list("number", "pk"))
    unknown = [number for number in numbers if number not in found]
    if unknown:
        raise CommandError(f"The client has no account {unknown[0]}.")
    return [found[number] for number in numbers]


def _person(address: str, name: str) -> Person:
    """Who logs in with this address already, or somebody new."""
    known = Identifier.objects.filter(kind=Identifier.Kind.EMAIL, value=address).select_related("person").first()
    if known is not None:
        return known.person
    person = Person.objects.create_person(name)
    Identifier.objects.create(kind=Identifier.Kind.EMAIL, value=address, person=person, verified=True)
    return person
