"""The states of an order, and which of them belong together."""

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    CHECKING = "checking", pgettext_lazy("order", "being checked")
    UNREADABLE = "unreadable", pgettext_lazy("order", "file not accepted")
    DRAFT = "draft", pgettext_lazy("order", "draft")
    # Translators: «на согласовании»
    AWAITING = "awaiting", pgettext_lazy("order", "awaiting approval")
    REJECTED = "rejected", pgettext_lazy("order", "rejected")
    # Translators: «запланирована»
    SCHEDULED = "scheduled", pgettext_lazy("order", "scheduled")
    ACCEPTED = "accepted", pgettext_lazy("order", "accepted")
    PROCESSING = "processing", pgettext_lazy("order", "in progress")
    DONE = "done", pgettext_lazy("order", "done")
    PARTLY = "partly", pgettext_lazy("order", "partly done")
    FAILED = "failed", pgettext_lazy("order", "not done")
    CANCELLED = "cancelled", pgettext_lazy("order", "cancelled")


# Their rows are due to the queue.
RUNNING: Final = frozenset({State.ACCEPTED, State.PROCESSING})
# Nothing was asked for yet.
UNPLACED: Final = frozenset({State.CHECKING, State.UNREADABLE, State.DRAFT})
# Placed, and nothing of it is begun.
TO_COME: Final = frozenset({State.AWAITING, State.SCHEDULED})
ENDED: Final = frozenset({State.REJECTED, State.DONE, State.PARTLY, State.FAILED, State.CANCELLED})
