"""An appeal: who asks the operator what, in which state it is, by when it is to be answered (L10, V9)."""

import datetime as dt
from collections.abc import Mapping
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent import profile
from abonent.access.models import Person, Seat
from abonent.access.rights import Right
from abonent.audit.journal import Actor, Origin, record
from abonent.clients.models import Account, Client
from abonent.lib import clock
from abonent.lib.search import search_key
from abonent.profile.calendar import answer_due
from abonent.subscribers.models import Subscriber

# `due` is the midnight with which the last day ends: a day earlier by the least bit is that day.
LAST_MOMENT = dt.timedelta(microseconds=1)


class AppealQuerySet(models.QuerySet["Appeal"]):
    def within(self, seat: Seat) -> Self:
        """What a seat may see: its own; over accounts, also theirs; over a client, all; the operator's staff: all."""
        if seat.has(Right.OPERATOR_SUPPORT):
            return self
        if not seat.has(Right.ASK_OPERATOR):
            return self.none()
        found = self.filter(client_id=seat.client_id)
        if seat.reach == Seat.Reach.CLIENT:
            return found
        if seat.account_ids is None:
            return found.filter(seat=seat)
        return found.filter(Q(seat=seat) | Q(account_id__in=seat.account_ids))

    def as_system(self) -> Self:
        """All of them: for what runs outside a person's request."""
        return self

    def matching(self, text: str) -> Self:
        """Search by its number, the topic, and the phone number concerned, in any case."""
        key = search_key(text)
        if not key:
            return self
        found = Q(search_key__contains=key)
        if key.isascii() and key.isdigit() and len(key) < 10:  # noqa: PLR2004  # fits the database
            found |= Q(number=int(key))
        return self.filter(found)

    def waiting(self) -> Self:
        """Those that the operator has to answer, the most urgent first."""
        return self.filter(state=Appeal.State.OPEN).order_by("due", "pk")

    def overdue(self) -> Self:
        return self.filter(state=Appeal.State.OPEN, due__lte=clock.now())


class Appeal(models.Model):
    class Kind(models.TextChoices):
        BILL = "bill", _("Invoices and payments")
        SERVICES = "services", _("Tariffs and services")
        NUMBERS = "numbers", _("Numbers and SIM")
        QUALITY = "quality", _("Quality of the connection")
        APPLICATION = "application", _("Application with a list or document")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("appeal", "waiting for an answer")
        ASKED = "asked", pgettext_lazy("appeal", "waiting for you")
        ANSWERED = "answered", pgettext_lazy("appeal", "answered")
        CLOSED = "closed", pgettext_lazy("appeal", "closed")

    RATINGS: ClassVar[range] = range(1, 6)

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("client"))
    # One after another within the client.
    number = models.PositiveIntegerField(_("number"), editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="appeals")
    subscriber = models.ForeignKey(Subscriber, on_delete=models.PROTECT, null=True, related_name="appeals")
    # The number concerned as it was then: it may go to somebody else.
    about = models.CharField(_("number concerned"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    topic = models.CharField(_("topic"), max_length=120)
    search_key = models.CharField(max_length=200, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    key = models.UUIDField(editable=False)

    # From which seat; then, plainly, who it was.
    seat = models.ForeignKey(Seat, on_delete=models.SET_NULL, null=True, related_name="appeals")
    person_label = models.CharField(_("from"), max_length=200)
    seat_label = models.CharField(max_length=300)
    # Who of the operator's staff has taken it.
    assignee = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    assignee_label = models.CharField(_("taken by"), max_length=200, blank=True)

    opened = models.DateTimeField(_("opened"), default=clock.now, editable=False)
    # When the client last asked, by when that is to be answered, and when it was.
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    due = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    changed = models.DateTimeField(_("changed"), default=clock.now, editable=False)
    rating = models.PositiveSmallIntegerField(_("rating"), null=True)
    rating_word = models.CharField(max_length=500, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.UniqueConstraint(fields=["client", "number"], name="appeal_number_once"),
            models.UniqueConstraint(fields=["client", "key"], name="appeal_key_once"),
            models.CheckConstraint(condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5), name="appeal_rating"),
        ]
        indexes = [
            models.Index(fields=["client", "-changed"], name="appeal_of_client"),
            models.Index(fields=["due"], condition=Q(state="open"), name="appeal_due"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_key = search_key(f"{self.topic} {self.about}")
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    @classmethod
    def locked(cls, pk: int) -> "Appeal":
        """The row, which others wait for until this transaction ends."""
        return cls.objects.select_for_update().get(pk=pk)

    @property
    def last_day(self) -> dt.datetime:
        """A moment of the last day on which an answer is in time."""
        return self.due - LAST_MOMENT

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and clock.now() >= self.due

    @property
    def was_late(self) -> bool:
        """Whether the last answer came after its time."""
        return self.answered_at is not None and self.answered_at >= self.due

    @property
    def is_answered(self) -> bool:
        """Whether what the client last asked has an answer."""
        return self.answered_at is not None

    @property
    def may_be_rated(self) -> bool:
        return self.is_answered and self.state in {self.State.ANSWERED, self.State.CLOSED}

    @property
    def can_be_reopened(self) -> bool:
        """Whether it is closed, and not for too long."""
        patience = dt.timedelta(days=profile.current().appeals.reopen_days)
        return self.closed_at is not None and clock.now() < self.closed_at + patience

    @property
    def may_be_written_to(self) -> bool:
        return self.state != self.State.CLOSED or self.can_be_reopened

    def ask(self) -> None:
        """The client has said something new: it is to be answered, by a new date unless one runs already."""
        if self.state != self.State.OPEN:
            self.state = self.State.OPEN
            self.asked_at = clock.now()
            self.due = answer_due(profile.current(), self.asked_at)
            self.answered_at = self.closed_at = None
            # The rating was of an answer that did not suffice.
            self.rating, self.rating_word = None, ""
        self.changed = clock.now()
        self.save()

    def answer(self, state: "Appeal.State") -> None:
        """The staff have answered: the client knows, is asked something, or it is settled."""
        now = clock.now()
        self.answered_at = self.answered_at or now
        self.state, self.changed = state, now
        self.closed_at = now if state == self.State.CLOSED else None
        self.save()

    def close(self) -> None:
        self.state = self.State.CLOSED
        self.closed_at = self.changed = clock.now()
        self.save()

    def take(self, person: Person | None) -> None:
        """Somebody of the staff looks after it; None gives it back."""
        self.assignee, self.assignee_label = person, person.name if person else ""
        self.save()

    def note(
        self,
        actor: Actor,
        action: str,
        origin: Origin | None,
        *,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        staff_only: bool = False,
        result: str = "done",
    ) -> None:
        """Write the journal; what the client is not to read goes on the operator's own chain."""
        record(
            actor,
            f"appeals.{action}",
            target=("appeal", self.pk, f"{self.number} · {self.topic}"),
            client_id=None if staff_only else self.client_id,
            before=before,
            after=after,
            result=result,
            origin=origin,
        )


class AppealNumbers(models.Model):
    """The last appeal number of each client."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.client_id}: {self.last}"

    @classmethod
    def lock(cls, client_id: int) -> None:
        """Let others of this client wait until the caller's transaction ends."""
        cls.objects.get_or_create(client_id=client_id)
        cls.objects.select_for_update().get(client_id=client_id)

    @classmethod
    def next_of(cls, client_id: int) -> int:
        """The next number, after `lock`."""
        cls.objects.filter(client_id=client_id).update(last=F("last") + 1)
        return cls.objects.get(client_id=client_id).last
