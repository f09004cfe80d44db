"""Why something is not done to a folder, in words for whoever asked."""

from enum import StrEnum

from django.utils.translation import gettext, ngettext

MAX_DEPTH = 12
MAX_NAME = 120


class Why(StrEnum):
    BLANK = "blank"
    TOO_LONG = "too_long"
    SLASH = "slash"
    TAKEN = "taken"
    TOO_DEEP = "too_deep"
    INTO_ITSELF = "into_itself"
    GONE = "gone"
    NOT_AT_TOP = "not_at_top"
    OWN_ROOT = "own_root"
    FOREIGN_NUMBERS = "foreign_numbers"
    PEOPLE_BOUND = "people_bound"
    CHANGED = "changed"
    NO_SUCH_PATH = "no_such_path"


class FolderRefused(Exception):  # noqa: N818  # it is a refusal with a reason, told to a person
    """Nothing was done. `why` says why, `figures` are the numbers and names of the sentence."""

    def __init__(self, why: Why, **figures: int | str) -> None:
        super().__init__(why.value)
        self.why = why
        self.figures = figures

    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        if self.why is Why.PEOPLE_BOUND:
            text = ngettext(
                "The role of %(n)d person is bound to this folder. Give it another reach first, then delete it.",
                "The roles of %(n)d people are bound to this folder. Give them another reach first, then delete it.",
                int(self.figures["n"]),
            )
            return text % self.figures
        return _text(self.why) % self.figures


def _text(why: Why) -> str:
    texts = {
        Why.BLANK: gettext("Type the name of the folder."),
        Why.TOO_LONG: gettext("The name is too long: at most %(n)d characters."),
        Why.SLASH: gettext("A name has no slash: it stands between folders where a path is written."),
        Why.TAKEN: gettext("There is a folder “%(name)s” here already. Choose another name."),
        Why.TOO_DEEP: gettext("Folders stand at most %(n)d deep."),
        Why.INTO_ITSELF: gettext("A folder cannot be moved into itself or into one below it."),
        Why.GONE: gettext("This folder does not exist any more. Look at the tree again."),
        Why.NOT_AT_TOP: gettext("You may work below your own folders only."),
        Why.OWN_ROOT: gettext("Your role is bound to this folder, so you cannot change the folder itself."),
        Why.FOREIGN_NUMBERS: gettext(
            "There are numbers in it that you do not see. Ask somebody who sees all numbers of the company."
        ),
        Why.NO_SUCH_PATH: gettext("There is no folder with this path. Write it as in the list: Minsk / Sales."),
        Why.CHANGED: gettext("Folders or numbers have changed since the check. Look at the new check, then go on."),
    }
    return texts[why]
