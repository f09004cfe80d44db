"""What is said of a row before, and what became of it: words that the actions and the rows share."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Verdict(models.TextChoices):
    """What the check said of a row, before anything happened."""

    FINE = "fine", pgettext_lazy("verdict", "Fine")
    REFUSED = "refused", pgettext_lazy("verdict", "Refused")
    NOTHING = "nothing", pgettext_lazy("verdict", "Nothing to do")
    DROPPED = "dropped", pgettext_lazy("verdict", "Taken out")


class Result(models.TextChoices):
    """The one end of a row; each is a counter of the order with the same name."""

    DONE = "done", pgettext_lazy("result", "Done")
    FAILED = "failed", pgettext_lazy("result", "Failed")
    REFUSED = "refused", pgettext_lazy("result", "Refused")
    NOTHING = "nothing", pgettext_lazy("result", "Nothing to do")
    CANCELLED = "cancelled", pgettext_lazy("result", "Cancelled")
