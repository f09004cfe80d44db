"""A «no» of the rule calendar, as a person reads it: why, and when next."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from abonent.profile import current as current_profile
from abonent.profile.calendar import Answer


def explained(answer: Answer) -> str:
    """The reason, and where it is a question of time, from when it is possible."""
    if answer.possible_from is None:
        return answer.reason
    moment = answer.possible_from.astimezone(current_profile().zone)
    when = _("Possible from %(moment)s.") % {"moment": date_format(moment, "d.m.Y H:i")}
    return f"{answer.reason} {when}"
