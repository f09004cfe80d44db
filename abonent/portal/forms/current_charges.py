"""«Начисления за текущий период»: whose, and once they are shown, in which file to where (L6)."""

from django.http import QueryDict

from abonent.documents.kinds import KINDS
from abonent.portal.forms.chosen import ChosenForm

# What is asked first; the rest is asked beside the charges.
CHOICE = ("account", "source", "typed", "file")
ORDER = "order"


class CurrentChargesForm(ChosenForm):
    kind = KINDS["current_charges"]
    field_order = (*CHOICE, "format", "language", "by")

    def needed(self, data: QueryDict) -> dict[str, bool]:
        ordering = data.get("step") == ORDER
        return super().needed(data) | dict.fromkeys(("format", "language", "by"), ordering)

    @property
    def is_chosen(self) -> bool:
        """Whether it is right whose charges are asked for, whatever else is wrong."""
        return set(CHOICE).isdisjoint(self.errors) and "__all__" not in self.errors
