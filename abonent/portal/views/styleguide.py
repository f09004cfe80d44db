"""Every component on one page, with data and empty (in the demonstration only)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent.access.guard import public
from abonent.portal.navigation import Section

STATES = (
    ("good", gettext_lazy("Active")),
    ("idle", gettext_lazy("Awaiting activation")),
    ("warn", gettext_lazy("Blocked")),
    ("bad", gettext_lazy("Failed")),
    ("busy", gettext_lazy("Processing")),
)
TOKENS = ("paper", "surface", "raised", "sunken", "line", "line-control", "ink", "ink-soft", "accent", "accent-wash")
MOMENT = dt.datetime(2026, 11, 2, 6, 5, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Row:
    pk: int
    number: str
    name: str
    tariff: str
    state: str
    state_label: Promise
    changed: dt.datetime
    spent: Decimal


class SampleForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Phone number"), widget=forms.TextInput({"inputmode": "tel"}))
    email = forms.EmailField(
        label=gettext_lazy("Send to"), help_text=gettext_lazy("The invoice address by default."), required=False
    )
    period = forms.ChoiceField(label=gettext_lazy("Month"), choices=[("11", "2026-11"), ("10", "2026-10")])
    direction = forms.ChoiceField(
        label=gettext_lazy("Calls"),
        choices=[("in", gettext_lazy("Incoming")), ("out", gettext_lazy("Outgoing"))],
        widget=forms.RadioSelect,
        initial="out",
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), widget=forms.Textarea({"rows": 2}), required=False)
    rules = forms.BooleanField(label=gettext_lazy("I accept the rules for using the system"), required=False)
    numbers = forms.FileField(
        label=gettext_lazy("List of numbers"), help_text=gettext_lazy("One column, xls or xlsx."), required=False
    )


def _rows(amount: int) -> list[Row]:
    people = ("Kavaliova Alena", "Ivanov Pavel", "Warehouse, gate 3", "Zhuk Siarhei", "Reception")
    tariffs = ("Business 300", "Business Start", "Machine 10")
    rows = []
    for at in range(amount):
        state, label = STATES[at % 5 if at % 3 == 0 else 0]
        spent = Decimal(at * at * 7919 % 250_000) / 100
        number = f"37529{(1_234_567 + at * 7919) % 10_000_000:07}"
        rows.append(
            Row(at, number, people[at % 5], tariffs[at % 3], state, label, MOMENT - dt.timedelta(hours=at), spent)
        )
    return rows


def _sections() -> list[Section]:
    finance = (
        Section(gettext_lazy("Invoices"), "#money", "", current=False),
        Section(gettext_lazy("Payments"), "#money", "", current=False),
    )
    people = (Section(gettext_lazy("Subscriber list"), "#lists", "", current=True),)
    return [
        Section(gettext_lazy("Home"), "#content", "home", current=False),
        Section(gettext_lazy("Finance"), "", "finance", current=False, children=finance),
        Section(gettext_lazy("Subscribers"), "", "people", current=False, children=people),
    ]


def _links(labels: list[tuple[str, int | None]]) -> list[dict[str, object]]:
    return [
        {"label": label, "url": "#lists", "current": at == 0, "count": amount}
        for at, (label, amount) in enumerate(labels)
    ]


@public
def styleguide(request: HttpRequest) -> HttpResponse:
    rows = _rows(12)
    wrong = SampleForm({"number": "", "email": "accounts@", "direction": "in", "period": "11"})
    wrong.is_valid()
    return render(
        request,
        "styleguide/page.html",
        {
            "sections": _sections(),
            "seat_client": _("Northern Machines"),
            "seat_account": "00020123456",
            "seat_role": _("Administrator"),
            "switch_url": "#content",
            "search_url": "#lists",
            "tokens": TOKENS,
            "states": STATES,
            "rows": rows,
            "total": sum((row.spent for row in rows), Decimal(0)),
            "chips": _links([(_("All"), 3180), (_("Active"), 2961), (_("Blocked"), 219)]),
            "tabs": _links([(_("SMS"), None), (_("Password"), None), (_("Account"), None), (_("E-mail"), None)]),
            "pager": {"summary": _("1–50 of 3,180"), "previous_url": "", "next_url": "#lists"},
            "bulk_actions": [{"label": _("Connect a service"), "url": "", "main": True}],
            "row_items": [{"label": _("Open"), "url": "#lists"}, {"label": _("Rename"), "url": "#lists"}],
            "form": SampleForm(auto_id="new_%s"),
            "wrong_form": wrong,
            "moment": MOMENT,
            "amount": Decimal("-1234567.50"),
            "due": Decimal("17568.40"),
        },
    )
