"""What an order is to do: the own fields of each screen, read from the address as they are chosen one after another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from abonent.access.models import Seat
from abonent.catalog.models import Named, OptionSet, Service, Tariff
from abonent.orders import offering
from abonent.subscribers.models import Subscriber

Choices = Sequence[tuple[str, str | Promise]]
Entry = TypeVar("Entry", bound=Named)


class Wanted(forms.Form):
    """The action, and what it needs beside the subscribers. Valid: all is chosen, so that subscribers can follow.

    `line` is the subscriber where the order is for one number; `doing` is the action. No field is named as one of the
    list's filter.
    """

    use_required_attribute = False

    action = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, seat: Seat, actions: Choices, data: QueryDict, line: Subscriber | None = None) -> None:
        known = [key for key, _label in actions]
        self.seat, self.line = seat, line
        self.doing = data.get("action", "") if data.get("action") in known else known[0]
        chosen = data.copy()
        chosen["action"] = self.doing
        super().__init__(chosen)
        offer(self, "action", actions)
        self.narrow(chosen)

    def narrow(self, chosen: QueryDict) -> None:
        """Give the fields their choices; `chosen` may be changed, as one choice follows from another."""

    def params(self) -> dict[str, object]:
        """The order's parameters; of a valid form."""
        return {}

    @classmethod
    def asked(cls, params: Mapping[str, object]) -> dict[str, str]:
        """The fields of an address that ask for the same as the parameters of an order."""
        return {name: str(value) for name, value in params.items()}

    def row(self) -> Mapping[str, str | int]:
        """What is asked for the one number itself (a new name, another SIM); of a valid form with a `line`."""
        return {}

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What was chosen so far: (name, value) for the address and for the next form."""
        return [(bound.html_name, str(bound.value())) for bound in self if bound.value()]

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to choose but the subscribers."""
        return not self.visible_fields()


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Set the choices of a field; of one that is shown, an empty one first."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared as one
    field.choices = list(choices)


def named(entries: Sequence[Named]) -> Choices:
    """Catalog entries as choices, after an empty one."""
    return [("", _("Choose")), *((str(entry.pk), entry.name) for entry in dict.fromkeys(entries))]


class ServiceWanted(Wanted):
    """Category, service, action (S15.1)."""

    category = forms.ChoiceField(
        # Translators: «Категория услуг»
        label=_("Service category"),
        required=False,
    )
    service = forms.ChoiceField(
        # Translators: «Услуга»
        label=_("Service"),
        error_messages={"required": _("Choose a service first.")},
    )
    # Translators: «Действие»
    action = forms.ChoiceField(label=_("Action"))
    field_order = ("category", "service", "action")

    def narrow(self, chosen: QueryDict) -> None:
        self.services = offering.services(self.seat, on_sale=self.doing == "connect_service")
        if self.line is not None:
            self.services = [one for one in self.services if one.fits(self.line.account.kind)]
        self.found = _one(self.services, chosen.get("service"))
        if self.found is not None and not chosen.get("category"):
            chosen["category"] = str(self.found.category_id)
        offer(self, "category", named([one.category for one in self.services]))
        offer(self, "service", named(self._of_category(chosen.get("category"))))

    def params(self) -> dict[str, object]:
        return {"service": int(self.cleaned_data["service"])}

    def _of_category(self, category: str | None) -> list[Service]:
        return [one for one in self.services if str(one.category_id) == category]


class PlanWanted(Wanted):
    """Category of tariffs, tariff, option set (S9, S15.2)."""

    category = forms.ChoiceField(
        # Translators: «Категория тарифа»
        label=_("Tariff category"),
        required=False,
    )
    plan = forms.ChoiceField(
        # Translators: «Тариф»
        label=_("Tariff"),
        error_messages={"required": _("Choose a tariff first.")},
    )
    option_set = forms.ChoiceField(
        # Translators: «Набор услуг»
        label=_("Option set"),
        required=False,
        error_messages={"required": _("Choose an option set first.")},
    )

    def narrow(self, chosen: QueryDict) -> None:
        tariffs = self.tariffs()
        self.tariff = _one(tariffs, chosen.get("plan"))
        if self.tariff is not None and not chosen.get("category"):
            chosen["category"] = str(self.tariff.category_id)
        of_category = [one for one in tariffs if str(one.category_id) == chosen.get("category")]
        offer(self, "category", named([one.category for one in tariffs]))
        offer(self, "plan", named(of_category))
        sets = list(self.tariff.option_sets.all()) if self.tariff is not None and self.tariff in of_category else []
        self.option_set_chosen: OptionSet | None = _one(sets, chosen.get("option_set"))
        offer(self, "option_set", named(sets))
        self.fields["option_set"].required = bool(sets)

    def tariffs(self) -> list[Tariff]:
        """Those that are on sale for the seat's lines."""
        return offering.tariffs(self.seat, {self.line.account.kind} if self.line else None)

    def params(self) -> dict[str, object]:
        chosen = {"tariff": int(self.cleaned_data["plan"])}
        if self.cleaned_data["option_set"]:
            chosen["option_set"] = int(self.cleaned_data["option_set"])
        return dict(chosen)

    @classmethod
    def asked(cls, params: Mapping[str, object]) -> dict[str, str]:
        return {("plan" if name == "tariff" else name): str(value) for name, value in params.items()}


class OptionSetWanted(PlanWanted):
    """«Смена набора услуг»: of the tariffs that the lines have, also one that is no longer sold."""

    def tariffs(self) -> list[Tariff]:
        return [self.line.tariff] if self.line is not None else offering.tariffs_held(self.seat)

    def narrow(self, chosen: QueryDict) -> None:
        if self.line is not None:
            chosen["plan"] = str(self.line.tariff_id)
        super().narrow(chosen)


class NumbersWanted(Wanted):
    """The category out of which each line gets a number (S13)."""

    category = forms.ChoiceField(
        # Translators: «Категория номера»
        label=_("Category of numbers"),
        error_messages={"required": _("Choose a category first.")},
    )

    def narrow(self, chosen: QueryDict) -> None:  # noqa: ARG002  # one choice, from which nothing follows
        kinds = {self.line.account.kind} if self.line is not None else None
        offer(self, "category", named(offering.number_categories(self.seat, kinds)))

    def params(self) -> dict[str, object]:
        return {"category": int(self.cleaned_data["category"])}


def _one(known: Sequence[Entry], chosen: str | None) -> Entry | None:
    return next((one for one in known if str(one.pk) == chosen), None)
