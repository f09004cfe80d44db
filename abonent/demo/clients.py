"""The four clients of the fictional operator, with their contracts, accounts and delivery."""

import datetime as dt
from dataclasses import dataclass

from abonent import profile
from abonent.clients.models import Account, Client, Contract, Delivery


@dataclass(frozen=True, slots=True)
class AccountPlan:
    number: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class ClientPlan:
    key: str
    name: str
    tax_id: str
    registry_id: str
    bank_account: str
    address: str
    accounts: tuple[AccountPlan, ...]


CLIENTS = (
    ClientPlan(
        "aist",
        "ООО «Белый аист»",
        "190000017",
        "300000017000",
        "BY12YASN30120000000170000000",
        "220000, г. Минск, ул. Примерная, д. 1",
        (
            AccountPlan("00020100001", Account.Kind.MOBILE, "buh@aist.example"),
            AccountPlan("00020100002", Account.Kind.MOBILE, "filial@aist.example"),
        ),
    ),
    ClientPlan(
        "fox",
        "ЧУП «Мастерская Лисица»",
        "190000025",
        "300000025000",
        "BY34YASN30120000000250000000",
        "230000, г. Гродно, ул. Образцовая, д. 2",
        (AccountPlan("00020100003", Account.Kind.MOBILE, "office@fox.example"),),
    ),
    ClientPlan(
        "node",
        "ОАО «Городской узел»",
        "190000033",
        "300000033000",
        "BY56YASN30120000000330000000",
        "246000, г. Гомель, ул. Показательная, д. 3",
        (
            AccountPlan("00020100004", Account.Kind.SIP, "atc@node.example"),
            AccountPlan("00020100005", Account.Kind.FIXED, "atc@node.example"),
        ),
    ),
    ClientPlan(
        "harbour",
        "ООО «Тихая гавань»",
        "190000041",
        "300000041000",
        "BY78YASN30120000000410000000",
        "210000, г. Витебск, ул. Отдельная, д. 4",
        (AccountPlan("00020100006", Account.Kind.MOBILE, "mail@harbour.example"),),
    ),
)


def make_clients(since: dt.datetime) -> dict[str, Account]:
    """Make the clients; the accounts by their number. `since` is when they came (aware)."""
    began = since.astimezone(profile.current().zone).date()
    accounts = {}
    for plan in CLIENTS:
        client = Client.objects.create(
            name=plan.name,
            tax_id=plan.tax_id,
            registry_id=plan.registry_id,
            bank_accounts=plan.bank_account,
            address=plan.address,
            created=since,
        )
        contract = Contract.objects.create(client=client, number=f"Д-{plan.tax_id[-4:]}/24", signed=began)
        for entry in plan.accounts:
            account = Account.objects.create(contract=contract, number=entry.number, kind=entry.kind, opened=began)
            Delivery.objects.create(account=account, address=entry.address, start=since)
            accounts[entry.number] = account
    return accounts
