"""The costs of last month by folder, as rows of a table: each folder with all below it (V3)."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from abonent.access.models import Seat
from abonent.billing.folder_costs import Cost, FolderCosts, folder_costs
from abonent.clients.models import Account, Folder
from abonent.hierarchy.folders import may_leave
from abonent.hierarchy.paths import Paths
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class CostRow:
    """`depth` is 0 at the top; `own` without what is below; `whole` with it."""

    label: str
    depth: int
    own: Cost
    whole: Cost
    deleted: bool = False


@dataclass(slots=True)
class _Node:
    label: str
    parent: int | None
    deleted: bool = False
    children: list[int] = field(default_factory=list)


def costs_of(seat: Seat, month: Month) -> FolderCosts:
    """The costs that the seat may see: of its accounts, or of its numbers alone."""
    bound = not may_leave(seat)
    only = list(Subscriber.objects.within(seat).values_list("pk", flat=True)) if bound else None
    accounts = list(Account.objects.reached_by(seat).values_list("pk", flat=True))
    return folder_costs(month, accounts, only)


def rows(seat: Seat, costs: FolderCosts) -> list[CostRow]:
    """In the order of the tree, folders that cost something; then what was in no folder, and where the seat sees none.

    A folder deleted since stands below the one to which its numbers went.
    """
    nodes, tops = _nodes(seat)
    found: list[CostRow] = []
    for top in tops:
        _walk(top, 0, nodes, costs, found)
    spent = [row for row in found if any(row.whole)]
    elsewhere = Cost()
    for folder, cost in costs.by_folder.items():
        if folder is not None and folder not in nodes:
            elsewhere = elsewhere.plus(cost.net, cost.vat)
    nowhere = costs.by_folder.get(None, Cost())
    rest = [(_("In no folder"), nowhere), (_("In folders that you do not see"), elsewhere)]
    return [*spent, *(CostRow(label, 0, cost, cost) for label, cost in rest if any(cost))]


def _nodes(seat: Seat) -> tuple[dict[int, _Node], list[int]]:
    """The folders that the seat sees, and deleted ones below them, by id; and those at the top."""
    paths = Paths.of(seat)
    nodes = {key: _Node(known.name, known.parent) for key, known in paths.folders.items()}
    gone = {row.pk: row for row in Folder.objects.as_system().filter(client=seat.client_id, deleted__isnull=False)}
    for key, row in gone.items():
        parent = row.parent_id
        while parent in gone:
            parent = gone[parent].parent_id
        if parent in nodes or (parent is None and may_leave(seat)):
            nodes[key] = _Node(row.name, parent, deleted=True)
    levels: dict[int | None, list[int]] = defaultdict(list)
    for key, node in sorted(nodes.items(), key=lambda pair: (pair[1].deleted, pair[1].label)):
        levels[node.parent].append(key)
        if node.parent is not None:
            nodes[node.parent].children.append(key)
    return nodes, levels[None]


def _walk(key: int, depth: int, nodes: dict[int, _Node], costs: FolderCosts, found: list[CostRow]) -> Cost:
    """Put a row for the folder, then those below it; its cost with all below."""
    node, own = nodes[key], costs.by_folder.get(key, Cost())
    place = len(found)
    whole = own
    for child in node.children:
        below = _walk(child, depth + 1, nodes, costs, found)
        whole = whole.plus(below.net, below.vat)
    found.insert(place, CostRow(node.label, depth, own, whole, node.deleted))
    return whole
