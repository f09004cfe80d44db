"""Companies with an account each, one to five numbers on it, a month of calls: `bill_delivery_world 10000 FOLDER`."""

import datetime as dt
import sys
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings come first

from abonent.catalog.models import OptionSet, Tariff  # noqa: E402
from abonent.clients.models import Account, Client, Contract, Delivery  # noqa: E402
from abonent.demo import catalog, records  # noqa: E402
from abonent.lib import clock  # noqa: E402
from abonent.lib.periods import Month  # noqa: E402
from abonent.subscribers.models import (  # noqa: E402
    AccountHolding,
    NameHolding,
    NumberHolding,
    PlanHolding,
    StatusHolding,
    Subscriber,
)
from abonent.usage import intake  # noqa: E402

SINCE = dt.datetime(2026, 9, 30, 21, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
MONTH = Month(2026, 10)
LINES, CALLS = 5, 30  # at most that many numbers an account; calls a number
BATCH = 2000


def main(accounts: int, folder: Path) -> None:
    clock.start_at(NOW)
    call_command("migrate", verbosity=0)
    catalog.make_catalog(SINCE)
    lines = _lines(_accounts(accounts))
    for path in records.write_month(folder, MONTH, records.callers(), seed=1, records_target=lines * CALLS):
        intake.load(path)


def _accounts(count: int) -> list[Account]:
    clients = Client.objects.bulk_create(
        (Client(name=f"ООО «Заря {n}»", tax_id=f"{190_000_000 + n}") for n in range(count)), BATCH
    )
    signed = SINCE.date()
    contracts = Contract.objects.bulk_create(
        (Contract(client=client, number=f"D-{n}", signed=signed) for n, client in enumerate(clients)), BATCH
    )
    accounts = Account.objects.bulk_create(
        (Account(contract=one, number=f"{20_000_000 + n:011}", opened=signed) for n, one in enumerate(contracts)), BATCH
    )
    Delivery.objects.bulk_create(
        (Delivery(account=one, address=f"bills-{one.number}@example.com", start=SINCE) for one in accounts), BATCH
    )
    return accounts


def _lines(accounts: list[Account]) -> int:
    tariff, package = Tariff.objects.get(code="rhythm"), OptionSet.objects.get(code="rhythm-150")
    owners = [account for place, account in enumerate(accounts) for _ in range(1 + place % LINES)]
    made = Subscriber.objects.bulk_create(
        (
            Subscriber(
                account=account,
                number=f"37529{1_000_000 + n}",
                last_name=f"Иванова {n}",
                tariff=tariff,
                option_set=package,
                status=Subscriber.Status.ACTIVE,
            )
            for n, account in enumerate(owners)
        ),
        BATCH,
    )
    NumberHolding.objects.bulk_create((NumberHolding(subscriber=o, number=o.number, start=SINCE) for o in made), BATCH)
    AccountHolding.objects.bulk_create(
        (AccountHolding(subscriber=o, account_id=o.account_id, start=SINCE) for o in made), BATCH
    )
    NameHolding.objects.bulk_create(
        (NameHolding(subscriber=o, last_name=o.last_name, start=SINCE) for o in made), BATCH
    )
    PlanHolding.objects.bulk_create(
        (PlanHolding(subscriber=o, tariff=tariff, option_set=package, start=SINCE) for o in made), BATCH
    )
    StatusHolding.objects.bulk_create((StatusHolding(subscriber=o, status=o.status, start=SINCE) for o in made), BATCH)
    return len(made)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
