"""The work of the bench `tree`, in a process of its own that has a scratch database."""

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
from abonent.clients.models import Account, Client, Folder  # noqa: E402
from abonent.demo import names  # noqa: E402
from abonent.demo.catalog import make_catalog  # noqa: E402
from abonent.demo.clients import make_clients  # noqa: E402
from abonent.demo.lines import Shop, mobile_line, to_subscriber  # noqa: E402
from abonent.hierarchy.models import SelectedLine  # noqa: E402
from abonent.subscribers.models import Subscriber  # noqa: E402
from bench.measure import figure  # noqa: E402

ROWS, FOLDERS, DRAGGED, REQUESTS = 100_000, 5_000, 10_000, 100
# Each folder stands in one of the fifty at the top, or in one that does: three levels.
TOPS, WIDE = 50, 10
ACCOUNT = "00020100001"
SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AIM_MS = 150
NOTE = f"{ROWS:,} numbers on one account, {FOLDERS:,} folders; aim: p95 under {AIM_MS} ms"


def build() -> tuple[Browser, Account]:
    """The company with its folders, and its supervisor's browser."""
    make_catalog(SINCE)
    account = make_clients(SINCE)[ACCOUNT]
    shop = Shop.open()
    folders = make_folders(account.client)
    dice = random.Random(11)  # noqa: S311  # the same company each time
    rows = []
    for index in range(1000, 1000 + ROWS):
        row = to_subscriber(mobile_line(index, account), shop)
        # Nine of ten stand in a folder; the first of them holds what is dragged.
        row.folder_id = folders[0] if index < 1000 + DRAGGED else dice.choice(folders) if index % WIDE else None
        rows.append(row)
    Subscriber.objects.bulk_create(rows, batch_size=2000)
    person = Person.objects.create_person("Anna")
    seat = Seat.objects.give(person, Role.objects.built_in(BuiltIn.SUPERVISOR), account.client)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(person)
    session = browser.session
    session[SEAT] = seat.pk
    session.save()
    return browser, account


def make_folders(client: Client) -> list[int]:
    """Ids: those at the top, then those below them."""
    made: list[int] = []
    for place in range(FOLDERS):
        parent = None if place < TOPS else made[place % (TOPS * WIDE) if place >= TOPS * WIDE else place % TOPS]
        made.append(Folder.objects.create(client=client, parent_id=parent, name=f"Отдел {place:04d}").pk)
    return made


def times_of(work: Callable[[str], object], asked: Sequence[str], before: Callable[[], object] = int) -> list[float]:
    """Milliseconds of each call, after one that warms up; `before` prepares each and is not timed."""
    before()
    work(asked[0])
    spent = []
    for one in asked:
        before()
        start = time.perf_counter()
        work(one)
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def tell(name: str, spent: Sequence[float]) -> None:
    cuts = statistics.quantiles(spent, n=20)
    figure(f"tree.{name}.p50_ms", cuts[9], "ms", note=NOTE)
    figure(f"tree.{name}.p95_ms", cuts[18], "ms", note=NOTE)


def levels(account: Account, dice: random.Random) -> list[str]:
    """What people open: the client, the account at any place, folders of all depths, in both trees."""
    folders = list(Folder.objects.as_system().values_list("pk", flat=True))
    keys = list(Subscriber.objects.as_system().order_by("number").values_list("pk", flat=True))
    client, where = account.contract.client_id, "/numbers/tree/?tree="
    asked = [f"{where}folders&node=client:{client}", f"{where}billing&node=client:{client}"]
    asked += [f"{where}billing&node=contract:{account.contract_id}", f"{where}folders&node=folder:{min(folders)}"]
    while len(asked) < REQUESTS:
        asked.append(f"{where}billing&node=account:{account.pk}&after=number:{dice.choice(keys)}")
        asked.append(f"{where}folders&node=folder:{dice.choice(folders)}")
        asked.append(f"{where}folders&node=folder:{dice.choice(folders[:TOPS])}")
        asked.append(f"{where}folders&node=client:{client}")
    return asked


def filters(dice: random.Random) -> list[str]:
    """What people type, over both sides; the selection holds what was dragged."""
    asked = []
    for place in range(REQUESTS):
        surname = names.SURNAMES[dice.randrange(len(names.SURNAMES))][:4].lower()
        word = dice.choice([f"{dice.randrange(10_000):04d}", surname, f"отдел {dice.randrange(99):02d}"])
        address = ["/numbers/?q=", "/numbers/tree/?tree=folders&find=", "/numbers/tree/?find="][place % 3]
        asked.append(f"{address}{word}")
    return asked


def main() -> None:
    call_command("migrate", verbosity=0)
    browser, account = build()
    dice = random.Random(7)  # noqa: S311  # the same requests each time

    def get(address: str) -> None:
        # The filter of the selection replaces its lines alone, as the page asks.
        headers = {"HX-Request": "true", "HX-Target": "selected-lines" if "?q=" in address else "tree"}
        answer = browser.get(address, headers=headers)
        assert answer.status_code == 200, answer.content

    def drag(node: str) -> None:
        answer = browser.post("/numbers/selection/", {"nodes": node}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.content

    tell("open", times_of(get, levels(account, dice)))
    dragged = Folder.objects.as_system().order_by("pk").values_list("pk", flat=True)[0]
    # Folders of the lower levels hold few; the first one alone is of ten thousand, and what is below it.
    tell("drag_10000", times_of(drag, [f"folder:{dragged}"] * 30, SelectedLine.objects.all().delete))
    held = SelectedLine.objects.count()
    assert held >= DRAGGED, held
    tell("filter", times_of(get, filters(dice)))
    with CaptureQueriesContext(connection) as queries:
        browser.get("/numbers/")
    figure("tree.queries", len(queries), "queries", note="of the whole page")
    spent = times_of(drag, [f"account:{account.pk}"] * 5, SelectedLine.objects.all().delete)
    figure("tree.drag_100000.p50_ms", statistics.median(spent), "ms", note=NOTE)
    figure("tree.page_of_100000.p95_ms", statistics.quantiles(times_of(get, ["/numbers/"] * 20), n=20)[18], "ms")


if __name__ == "__main__":
    main()
