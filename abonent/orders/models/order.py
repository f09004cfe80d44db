"""An order: what is asked for, by whom, and how many of its rows have come to which end."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Self

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.audit import journal
from abonent.audit.journal import Actor, ActorKind, Origin
from abonent.clients.models import Account, Client
from abonent.files.models import StoredFile
from abonent.lib import clock
from abonent.orders import keeping, limits, planning, states
from abonent.orders.actions import ACTIONS
from abonent.orders.actions.action import Action, Problem
from abonent.orders.limits import Excess
from abonent.orders.models.numbers import OrderNumbers
from abonent.orders.pricing import Totals, totals
from abonent.orders.verdicts import Verdict
from abonent.profile.calendar import Answer
from abonent.subscribers.models import Subscriber


class OrderQuerySet(models.QuerySet["Order"]):
    def within(self, seat: Seat) -> Self:
        """What a seat may see: all of its client, or, where it is bound, its own and those of its accounts alone.

        One that is bound to folders or numbers sees its own, and what it may approve or has decided.
        """
        if seat.client_id is None:
            return self.none()
        found = self.filter(client_id=seat.client_id)
        if seat.reach == Seat.Reach.CLIENT:
            return found
        if seat.account_ids is None:
            return found.filter(Q(seat=seat) | Q(decided_seat=seat) | Q(pk__in=self._covered(seat)))
        links = Order.accounts.through.objects
        outside = links.exclude(account_id__in=seat.account_ids).values("order_id")
        return found.filter(Q(seat=seat) | (Q(pk__in=links.values("order_id")) & ~Q(pk__in=outside)))

    def _covered(self, seat: Seat) -> "OrderQuerySet":
        """The orders to approve all of whose rows a seat sees, of those with the right to."""
        if seat.client_id is None or not seat.has(Right.APPROVE_ORDERS):
            return Order.objects.none()
        is_open, seen = Q(items__result=""), Q(items__subscriber__in=Subscriber.objects.within(seat).values("pk"))
        awaiting = Order.objects.filter(client_id=seat.client_id).awaiting()
        counted = awaiting.annotate(rows=Count("items", filter=is_open), known=Count("items", filter=is_open & seen))
        return Order.objects.filter(pk__in=counted.filter(rows=F("known")).values("pk"))

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self

    def awaiting(self) -> Self:
        """Orders above the limit of whoever placed them: nothing of them happens without a second person (S17)."""
        return self.filter(state=Order.State.AWAITING)

    def approvable(self, seat: Seat) -> Self:
        """Of what it sees (`within`), what waits for this seat: not its person's own, within its own limits.

        The last word is `approval.why_not`, which looks at every row.
        """
        if not seat.has(Right.APPROVE_ORDERS):
            return self.none()
        able = [key for key, action in ACTIONS.items() if seat.has(action.right)]
        found = self.awaiting().filter(action__in=able).exclude(actor_id=seat.actor().id)
        if seat.role.max_rows is not None:
            found = found.filter(confirmed__lte=seat.role.max_rows)
        return found if seat.role.max_cost is None else found.filter(cost__lte=seat.role.max_cost)

    def placed(self) -> Self:
        """Orders that were confirmed: they have a number and a place in the history (S15.6)."""
        return self.filter(number__isnull=False)

    def running(self) -> Self:
        """«Заявка в обработке»."""
        return self.filter(state__in=Order.RUNNING)

    def scheduled(self) -> Self:
        """Placed for a date that is still to come (S17)."""
        return self.filter(state=Order.State.SCHEDULED)

    def due_by(self, moment: dt.datetime) -> Self:
        """Of those, the ones that begin by then, in their order."""
        return self.scheduled().filter(due__lte=moment).order_by("due", "pk")

    def troubled(self, since: dt.datetime) -> Self:
        """Orders that ended since then with rows that could not be done."""
        return self.filter(state__in=(Order.State.PARTLY, Order.State.FAILED), finished_at__gte=since)

    def to_confirm(self) -> Self:
        """Orders that were checked and wait for their person's word."""
        return self.filter(state=Order.State.DRAFT)


class Order(models.Model):
    State = states.State
    RUNNING = states.RUNNING
    UNPLACED = states.UNPLACED

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="orders")
    accounts = models.ManyToManyField(Account, related_name="orders")
    # Given when the order is confirmed, one after another within the client.
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    action = models.CharField(_("action"), max_length=40)
    params = models.JSONField(default=dict)
    # What it was called when it was placed, by language: a service may be renamed later.
    titles = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKING)
    key = models.UUIDField(editable=False)

    # From which seat; the check asks it what this person may see. Then, plainly, who it was.
    seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, related_name="orders")
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=200)
    # Translators: «Заявка от»
    person_label = models.CharField(_("Order from"), max_length=200)

    # From when it is to be done; at once where there is none (S17).
    due = models.DateTimeField(null=True, editable=False)
    # The order whose rows it tries once more.
    retry_of = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="retries", editable=False)

    # The subscribers asked for: a file, or ids, or a filter (see `intake`).
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="orders")
    chosen = models.JSONField(default=dict)
    # Why the file was not accepted: a code and its arguments.
    refusal = models.JSONField(default=dict)

    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    # How many rows were to be done when the person confirmed.
    confirmed = models.PositiveIntegerField(default=0)

    # Connecting and the first month with VAT, when the person confirmed; and the limits of the role that this passed.
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, editable=False)
    excess = models.JSONField(default=list)
    # The second person who approved or rejected it, plainly and as a seat; why, where it was rejected.
    decided_seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by_id = models.CharField(max_length=64, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    rejection = models.CharField(max_length=500, blank=True)

    # How many rows there are of each price (see `pricing`), of those that were fine.
    prices = models.JSONField(default=list)

    created = models.DateTimeField(_("placed"), default=clock.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    stop_asked = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], name="order_number_once"),
            models.UniqueConstraint(fields=["client", "key"], name="order_key_once"),
        ]
        indexes = [
            models.Index(fields=["state"], condition=Q(state__in=["accepted", "processing"]), name="order_running"),
            models.Index(fields=["created"], condition=Q(number__isnull=True), name="order_unplaced"),
            models.Index(fields=["due"], condition=Q(state="scheduled"), name="order_scheduled"),
        ]

    def __str__(self) -> str:
        return str(self.number or self.pk)

    @property
    def title(self) -> str:
        """What is asked for, in the reader's language."""
        return str(self.titles.get(get_language() or "ru") or self.titles.get("ru") or self.action)

    @property
    def left(self) -> int:
        """Rows without an end."""
        return self.total - self.done - self.failed - self.refused - self.nothing - self.cancelled

    @property
    def worked(self) -> int:
        """Of the rows that were confirmed, those that have come to an end."""
        return self.confirmed - self.left if self.confirmed else 0

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def starts(self) -> dt.datetime | None:
        """The date that it is planned for, where that is still to come; none is at once."""
        return self.due if self.due is not None and self.due > clock.now() else None

    def why_not(self) -> Answer:
        """Whether its action may be done when it is wanted, asked anew at each step; if not, why, and when it may."""
        return planning.why_not(self.planned, self.starts)

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind(self.actor_kind), self.actor_id, self.actor_label)

    @property
    def planned(self) -> Action:
        """The action with its parameters, as the catalog has it now."""
        return ACTIONS[self.action].read(self.params)

    @property
    def totals(self) -> Totals:
        """What the rows that are still to be done cost together."""
        return totals(self.prices)

    @property
    def cost_now(self) -> Decimal:
        """What it takes to begin, with VAT of today."""
        return limits.cost(self.totals.begin)

    @property
    def passed(self) -> tuple[Excess, ...]:
        """The limits that it passed when it was confirmed."""
        return limits.read(self.excess)

    def excess_now(self) -> tuple[Excess, ...]:
        """The limits of the role from which it is placed that it passes at this moment; none without a seat."""
        if self.seat is None:
            return ()
        return limits.excess(self.seat.role, self.left, self.cost_now)

    def is_by(self, actor: Actor) -> bool:
        """Whether this person made it, from whatever seat."""
        return (self.actor_kind, self.actor_id) == (actor.kind, actor.id)

    def confirm(self, actor: Actor, origin: Origin | None = None) -> bool:
        """Place what was checked: accepted, or awaiting a second person where it passes a limit of the role (S17).

        False if it was placed before (a double click), nothing of it can be done, somebody else made it, the seat that
        made it may not order it any more, the day is closed (`why_not` says so), or it must not be placed as a whole
        (`bar` says why): then it stays a draft.
        """
        with transaction.atomic():
            order = type(self).objects.select_for_update().get(pk=self.pk)
            ready = order.state == self.State.DRAFT and order.left > 0 and order.is_by(actor) and order._is_allowed()  # noqa: SLF001  # the same class
            ready = ready and bool(order.why_not()) and order._is_open()  # noqa: SLF001  # the same class
            if ready:
                order._place(actor, origin)  # noqa: SLF001  # the same class
        if ready:
            order._keep_the_rest()  # noqa: SLF001  # the same class
        self.refresh_from_db()
        return ready

    def _is_allowed(self) -> bool:
        if self.seat_id is None:
            return False
        seat = Seat.objects.in_force().select_related("role").filter(pk=self.seat_id).first()
        return seat is not None and seat.has(ACTIONS[self.action].right)

    def bar(self) -> Problem | None:
        """Why a draft as a whole cannot be placed, beside other orders as they now are (S15.5)."""
        return self.planned.bars(self.pk)

    def _is_open(self) -> bool:
        """Asked while nobody else of the client can place an order, so that two do not get past each other."""
        OrderNumbers.lock(self.client_id)
        return self.bar() is None

    def _place(self, actor: Actor, origin: Origin | None) -> None:
        passed = self.excess_now()
        self.number = OrderNumbers.next_of(self.client_id)
        self.due = self.starts
        begins = self.State.SCHEDULED if self.due else self.State.ACCEPTED
        self.state = self.State.AWAITING if passed else begins
        self.cost, self.excess = self.cost_now, [one.stored() for one in passed]
        self.confirmed, self.confirmed_at = self.left, clock.now()
        self.save(update_fields=["number", "state", "due", "cost", "excess", "confirmed", "confirmed_at"])
        # Whoever comes too late is told so when the row is done.
        for rows in islice(self._rows_kept(), 1):
            keeping.keep(self.planned, rows)
        self.journal("orders.ask_approval" if passed else "orders.confirm", actor, origin)

    def _rows_kept(self) -> Iterator[list[keeping.Row]]:
        """Those whose numbers or SIMs are kept early: the first; all where it waits, and what they have would lapse."""
        action = ACTIONS[self.action]
        if not (action.keeps and action.keeps_early):
            return iter(())
        waits = self.state in states.TO_COME and action.lapses
        return keeping.portions(self.items.filter(verdict=Verdict.FINE).order_by("row"), self.left if waits else 1)

    def _keep_the_rest(self) -> None:
        """After the order is placed, portion by portion: nobody waits for a hundred thousand rows to be written.

        What is cut short here lapses, and is told of when the row is done.
        """
        for rows in islice(self._rows_kept(), 1, None):
            with transaction.atomic():
                order = type(self).objects.select_for_update().get(pk=self.pk)
                if order.state not in states.TO_COME:
                    return
                keeping.keep(self.planned, rows)

    def plan(self, due: dt.datetime | None, actor: Actor, origin: Origin | None = None) -> Answer:
        """Do it at `due` (None: at once) where it has not begun; a draft, or one to be approved, by who made it alone.

        The answer says why not, and from when it is possible; then nothing has changed.
        """
        with transaction.atomic():
            order = type(self).objects.select_for_update().get(pk=self.pk)
            movable = order.state in {self.State.DRAFT, self.State.AWAITING} and order.is_by(actor)
            if not movable and order.state != self.State.SCHEDULED:
                return planning.too_late()
            answer = planning.why_not(order.planned, due)
            if answer:
                order.move(due, actor, origin)
        self.refresh_from_db()
        return answer

    def move(self, due: dt.datetime | None, actor: Actor, origin: Origin | None = None) -> None:
        """Give it another date, which was asked about before, inside the caller's transaction."""
        before, self.due = self.due, due
        if self.state in {self.State.SCHEDULED, self.State.ACCEPTED}:
            self.state = self.State.SCHEDULED if due else self.State.ACCEPTED
        self.save(update_fields=["due", "state"])
        journal.record(
            actor,
            "orders.plan",
            target=("order", self.pk, str(self)),
            client_id=self.client_id,
            before={"due": before and before.isoformat()},
            after={"due": due and due.isoformat()},
            origin=origin,
        )

    def go_on(self) -> None:
        """After a second person's word: at once, or on its date; a closed day moves it to the first open one."""
        answer = self.why_not()
        self.state = self.State.SCHEDULED if self.starts else self.State.ACCEPTED
        self.save(update_fields=["state"])
        if not answer and answer.possible_from is not None:
            self.move(answer.possible_from, journal.SYSTEM)

    def withdraw(self, actor: Actor, origin: Origin | None = None) -> bool:
        """Take back what waits for approval; False where it waits no more, or somebody else placed it."""
        with transaction.atomic():
            order = type(self).objects.select_for_update().get(pk=self.pk)
            waits = order.state == self.State.AWAITING and order.is_by(actor)
            if waits:
                order.stop()
                order.journal("orders.withdraw", actor, origin)
        self.refresh_from_db()
        return waits

    def stop(self) -> None:
        """Let the worker end the rows as cancelled; inside the caller's transaction."""
        self.stop_asked = clock.now()
        if self.state in states.TO_COME:
            self.state = self.State.PROCESSING
        self.save(update_fields=["stop_asked", "state"])

    def cancel(self, actor: Actor, origin: Origin | None = None) -> bool:
        """Stop what has not begun; what the network was told already is finished. False if it is too late for that.

        A draft is given up by who made it alone.
        """
        with transaction.atomic():
            order = type(self).objects.select_for_update().get(pk=self.pk)
            stops = order.state in {*states.RUNNING, self.State.SCHEDULED} and order.stop_asked is None
            if stops:
                order.stop()
                order.journal("orders.cancel", actor, origin)
            elif order.state in self.UNPLACED and order.is_by(actor):
                # Nothing was asked for yet: the draft is simply not gone on with.
                order.state = self.State.CANCELLED
                order.save(update_fields=["state"])
                for rows in order._rows_kept():  # noqa: SLF001  # the same class
                    keeping.unreserve(order.planned, rows)
                stops = True
        self.refresh_from_db()
        return stops

    def journal(self, action: str, actor: Actor, origin: Origin | None, **more: str) -> None:
        """Write down what was done to the order as a whole, inside the caller's transaction."""
        after: dict[str, object] = {"action": self.action, "params": self.params, "rows": self.total, "left": self.left}
        if self.due:
            after["due"] = self.due.isoformat()
        if self.excess:
            after |= {"placed_by": self.actor_label, "cost": str(self.cost), "limits_passed": self.excess}
        journal.record(
            actor,
            action,
            target=("order", self.pk, str(self)),
            client_id=self.client_id,
            after=after | more,
            origin=origin,
        )

    def count(self, ended: dict[str, int]) -> "Order":
        """Add these ends (by result) to the counters, inside the caller's transaction; the order as it then is."""
        type(self).objects.filter(pk=self.pk).update(**{name: F(name) + number for name, number in ended.items()})
        return type(self).objects.get(pk=self.pk)

    def end(self, state: states.State, at: dt.datetime) -> None:
        """Close an order all of whose rows have come to an end."""
        type(self).objects.filter(pk=self.pk).update(state=state, finished_at=at)
