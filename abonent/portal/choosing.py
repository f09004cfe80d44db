"""The steps of choosing whose document it is: the form, the list over several pages or the verdicts, what follows.

Nothing is kept on the server between them: each page carries what was chosen so far, and every step checks it anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from abonent.access.guard import SeatRequest
from abonent.clients.models import Account
from abonent.documents.numbers import Judged, judge, typed_rows
from abonent.portal.filters import MAX_QUERY
from abonent.portal.forms.chosen import FIRST_STEPS, ChosenForm
from abonent.portal.forms.documents import Source
from abonent.portal.picking import Picked, pick_page
from abonent.portal.selected import parts_of
from abonent.subscribers.models import Subscriber, SubscriberQuerySet

F = TypeVar("F", bound=ChosenForm)
Carried = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Step(Generic[F]):
    """A request that got past the first form; `judged` where numbers were typed or uploaded just now."""

    form: F
    account: Account
    picked: Picked
    judged: Judged | None = None

    @property
    def everybody(self) -> bool:
        return bool(self.form.cleaned_data["source"] == Source.ALL)

    @property
    def subscribers(self) -> tuple[int, ...] | None:
        """Their ids; None for all of the account."""
        return None if self.everybody else self.picked.ids

    @property
    def somebody(self) -> bool:
        return self.everybody or bool(self.picked.ids)


def step_of(request: SeatRequest, form: F) -> Step[F] | None:
    """Whose it is, after a valid `form`; None where the form says what is wrong with that."""
    account, source = form.cleaned_data["account"], form.cleaned_data["source"]
    later = request.POST.get("step", "") not in FIRST_STEPS
    if later or source in {Source.ALL, Source.LIST}:
        return Step(form, account, Picked.read(request.POST, _subscribers(request, account)))
    if source == Source.SELECTION:
        return _selected(request, form, account)
    rows = form.cleaned_data["file"] if source == Source.FILE else typed_rows(form.cleaned_data["typed"])
    judged = judge(rows, account, request.seat)
    if judged.subscriber_ids:
        return Step(form, account, Picked(tuple(judged.subscriber_ids)), judged)
    form.add_error("file" if source == Source.FILE else "typed", _nobody(judged))
    form.judged = judged
    return None


def _selected(request: SeatRequest, form: F, account: Account) -> Step[F] | None:
    """What of the current selection stands on the account."""
    parts = parts_of(request.seat, form.kind, account)
    if parts:
        return Step(form, account, Picked(parts[0].ids))
    form.add_error("source", _("Nothing of the current selection belongs here. Choose another account."))
    return None


def _nobody(judged: Judged) -> str:
    if not judged.rows:
        return _("There is no number in the list.")
    return _("None of the numbers can be taken.")


def _subscribers(request: SeatRequest, account: Account) -> SubscriberQuerySet:
    return Subscriber.objects.within(request.seat).filter(account=account)


def is_picking(request: SeatRequest, step: Step[F]) -> bool:
    """Whether the list is to be shown (again): it is being walked through, or nobody was chosen."""
    walked = request.POST.get("step", "") in {*FIRST_STEPS, "pick"} and request.POST.get("go") != "continue"
    return (step.form.cleaned_data["source"] == Source.LIST and walked) or not step.somebody


def pick(request: SeatRequest, step: Step[F], back: tuple[str, Promise], carried: Carried) -> HttpResponse:
    """«Выбрать из списка»: a page of subscribers; what was ticked on other pages is carried along.

    `back` is the address of the first step, and what it is called.
    """
    asked_for_nobody = request.POST.get("go") == "continue"
    url, label = back
    context = {
        "carried": carried,
        "page": pick_page(request.POST, _subscribers(request, step.account), step.picked),
        "account": step.account,
        "nobody": asked_for_nobody,
        "back_url": url,
        "back_label": label,
    }
    return render(request, "finance/pick.html", context, status=422 if asked_for_nobody else 200)


def begun(query: QueryDict) -> dict[str, object]:
    """What the form begins with: from «Текущая выборка», its numbers, of all its accounts; from a card, that number."""
    if query.get("source") == Source.SELECTION:
        return {"source": Source.SELECTION, "account": ""}
    number, account = query.get("number", ""), query.get("account", "")
    if not (account.isascii() and account.isdigit()):
        return {}
    if not (number and len(number) <= MAX_QUERY):
        return {"account": account}
    return {"source": Source.TYPED, "typed": number, "account": account}


def carried(data: QueryDict, names: Sequence[str]) -> list[tuple[str, str]]:
    """What the first form said, for the hidden fields of the next page; the typed numbers are picked by then."""
    return [(name, str(data[name])) for name in names if name in data]
