"""What a line of an invoice charges for: codes, labels, units. The kinds of usage are `usage.layout.Charge`."""

from collections.abc import Mapping
from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from abonent.usage.layout import Charge


class Fee(TextChoices):
    TARIFF = "tariff_fee", gettext_lazy("Monthly fee of the tariff")
    OPTION_SET = "option_set_fee", gettext_lazy("Monthly fee of the option set")
    SERVICE = "service_fee", gettext_lazy("Monthly fee of the service")
    CONNECTION = "connection_fee", gettext_lazy("Connecting the service")
    NUMBER = "number_fee", gettext_lazy("Choosing a number")
    # Translators: «Рассрочка»
    INSTALMENT = "instalment", pgettext_lazy("kind of charge", "Instalment")


class Unit(TextChoices):
    """What `billed` and `free` of a line count."""

    SECOND = "second", gettext_lazy("seconds")
    MESSAGE = "message", gettext_lazy("messages")
    BYTE = "byte", gettext_lazy("bytes")
    NONE = "", ""


LABELS = {**{fee.value: fee.label for fee in Fee}, **{charge.value: charge.label for charge in Charge}}
UNITS = {
    **dict.fromkeys([fee.value for fee in Fee], Unit.NONE),
    Charge.VOICE_HOME.value: Unit.SECOND,
    Charge.VOICE_INTL.value: Unit.SECOND,
    Charge.VOICE_ROAMING.value: Unit.SECOND,
    Charge.VOICE_IN.value: Unit.SECOND,
    Charge.SMS_HOME.value: Unit.MESSAGE,
    Charge.SMS_INTL.value: Unit.MESSAGE,
    Charge.SMS_ROAMING.value: Unit.MESSAGE,
    Charge.SMS_IN.value: Unit.MESSAGE,
    Charge.DATA_HOME.value: Unit.BYTE,
    Charge.DATA_ROAMING.value: Unit.BYTE,
}
ORDER = {kind: place for place, kind in enumerate(LABELS)}
"""The place of each kind on an invoice: fees first, then usage."""

Names = Mapping[str, Mapping[str, str]]
"""Subject ("tariff:smart") → its names by language, as a snapshot keeps them."""


class Described(Protocol):
    """A line of an invoice, or a charge that will be one."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def late_month(self) -> str: ...


def label(kind: str) -> str:
    """The name of a kind in the reader's language; KeyError for a code that is none."""
    return str(LABELS[kind])


def describe(line: Described, names: Names) -> str:
    """A line in the reader's language: the kind, what it is of, and a note where its records came late."""
    text = label(line.kind)
    if line.subject:
        text = f"{text}: {name_of(line.subject, names)}"
    if line.late_month:
        return _("%(what)s (of %(month)s, came late)") % {"what": text, "month": _written(line.late_month)}
    return text


def name_of(subject: str, names: Names) -> str:
    """The name of a tariff, option set or service in the reader's language, else in Russian, else its code."""
    known = names.get(subject, {})
    return known.get(get_language() or "ru") or known.get("ru") or subject.partition(":")[2]


def _written(month: str) -> str:
    year, number = month.split("-")
    return f"{number}.{year}"
