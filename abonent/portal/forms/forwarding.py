"""«Переадресация вызовов»: where calls of one kind go (S12)."""

import json
import uuid
from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from abonent.orders.actions import ACTIONS
from abonent.orders.reasons import WORDS, Wording
from abonent.portal.forms.wanted import Wanted, offer
from abonent.profile import current
from abonent.subscribers import forwarding
from abonent.subscribers.models import Forwarding, Subscriber

Kind = Forwarding.Kind
TARGET_HINT = _("With the country code; abroad with + before it.")
NO_TARGET = _("This is no whole phone number. Type it with the country code.")
ON, OFF = "on", "off"
SWITCH = [
    # Translators: «Включить»
    (ON, _("Forward to a number")),
    # Translators: «Отключить»
    (OFF, _("Switch off")),
]


def seconds_choices() -> list[tuple[int, str]]:
    """As the profile has them."""
    return [
        (seconds, ngettext("%(seconds)d second", "%(seconds)d seconds", seconds) % {"seconds": seconds})
        for seconds in current().forwarding.seconds
    ]


class ForwardingForm(forms.Form):
    """One kind on one line: to what number, or off (`off` in what was sent). It is checked as the order will be."""

    use_required_attribute = False

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    target = forms.CharField(
        # Translators: «Номер, на который переадресуются вызовы»
        label=_("Number to forward to"),
        max_length=30,
        help_text=TARGET_HINT,
        error_messages={"required": _("Type the number to forward calls to.")},
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    seconds = forms.TypedChoiceField(
        # Translators: «Время ожидания ответа»
        label=_("How long to wait for an answer"),
        coerce=int,
    )

    def __init__(self, line: Subscriber, kind: str, data: QueryDict | None = None, **initial: object) -> None:
        self.line, self.off = line, data is not None and "off" in data
        super().__init__(data, initial={"kind": kind, "key": uuid.uuid4(), **initial}, auto_id=f"id_{kind}_%s")
        if kind != Kind.NO_ANSWER:
            del self.fields["seconds"]
        else:
            chosen = self.fields["seconds"]
            assert isinstance(chosen, forms.TypedChoiceField)  # noqa: S101  # declared above
            chosen.choices = seconds_choices()
            chosen.required = not self.off
        self.fields["target"].required = not self.off

    def clean_target(self) -> str:
        """The digits."""
        typed = str(self.cleaned_data["target"])
        found = forwarding.target_of(typed)
        if found is None and not self.off:
            raise forms.ValidationError(NO_TARGET)
        return found or ""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if not self.errors:
            problem = ACTIONS["forwarding"].read(self.params()).check([self.line], {}).get(self.line.pk)
            if problem is not None:
                self.add_error(None if self.off else "target", Wording().reason(problem.code, problem.args))
        return cleaned

    def params(self) -> dict[str, object]:
        """The order's parameters; of a valid form."""
        kind = self.cleaned_data["kind"]
        if self.off:
            return {"kind": kind, "on": False}
        given = {"kind": kind, "on": True, "target": "+" + self.cleaned_data["target"]}
        return {**given, "seconds": self.cleaned_data["seconds"]} if kind == Kind.NO_ANSWER else given

    def order_key(self) -> uuid.UUID:
        """The same for a form that is sent twice, another one for something else asked after going back."""
        asked = json.dumps([self.line.pk, self.params()], sort_keys=True)
        return uuid.uuid5(self.cleaned_data["key"] or uuid.uuid4(), asked)


class ForwardingWanted(Wanted):
    """One kind for a list of subscribers: to what number, or off. What is not asked for is not there."""

    divert = forms.ChoiceField(label=_("Which calls"), choices=Kind.choices)
    # Translators: «Действие»
    switch = forms.ChoiceField(label=_("Action"), choices=SWITCH)
    target = forms.CharField(
        label=_("Number to forward to"),
        max_length=30,
        # A field that nobody has filled yet is no mistake: `is_valid` waits for it.
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    seconds = forms.TypedChoiceField(label=_("How long to wait for an answer"), coerce=int)

    def narrow(self, chosen: QueryDict) -> None:
        for name, known in (("divert", Kind.values), ("switch", [ON, OFF])):
            if chosen.get(name) not in known:
                chosen[name] = known[0]
        self.data = chosen
        off = chosen["switch"] == OFF
        if off:
            del self.fields["target"]
        if off or chosen["divert"] != Kind.NO_ANSWER:
            del self.fields["seconds"]
        else:
            seconds = [str(key) for key, _label in seconds_choices()]
            if chosen.get("seconds") not in seconds:
                chosen["seconds"] = seconds[0]
            offer(self, "seconds", [(str(key), label) for key, label in seconds_choices()])

    def is_valid(self) -> bool:
        return super().is_valid() and self.cleaned_data.get("target") != ""

    def clean_target(self) -> str:
        """The digits of a number to which calls may go."""
        if not self.cleaned_data["target"]:
            return ""
        found = forwarding.target_of(str(self.cleaned_data["target"]))
        if found is None:
            raise forms.ValidationError(NO_TARGET)
        if not forwarding.is_allowed(found):
            raise forms.ValidationError(str(WORDS["forwarding_zone"]))
        return found

    def params(self) -> dict[str, object]:
        given = self.cleaned_data
        if given["switch"] == OFF:
            return {"kind": given["divert"], "on": False}
        seconds = {"seconds": given["seconds"]} if "seconds" in given else {}
        return {"kind": given["divert"], "on": True, "target": "+" + given["target"], **seconds}

    @classmethod
    def asked(cls, params: Mapping[str, object]) -> dict[str, str]:
        given = {name: str(params[name]) for name in ("target", "seconds") if name in params}
        return {"divert": str(params["kind"]), "switch": ON if params.get("on") else OFF, **given}
