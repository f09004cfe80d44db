"""The work of the bench `subscriber_list`, in a process of its own that has a scratch database."""

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable, Sequence

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings come first
from django.db import connection  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from abonent.access.middleware import SEAT  # noqa: E402
from abonent.access.models import Person, Role, Seat  # noqa: E402
from abonent.access.rights import BuiltIn  # noqa: E402
from abonent.clients.models import Client, Folder  # noqa: E402
from abonent.demo import names  # noqa: E402
from abonent.demo.catalog import make_catalog  # noqa: E402
from abonent.demo.clients import make_clients  # noqa: E402
from abonent.demo.lines import Shop, mobile_line, to_subscriber  # noqa: E402
from abonent.lib import clock  # noqa: E402
from abonent.lib.updating import update_each  # noqa: E402
from abonent.subscribers.models import Subscriber  # noqa: E402
from abonent.usage import last_use  # noqa: E402
from bench.measure import figure  # noqa: E402

ROWS, REQUESTS, FEW = 100_000, 150, 60
FOLDERS, USED = 40, 0.95
ACCOUNT = "00020100001"
SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AIM_MS, AIM_QUERIES = 60, 17


def build() -> Browser:
    """A company with 100,000 numbers on one account, and its administrator's browser."""
    make_catalog(SINCE)
    accounts = make_clients(SINCE)
    shop = Shop.open()
    lines = (mobile_line(index, accounts[ACCOUNT]) for index in range(1000, 1000 + ROWS))
    Subscriber.objects.bulk_create((to_subscriber(line, shop) for line in lines), batch_size=2000)
    person = Person.objects.create_person("Anna")
    account = accounts[ACCOUNT]
    use(account.client)
    seat = Seat.objects.give(
        person, Role.objects.built_in(BuiltIn.ADMINISTRATOR), account.client, accounts=[account.pk]
    )
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(person)
    session = browser.session
    session[SEAT] = seat.pk
    session.save()
    return browser


def use(client: Client) -> None:
    """Half of the lines stand in folders; each was used within the last hundred days, or never."""
    folders = [Folder.objects.create(client=client, name=f"Department {place}") for place in range(FOLDERS)]
    now, dice = int(clock.now().timestamp()), random.Random(3)  # noqa: S311  # the same company each time
    keys = list(Subscriber.objects.order_by("pk").values_list("pk", flat=True))
    update_each(Subscriber, ["folder"], {pk: (dice.choice(folders).pk,) for pk in keys[::2]})
    last_use.note([(pk, now - dice.randrange(100 * 86_400)) for pk in keys if dice.random() < USED])


def addresses_of_filters(dice: random.Random) -> dict[str, list[str]]:
    """By what it is called: what narrows the list, as people combine it with its orders."""
    known = list(Folder.objects.values_list("pk", flat=True))
    words = [surname[:4].lower() for surname in dice.choices(names.SURNAMES, k=FEW)]
    return {
        "search_by_name": [f"/subscribers/?sort=name&q={word}" for word in words],
        "unused": [f"/subscribers/?unused={dice.choice((14, 30, 60, 90))}" for _ in range(FEW)],
        "folder": [f"/subscribers/?folder={dice.choice(known)}" for _ in range(FEW)],
    }


def addresses_of_pages(dice: random.Random) -> list[str]:
    keys = list(Subscriber.objects.order_by("number", "pk").values_list("number", "pk"))
    return [f"/subscribers/?after={number}~{pk}" for number, pk in dice.choices(keys, k=REQUESTS)]


def addresses_of_searches(dice: random.Random) -> list[str]:
    """What people type: a part of a number, of a SIM, of a name; some of it matches much, some nothing."""
    words = []
    for _ in range(REQUESTS):
        surname = names.SURNAMES[dice.randrange(len(names.SURNAMES))]
        words.append(
            dice.choice([f"{dice.randrange(10_000):04d}", surname[:4].lower(), f"000{dice.randrange(99_999)}"])
        )
    return [f"/subscribers/?q={word}" for word in words]


def times_of(work: Callable[[str], object], addresses: Sequence[str]) -> list[float]:
    """Milliseconds of each call, after one that warms up."""
    work(addresses[0])
    spent = []
    for address in addresses:
        start = time.perf_counter()
        work(address)
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def tell(name: str, spent: Sequence[float], peer: Sequence[float]) -> None:
    cuts, bare = statistics.quantiles(spent, n=20), statistics.quantiles(peer, n=20)
    note = f"{ROWS:,} rows on one account; aim: p95 under {AIM_MS} ms"
    figure(f"{name}.p50_ms", cuts[9], "ms", peer="the bare query of a page", peer_value=bare[9], invert=True, note=note)
    figure(
        f"{name}.p95_ms", cuts[18], "ms", peer="the bare query of a page", peer_value=bare[18], invert=True, note=note
    )


def bare_page(address: str) -> None:
    key = address.rpartition("=")[2].partition("~")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM subscribers_subscriber WHERE number > %s ORDER BY number LIMIT 51", [key])
        cursor.fetchall()


def main() -> None:
    call_command("migrate", verbosity=0)
    browser = build()
    dice = random.Random(7)  # noqa: S311  # the same requests each time
    pages, searches = addresses_of_pages(dice), addresses_of_searches(dice)

    def get(address: str) -> None:
        answer = browser.get(address)
        assert answer.status_code == 200
        assert b"</html>" in answer.content

    peer = times_of(bare_page, pages)
    tell("subscriber_list", times_of(get, pages), peer)
    tell("subscriber_list.search", times_of(get, searches), peer)
    for name, addresses in addresses_of_filters(dice).items():
        tell(f"subscriber_list.{name}", times_of(get, addresses), peer)
    with CaptureQueriesContext(connection) as queries:
        get(pages[0])
    figure("subscriber_list.queries", len(queries), "queries", note=f"of one page; aim: at most {AIM_QUERIES}")


if __name__ == "__main__":
    main()
