"""What the check says of a row of the structure, in the reader's language."""

from collections.abc import Callable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abonent.hierarchy.refusal import FolderRefused, Why

_TEXTS: dict[str, Promise] = {
    "header": _("This is a heading, not a number."),
    "folder_made": _("The folder will be made."),
    "folder_there": _("The folder is there already."),
    "not_yours": _("This is not one of your numbers."),
    "not_a_number": _("This is not a number: %(length)s digits are needed, with the country code."),
    "duplicate": _("The same as row %(row)s."),
    "elsewhere": _("Row %(row)s puts this number into another folder."),
    "there": _("The number is in this folder already."),
    "outside": _("You may work below your own folders only."),
    "ambiguous": _("You see several folders “%(name)s”, so the path is not clear."),
    "path_too_long": _("The path of the folder is too long."),
}


def remark(reason: str, args: Mapping[str, object]) -> str:
    """One sentence; of a move, from where."""
    if reason == "moves":
        before = args.get("before")
        return str(_("Moves from “%(before)s”.")) % {"before": before} if before else str(_("Was in no folder."))
    if reason in _TEXTS:
        return str(_TEXTS[reason]) % dict(args)
    said: Callable[..., FolderRefused] = FolderRefused
    return said(Why(reason), **args).message()
