"""The departments of the large client: three levels, every number in one since the beginning, some moved since (V3)."""

import datetime as dt
from collections import defaultdict

from abonent import profile
from abonent.access.models import Seat
from abonent.access.rights import BuiltIn
from abonent.demo.people import SERGEI
from abonent.demo.plan import Plan
from abonent.hierarchy import folders
from abonent.hierarchy.placing import move_numbers
from abonent.lib import clock
from abonent.subscribers.models import Subscriber

# City, department, team. A department without teams holds its numbers itself.
TREE: dict[str, dict[str, tuple[str, ...]]] = {
    "Минск": {
        "Отдел продаж": ("Корпоративные продажи", "Розница", "Интернет-магазин"),
        "Склад": ("Приёмка", "Комплектация", "Отгрузка"),
        "Доставка": ("Курьеры", "Водители", "Диспетчеры"),
        "Бухгалтерия": (),
        "Администрация": (),
    },
    "Гомель": {"Отдел продаж": (), "Склад": (), "Доставка": ()},
    "Брест": {"Отдел продаж": (), "Доставка": ()},
    "Витебск": {"Отдел продаж": (), "Доставка": ()},
    "Датчики и устройства": {},
}
# Of every so many numbers one went from one place to the next on the 16th of last month.
MOVED = 40
MOVED_AT = dt.timedelta(days=15, hours=10, minutes=30)


def make_folders(plan: Plan) -> None:
    """Make the tree when the company came, put its numbers there, and let some move in the middle of last month."""
    seat = Seat.objects.select_related("client").get(person__identifiers__value=SERGEI, role__key=BuiltIn.SUPERVISOR)
    since = plan.closed_months[0].plus(-1).period(profile.current().zone).start
    with clock.stopped(since):
        places = _tree(seat)
        lines = list(Subscriber.objects.within(seat).order_by("pk").values_list("pk", "tariff__code"))
        devices, leaves = places[0], places[1:]
        chosen: dict[int, list[int]] = defaultdict(list)
        for place, (line, tariff) in enumerate(lines):
            chosen[devices if tariff == "sensor" else leaves[place * 7 % len(leaves)]].append(line)
        for folder, ids in chosen.items():
            move_numbers(seat, Subscriber.objects.within(seat).filter(pk__in=ids), folder)
    last_month = plan.closed_months[-1].period(profile.current().zone).start
    with clock.stopped(last_month + MOVED_AT):
        for at, folder in enumerate(leaves):
            some = chosen[folder][::MOVED]
            move_numbers(seat, Subscriber.objects.within(seat).filter(pk__in=some), leaves[(at + 1) % len(leaves)])


def _tree(seat: Seat) -> list[int]:
    """The folders that hold numbers; the first is the one for devices."""
    places = []
    for city, departments in TREE.items():
        top = folders.create(seat, city, None).pk
        for department, teams in departments.items():
            middle = folders.create(seat, department, top).pk
            places += [folders.create(seat, team, middle).pk for team in teams] or [middle]
        if not departments:
            places.insert(0, top)
    return places
