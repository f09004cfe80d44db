"""From when an order may begin: on the day that its action allows, not before today, within a year (S17)."""

import datetime as dt

from django.utils.translation import gettext as _

from abonent.lib import clock
from abonent.orders.actions.action import Action
from abonent.profile.calendar import Answer

FURTHEST = dt.timedelta(days=366)


def why_not(action: Action, due: dt.datetime | None) -> Answer:
    """Whether `action` may begin at `due` (None: at once), as far as it is known now."""
    now = clock.now()
    if due is None:
        return action.why_not(now)
    if due <= now:
        return Answer(False, _("That day has begun already. Choose a later one."))
    if due > now + FURTHEST:
        return Answer(False, _("Choose a day within a year."))
    return action.why_not(due)


def too_late() -> Answer:
    """Of an order that has begun, or that somebody else alone may still change."""
    return Answer(False, _("It is too late to choose another day for this order."))
