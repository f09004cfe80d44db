"""Both trees within a seat, a level at a time: the billing's, and the client's own folders (V2, V3)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

from django.db import connection
from django.db.models import Count, Q

from abonent.access.models import Seat
from abonent.clients.models import Account, Folder, FolderQuerySet
from abonent.hierarchy.nodes import Hierarchy, Kind, Level, Node, Ref
from abonent.lib.search import search_key
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

# So many nodes are read at once.
PAGE = 100
# Above the numbers that a search finds stand folders and accounts, at most so many.
FOUND = 20

# The numbers of each folder of a level with all below it: counted by folder once, then added up along the tree.
_COUNTS = """WITH RECURSIVE below(root, id) AS (
    SELECT id, id FROM clients_folder WHERE id IN ({marks})
    UNION SELECT below.root, child.id FROM clients_folder child JOIN below ON child.parent_id = below.id
) SELECT below.root, SUM(held.numbers) FROM below JOIN ({held}) held ON held.folder_id = below.id GROUP BY below.root"""


def hierarchies(seat: Seat) -> list[Hierarchy]:
    """The trees that a seat can switch between: one bound to folders or numbers sees no billing above them."""
    bound = seat.folder_ids is not None or seat.subscriber_ids is not None
    return [Hierarchy.FOLDERS] if bound else [Hierarchy.BILLING, Hierarchy.FOLDERS]


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree as a seat sees it. `lines` are the numbers counted and listed; `narrowed` leaves out what has none."""

    seat: Seat
    hierarchy: Hierarchy
    lines: SubscriberQuerySet
    narrowed: bool = False

    @classmethod
    def of(cls, seat: Seat, hierarchy: Hierarchy, only: SubscriberQuerySet | None = None) -> Self:
        """The tree of everything, or of `only` these numbers (which the caller took from within the seat)."""
        known = hierarchies(seat)
        lines = Subscriber.objects.within(seat) if only is None else only
        return cls(seat, hierarchy if hierarchy in known else known[0], lines, narrowed=only is not None)

    def begun(self) -> Level:
        """The top, with the level below read along where the top is one node."""
        top = self.roots()
        if len(top.nodes) != 1 or not top.nodes[0].opens:
            return top
        return Level([replace(top.nodes[0], inner=self.below(top.nodes[0].ref))])

    def roots(self, after: str = "") -> Level:
        """The top: the client; for a seat bound to folders these, for one bound to single numbers those alone."""
        if self.seat.subscriber_ids is not None:
            return self._numbers(self.lines, after)
        if self.seat.folder_ids is not None:
            return self._page(self._own_tops(), None, after)
        client = self.seat.client
        if client is None:
            return Level([])
        count = self.lines.count()
        return Level([Node(Ref(Kind.CLIENT, client.pk), client.name, count, opens=True)])

    def below(self, ref: Ref, after: str = "") -> Level:
        """What stands under a node, from `after` (a level's `more`) on; LookupError for one that a seat cannot see."""
        if ref.kind == Kind.FOLDER:
            folders = Folder.objects.within(self.seat)
            if folders.filter(pk=ref.pk).exists():
                return self._page(folders.filter(parent=ref.pk), self.lines.filter(folder=ref.pk), after)
        elif ref.kind == Kind.CLIENT and ref.pk == self.seat.client_id and len(hierarchies(self.seat)) > 1:
            return self._below_client(after)
        accounts = Account.objects.within(self.seat)
        if ref.kind == Kind.CONTRACT and (known := list(accounts.filter(contract=ref.pk))):
            return Level(self._accounts(known))
        if ref.kind == Kind.ACCOUNT and accounts.filter(pk=ref.pk).exists():
            return self._numbers(self.lines.filter(account=ref.pk), after)
        raise LookupError(ref)

    def found(self, text: str, after: str = "") -> Level:
        """What fits a text: folders or accounts by name, then numbers (by number, SIM, name) in their order."""
        numbers = self._numbers(self.lines.matching(text), after)
        if after:
            return numbers
        above = self._found_folders(text) if self.hierarchy == Hierarchy.FOLDERS else self._found_accounts(text)
        return Level([*above, *numbers.nodes], numbers.more)

    def _below_client(self, after: str) -> Level:
        if self.hierarchy == Hierarchy.BILLING:
            return Level(self._contracts())
        tops = Folder.objects.within(self.seat).filter(parent=None)
        return self._page(tops, self.lines.filter(folder=None), after)

    def _contracts(self) -> list[Node]:
        accounts = Account.objects.within(self.seat).select_related("contract").order_by("contract__number", "contract")
        counts, names = self._by_account(), {account.contract_id: account.contract.number for account in accounts}
        totals = dict.fromkeys(names, 0)
        for account in accounts:
            totals[account.contract_id] += counts.get(account.pk, 0)
        nodes = [Node(Ref(Kind.CONTRACT, pk), name, totals[pk], opens=True) for pk, name in names.items()]
        return self._kept(nodes)

    def _accounts(self, accounts: Iterable[Account]) -> list[Node]:
        counts = self._by_account()
        nodes = [
            Node(Ref(Kind.ACCOUNT, one.pk), one.number, count, opens=count > 0, note=one.get_kind_display())
            for one in accounts
            for count in [counts.get(one.pk, 0)]
        ]
        return self._kept(nodes)

    def _by_account(self) -> dict[int, int]:
        """How many numbers each account has, in one query."""
        grouped = self.lines.order_by().values_list("account_id").annotate(numbers=Count("pk"))
        return dict(grouped.values_list("account_id", "numbers"))

    def _kept(self, nodes: list[Node]) -> list[Node]:
        return [node for node in nodes if node.count] if self.narrowed else nodes

    def _numbers(self, lines: SubscriberQuerySet, after: str, *, beside: int = 0) -> Level:
        page = PAGE - beside
        start = Ref.parse(after)
        if start is not None and start.kind == Kind.NUMBER:
            last = Subscriber.objects.within(self.seat).filter(pk=start.pk).values_list("number", flat=True).first()
            if last is not None:
                lines = lines.filter(Q(number__gt=last) | Q(number=last, pk__gt=start.pk))
        # The ids first, which an index holds in their order: whole rows of a large account take long to sort.
        ids = list(lines.order_by("number", "pk").values_list("pk", flat=True)[: page + 1])
        rows = Subscriber.objects.within(self.seat).in_bulk(ids[:page])
        nodes = [Node.of_number(rows[pk]) for pk in ids[:page] if pk in rows]
        return Level(nodes, str(nodes[-1].ref) if len(ids) > page and nodes else "")

    def _page(self, folders: FolderQuerySet, lines: SubscriberQuerySet | None, after: str) -> Level:
        """Folders by name, and behind the last of them the numbers that stand beside them."""
        start = Ref.parse(after)
        shown: list[Node] = []
        if start is None or start.kind == Kind.FOLDER:
            level = self._folders(folders, start)
            if level.more or lines is None or len(level.nodes) == PAGE:
                # A page that is full of folders: the numbers begin with the next one.
                has_more = level.more or (lines is not None and lines.exists())
                return Level(level.nodes, str(level.nodes[-1].ref) if has_more else "")
            shown = list(level.nodes)
        rest = self._numbers(lines, after, beside=len(shown)) if lines is not None else Level([])
        return Level([*shown, *rest.nodes], rest.more)

    def _folders(self, folders: FolderQuerySet, start: Ref | None) -> Level:
        if self.narrowed:
            holding = self.lines.order_by().exclude(folder=None).values_list("folder_id", flat=True).distinct()
            folders = folders & Folder.objects.above(list(holding))
        last = Folder.objects.within(self.seat).filter(pk=start.pk).first() if start else None
        if last is not None:
            folders = folders.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
        rows = list(folders.order_by("name", "pk")[: PAGE + 1])
        nodes = self.folder_nodes(rows[:PAGE])
        return Level(nodes, str(nodes[-1].ref) if len(rows) > PAGE else "")

    def folder_nodes(self, folders: Collection[Folder]) -> list[Node]:
        """The nodes of these folders, in two queries however many they are."""
        ids = [folder.pk for folder in folders]
        counts = self._by_folder(ids)
        parents = set(Folder.objects.within(self.seat).filter(parent__in=ids).values_list("parent", flat=True))
        return [
            Node(
                Ref(Kind.FOLDER, one.pk), one.name, count, opens=count > 0 or (one.pk in parents and not self.narrowed)
            )
            for one in folders
            for count in [counts.get(one.pk, 0)]
        ]

    def _by_folder(self, ids: list[int]) -> dict[int, int]:
        if not ids:
            return {}
        # By account too, in whose order the index stands.
        grouped = self.lines.exclude(folder=None).order_by().values("account_id", "folder_id")
        held, values = grouped.annotate(numbers=Count("pk")).query.sql_with_params()
        sql = _COUNTS.format(marks=", ".join(["%s"] * len(ids)), held=held)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*ids, *values])
            return {root: int(count) for root, count in cursor.fetchall()}

    def _own_tops(self) -> FolderQuerySet:
        """The folders that a seat is bound to, less those that stand below another of them."""
        own = self.seat.folder_ids or frozenset()
        folders = Folder.objects.within(self.seat)
        beneath = folders.filter(parent__in=folders.values("pk"))
        return folders.filter(pk__in=own).exclude(pk__in=beneath.values("pk"))

    def _found_folders(self, text: str) -> list[Node]:
        # Names have no search key of their own; some thousands are compared here, in any case and any alphabet.
        key = search_key(text)
        names = Folder.objects.within(self.seat).order_by("name", "pk").values_list("pk", "name")
        ids = [pk for pk, name in names if key in search_key(name)][:FOUND]
        found = Folder.objects.within(self.seat).filter(pk__in=ids).order_by("name", "pk")
        return self._kept(self.folder_nodes(list(found)))

    def _found_accounts(self, text: str) -> list[Node]:
        found = Account.objects.within(self.seat).filter(number__contains=search_key(text))[:FOUND]
        return self._accounts(found)


def lines_below(seat: Seat, refs: Collection[Ref]) -> list[SubscriberQuerySet]:
    """The numbers of these nodes with all below, a queryset for each kind; none of what the seat does not see."""
    lines = Subscriber.objects.within(seat)
    accounts = Account.objects.within(seat)
    ids = {kind: [ref.pk for ref in refs if ref.kind == kind] for kind in Kind}
    if seat.client_id in ids[Kind.CLIENT]:
        return [lines]
    found = []
    if ids[Kind.CONTRACT] or ids[Kind.ACCOUNT]:
        named = accounts.filter(Q(contract__in=ids[Kind.CONTRACT]) | Q(pk__in=ids[Kind.ACCOUNT]))
        found.append(lines.filter(account__in=list(named.values_list("pk", flat=True))))
    if ids[Kind.FOLDER]:
        folders = Folder.objects.within(seat).filter(pk__in=ids[Kind.FOLDER])
        found.append(lines.filter(folder__in=Folder.objects.below(list(folders.values_list("pk", flat=True)))))
    if ids[Kind.NUMBER]:
        found.append(lines.filter(pk__in=ids[Kind.NUMBER]))
    return found
