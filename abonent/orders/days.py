"""On which days an action cannot be done, for whoever plans an order (S17)."""

import datetime as dt

from abonent.lib.periods import Month
from abonent.orders.actions.action import Action
from abonent.profile import current
from abonent.profile.calendar import closed_days as days_closed_by


def closed_days(action: Action, month: Month) -> list[tuple[dt.date, str]]:
    """The days of `month` on which `action` may not begin, each with the reason in the language in force.

    A page offers the days by the component of `portal.day_picker`: `{"picker": day_picker(order.planned)}` in the
    context, `{% include "components/day_picker.html" %}` in a form, and the form sends a day as `due` (`2026-12-01`).
    Whether that day is open is asked again, of `Order.plan`, whatever was offered.
    """
    return days_closed_by(current(), month, action.why_not)
