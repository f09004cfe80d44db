"""What a seat wants to be told of: a row of boxes for each kind, and its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from abonent.notices.choosing import Wanted
from abonent.notices.kinds import CHANNEL_NAMES, RULES, Channel, Figure, Kind, Rule
from abonent.profile import current


@dataclass(frozen=True, slots=True)
class Cell:
    """A box of the table; without a field it is what `always` says, or nothing at all."""

    label: str
    field: forms.BoundField | None
    always: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    about: str
    cells: tuple[Cell, ...]
    figures: tuple[forms.BoundField, ...]


class NoticeChoicesForm(forms.Form):
    """`reachable` are the ways by which the person can be told at all."""

    use_required_attribute = False

    def __init__(
        self, now: Mapping[Kind, Wanted], reachable: frozenset[Channel], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.now, self.reachable = now, reachable
        for kind, wish in now.items():
            for channel in RULES[kind].channels:
                self.fields[f"{kind}-{channel}"] = _box(kind, channel, wish, reachable)
            for figure in RULES[kind].figures:
                self.fields[f"{kind}-{figure.key}"] = _figure(figure, wish)

    def rows(self) -> list[Row]:
        return [
            Row(
                str(kind.label),
                str(RULES[kind].about),
                tuple(self._cell(kind, RULES[kind], channel) for channel in Channel),
                tuple(self[f"{kind}-{figure.key}"] for figure in RULES[kind].figures),
            )
            for kind in self.now
        ]

    def _cell(self, kind: Kind, rule: Rule, channel: Channel) -> Cell:
        name = str(CHANNEL_NAMES[channel])
        if channel not in rule.channels:
            return Cell(name, None, always=True)
        return Cell(name, self[f"{kind}-{channel}"])

    def wishes(self) -> dict[Kind, Wanted]:
        """What was chosen; a way that the person cannot be reached by stays as it was."""
        return {kind: self._wish(kind, before) for kind, before in self.now.items()}

    def _wish(self, kind: Kind, before: Wanted) -> Wanted:
        kept = before.channels - self.reachable
        chosen = {channel for channel in RULES[kind].channels if self.cleaned_data[f"{kind}-{channel}"]}
        figures: dict[str, Decimal] = {}
        for figure in RULES[kind].figures:
            typed = self.cleaned_data[f"{kind}-{figure.key}"]
            value = figure.default() if typed is None else typed
            if value is not None:
                figures[figure.key] = value
        return Wanted(frozenset(chosen & self.reachable) | kept, figures)

    def clean(self) -> dict[str, object]:
        """A limit that is told nobody, and one that has no figure, are slips."""
        data = super().clean() or {}
        name, limits = Kind.LIMIT_PASSED, ("whole", "each")
        if name in self.now and not self.errors:
            ways = any(data[f"{name}-{channel}"] for channel in RULES[name].channels)
            if not ways and any(data[f"{name}-{key}"] is not None for key in limits):
                self.add_error(f"{name}-page", _("Say how you want to be told when a limit is passed."))
        return data


def _box(kind: Kind, channel: Channel, wish: Wanted, reachable: frozenset[Channel]) -> forms.BooleanField:
    label = f"{kind.label}: {CHANNEL_NAMES[channel]}"
    # One that the person cannot be reached by shows no tick that would promise something.
    ticked = channel in wish.channels and channel in reachable
    return forms.BooleanField(label=label, required=False, initial=ticked, disabled=channel not in reachable)


def _figure(figure: Figure, wish: Wanted) -> forms.DecimalField:
    unit = f", {current().currency_label(get_language() or 'ru')}" if figure.money else ""
    value = wish.figures.get(figure.key)
    return forms.DecimalField(
        label=f"{figure.label}{unit}",
        required=False,
        min_value=figure.least,
        max_digits=10,
        decimal_places=figure.places,
        localize=True,
        initial=None if value is None else round(value, figure.places) if figure.money else value.normalize(),
        widget=forms.TextInput(
            attrs={"inputmode": "decimal" if figure.places else "numeric", "autocomplete": "off", "size": 8}
        ),
    )
