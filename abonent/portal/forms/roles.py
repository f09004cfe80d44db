"""Making and changing a role (V8). What a person may put into one is decided by `access.own_roles` alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from abonent.access.grants import RefusedError
from abonent.access.models import Role, Seat
from abonent.access.own_roles import Wish
from abonent.access.rights import CLIENT_RIGHTS, RIGHT_GROUPS, RIGHT_NAMES, Right

MAX_ROWS = 1_000_000
# Where a refusal of the verb is shown; the others stand above the form.
FIELDS = {"name": "name", "rights": "rights", "rows": "max_rows", "cost": "max_cost"}


@dataclass(frozen=True, slots=True)
class Box:
    """One right in the form; a person cannot tick what they do not have."""

    right: Right
    name: str
    ticked: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    boxes: tuple[Box, ...]


class RoleForm(forms.Form):
    """The name, the rights and the limits of a role."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name of the role"), max_length=80, error_messages={"required": _("Give the role a name.")}
    )
    rights = forms.TypedMultipleChoiceField(
        label=_("Rights"),
        required=False,
        coerce=Right,
        choices=[(right.value, RIGHT_NAMES[right]) for right in Right if right in CLIENT_RIGHTS],
        error_messages={"invalid_choice": _("There is no such right.")},
    )
    max_rows = forms.IntegerField(
        label=_("Numbers in one order"),
        required=False,
        min_value=0,
        max_value=MAX_ROWS,
        help_text=_("An order of more numbers waits until somebody else approves it. Empty: no limit."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    max_cost = forms.DecimalField(
        label=_("Cost of one order"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        localize=True,
        help_text=_("A dearer order waits until somebody else approves it. Empty: no limit."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, giver: Seat, data: QueryDict | None = None, initial: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.giver = giver

    def groups(self) -> list[Group]:
        """The rights as they are ticked now, under their heads."""
        ticked = self._ticked()

        def box(right: Right) -> Box:
            return Box(right, str(RIGHT_NAMES[right]), right in ticked, self.giver.has(right))

        return [Group(str(name), tuple(map(box, rights))) for name, rights in RIGHT_GROUPS]

    def _ticked(self) -> Collection[str]:
        value = self["rights"].value()
        return set(value) if isinstance(value, list | tuple | set | frozenset) else set()

    @property
    def wish(self) -> Wish:
        data = self.cleaned_data
        return Wish(data["name"], frozenset(data["rights"]), data["max_rows"], data["max_cost"])

    def refuse(self, refused: RefusedError) -> None:
        """Show at its field why the verb refused."""
        self.add_error(FIELDS.get(refused.refusal.code), refused.refusal.message)


def initial_of(role: Role, giver: Seat, *, name: str) -> dict[str, object]:
    """What a form about `role` begins with; of a copy, no right that the giver does not have."""
    return {
        "name": name,
        "rights": [right.value for right in Right if right in role.rights and giver.has(right)],
        "max_rows": role.max_rows,
        "max_cost": role.max_cost,
        "version": role.version,
    }
