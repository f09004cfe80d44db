"""The work of the bench `rights`, in a process of its own that has a scratch database."""

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable

import django

django.setup()

from django.contrib.sessions.backends.base import SessionBase  # noqa: E402  # the settings come first
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from abonent.access.guard import Guarded  # noqa: E402
from abonent.access.middleware import SEAT, seat_middleware  # noqa: E402
from abonent.access.models import Person, Role, Seat, SeatTarget  # noqa: E402
from abonent.access.rights import BuiltIn, Right  # noqa: E402
from abonent.access.who_may import over_each_folder, who_may  # noqa: E402
from abonent.clients.models import Account, Client, Folder  # noqa: E402
from abonent.demo.catalog import make_catalog  # noqa: E402
from abonent.demo.clients import make_clients  # noqa: E402
from abonent.demo.lines import Shop, mobile_line, to_subscriber  # noqa: E402
from abonent.subscribers import places  # noqa: E402
from abonent.subscribers.models import Subscriber  # noqa: E402
from bench.measure import figure  # noqa: E402

PEOPLE, FOLDERS, NUMBERS, ROLES = 1_000, 5_000, 20_000, 12
CHECKS, QUESTIONS, ROUNDS = 500, 60, 15
SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
AIM_MS = 100
RIGHT = Right.CHANGE_TARIFFS
SIZE = f"{PEOPLE:,} people × {FOLDERS:,} folders"


def tree(client: Client, dice: random.Random) -> list[Folder]:
    """Folders some ten levels deep: each hangs below one that was made before it."""
    made = [Folder(client=client, name=f"Folder {place}") for place in range(FOLDERS)]
    Folder.objects.bulk_create(made, batch_size=1000)
    for place in range(20, FOLDERS):
        made[place].parent = made[dice.randrange(place // 4, place)]
    Folder.objects.bulk_update(made, ["parent"], batch_size=500)
    return made


def numbers(account: Account, folders: list[Folder], dice: random.Random) -> list[int]:
    shop = Shop.open()
    made = [to_subscriber(mobile_line(index, account), shop) for index in range(1000, 1000 + NUMBERS)]
    for line in made:
        line.folder = dice.choice(folders)
    Subscriber.objects.bulk_create(made, batch_size=2000)
    return list(Subscriber.objects.filter(account=account).values_list("pk", flat=True))


def people(client: Client, folders: list[Folder], lines: list[int], dice: random.Random) -> None:
    """A few with the whole client, most with up to three folders; every second role has the right."""
    accounts = list(Account.objects.filter(contract__client=client).values_list("pk", flat=True))
    roles = [
        Role.objects.create(
            client=client, key=str(place), own_name=f"Role {place}", own_rights=[RIGHT] if place % 2 else []
        )
        for place in range(ROLES)
    ]
    roles.append(Role.objects.built_in(BuiltIn.SUPERVISOR))
    pools = {
        Seat.Reach.CLIENT: [],
        Seat.Reach.ACCOUNTS: accounts,
        Seat.Reach.FOLDERS: [folder.pk for folder in folders],
        Seat.Reach.SUBSCRIBERS: lines,
    }
    persons = Person.objects.bulk_create(Person(name=f"Person {place}") for place in range(PEOPLE))
    reaches = dice.choices(list(pools), [2, 10, 70, 18], k=PEOPLE)
    seats = Seat.objects.bulk_create(
        Seat(person=person, role=dice.choice(roles), client=client, reach=reach, valid_from=SINCE)
        for person, reach in zip(persons, reaches, strict=True)
    )
    SeatTarget.objects.bulk_create(
        SeatTarget(seat=seat, target=target)
        for seat, reach in zip(seats, reaches, strict=True)
        for target in dice.sample(pools[reach], min(dice.randint(1, 3), len(pools[reach])))
    )


def build(dice: random.Random) -> tuple[Client, list[int]]:
    make_catalog(SINCE)
    account = make_clients(SINCE)["00020100001"]
    folders = tree(account.client, dice)
    people(account.client, folders, numbers(account, folders, dice), dice)
    return account.client, [folder.pk for folder in folders]


def median_ms(work: Callable[[], object], times: int) -> float:
    """Milliseconds of the median call, after one that warms up."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def rows(sql: str, *values: str | int) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[object, ...]] = cursor.fetchall()
        return found


def check() -> None:
    """What every request pays: the seat with its role and client read anew, and its right looked up."""
    seat = Seat.objects.filter(role__key=BuiltIn.SUPERVISOR).select_related("person").first()
    assert seat is not None
    request = RequestFactory().get("/")
    request.user, request.session = seat.person, SessionBase()
    request.session[SEAT] = seat.pk
    request.COOKIES["sessionid"] = "x"

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    guarded = seat_middleware(Guarded(view, "needs", RIGHT))

    def bare() -> None:
        assert rows(
            "SELECT s.*, r.*, c.* FROM access_seat s JOIN access_role r ON r.id = s.role_id "
            "JOIN clients_client c ON c.id = s.client_id JOIN access_person p ON p.id = s.person_id "
            "WHERE s.id = %s AND s.person_id = %s AND NOT s.blocked AND p.is_active",
            seat.pk,
            seat.person.pk,
        )

    assert guarded(request).status_code == 200
    peer, value = median_ms(bare, CHECKS), median_ms(lambda: guarded(request), CHECKS)
    note = "the seat is read at each request; of one request"
    figure("rights.check.us", value * 1000, "us", peer="the bare query", peer_value=peer * 1000, invert=True, note=note)
    with CaptureQueriesContext(connection) as queries:
        guarded(request)
    figure("rights.check.queries", len(queries), "queries", note="of one request, for seat, role and client")


def one_folder(client: Client, folders: list[int], dice: random.Random) -> None:
    asked = iter(dice.choices(folders, k=QUESTIONS + 1))
    named = []

    def ask() -> None:
        folder = Folder.objects.select_related("client").get(pk=next(asked))
        named.append(len(who_may(RIGHT, places.of_folder(folder))))

    def bare() -> None:
        rows(
            "SELECT s.*, p.*, r.* FROM access_seat s JOIN access_person p ON p.id = s.person_id "
            "JOIN access_role r ON r.id = s.role_id WHERE s.client_id = %s AND (s.reach = 'client' OR s.id IN "
            "(SELECT t.seat_id FROM access_seattarget t WHERE t.target = %s))",
            client.pk,
            folders[0],
        )

    peer, value = median_ms(bare, QUESTIONS), median_ms(ask, QUESTIONS)
    note = f"{SIZE}; one folder with reasons, {statistics.mean(named):.0f} people named; aim: under {AIM_MS} ms"
    figure("rights.who_may_one.ms", value, "ms", peer="the bare query", peer_value=peer, invert=True, note=note)


def all_folders(client: Client) -> None:
    def bare() -> None:
        rows("SELECT id, parent_id FROM clients_folder WHERE client_id = %s", client.pk)
        rows("SELECT s.id, s.person_id, s.role_id, s.reach FROM access_seat s WHERE s.client_id = %s", client.pk)
        rows(
            "SELECT t.seat_id, t.target FROM access_seattarget t JOIN access_seat s ON s.id = t.seat_id "
            "WHERE s.client_id = %s",
            client.pk,
        )

    peer = median_ms(bare, ROUNDS)
    value = median_ms(lambda: over_each_folder(client, RIGHT), ROUNDS)
    found = over_each_folder(client, RIGHT)
    assert len(found) == FOLDERS
    note = f"{SIZE}: all folders at once, {sum(map(len, found.values())):,} pairs; aim: under {AIM_MS} ms"
    figure("rights.who_may_all.ms", value, "ms", peer="reading the same rows", peer_value=peer, invert=True, note=note)


def main() -> None:
    call_command("migrate", verbosity=0)
    dice = random.Random(7)  # noqa: S311  # the same company each time
    client, folders = build(dice)
    check()
    one_folder(client, folders, dice)
    all_folders(client)


if __name__ == "__main__":
    main()
