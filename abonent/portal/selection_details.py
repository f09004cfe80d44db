"""Call details of the current selection: the receipt, and a document for each of its accounts (V5).

No id travels through the pages. The receipt carries a stamp of what it shows: where the selection is another one by the
time of ordering, the receipt is shown anew.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from abonent.access.guard import SeatRequest
from abonent.access.rights import Right
from abonent.documents.kinds import KINDS
from abonent.documents.ordering import check
from abonent.documents.sizes import likely_calls, too_large_for_mail
from abonent.documents.texts import days
from abonent.formats.writers import WRITERS
from abonent.portal.confirming import codes_for
from abonent.portal.forms.call_details import CallDetailsForm
from abonent.portal.refusals import explained
from abonent.portal.selected import Part, RefusedFor, parts_of, place_each, stamp
from abonent.portal.views.documents import ordered_text
from abonent.profile import current as current_profile

KIND = KINDS["call_details"]


def selection_details(request: SeatRequest, form: CallDetailsForm, carried: Sequence[tuple[str, str]]) -> HttpResponse:
    """The next page after a valid first form; errors are put on the form, which is then invalid for the caller."""
    parts = parts_of(request.seat, KIND, form.cleaned_data["account"])
    if not parts:
        form.add_error("source", _("Nothing of the current selection belongs here. Choose another account."))
    for part in parts:
        answer = check(KIND, part.account, form.asked(part.ids).kept())
        if not answer:
            form.add_error(None, f"{part.account.number}: {explained(answer)}")
    if form.errors:
        return HttpResponse(status=422)
    if request.POST.get("step") == "order":
        return _order(request, form, parts, carried)
    return _receipt(request, form, parts, carried)


def _order(
    request: SeatRequest, form: CallDetailsForm, parts: list[Part], carried: Sequence[tuple[str, str]]
) -> HttpResponse:
    if request.POST.get("stamp") != stamp(parts):
        return _receipt(request, form, parts, carried, _("The selection has changed meanwhile. Check it again."))
    if current_profile().documents.ask_to_accept_rules and not request.POST.get("accept"):
        return _receipt(request, form, parts, carried, _("Accept the rules to go on."))
    codes = codes_for(request, form.other_address)
    if codes is not None:
        return _receipt(request, form, parts, carried, codes=codes)
    try:
        made = place_each(request, KIND, parts, lambda part: form.asked(part.ids).kept(), form.wish)
    except RefusedFor as refused:
        text = f"{refused.account.number}: {explained(refused.answer)}"
        return _receipt(request, form, parts, carried, text)
    messages.success(request, ordered_text(made))
    return HttpResponseRedirect(reverse("documents"))


def _receipt(
    request: SeatRequest,
    form: CallDetailsForm,
    parts: list[Part],
    carried: Sequence[tuple[str, str]],
    refusal: str = "",
    codes: Form | None = None,
) -> HttpResponse:
    by_mail, chosen = form.by_mail, form.cleaned_data["format"]
    emails = [form.goes_to(part.account) for part in parts]
    rules = current_profile().documents
    context = {
        "carried": carried,
        "stamp": stamp(parts),
        "parts": list(zip(parts, emails, strict=True)),
        "count": sum(part.count for part in parts),
        "by_hand": by_mail and not all(emails),
        "by_mail": by_mail,
        "period": days(*form.days),
        "asked": form.asked(None),
        "format": WRITERS[chosen].label,
        "large": max(too_large_for_mail(likely_calls(part.account, form.asked(part.ids)), chosen) for part in parts),
        "ask_rules": rules.ask_to_accept_rules,
        "limit": rules.mail_limit_mb,
        "refusal": refusal,
        "codes": codes,
        "hides_peers": not request.seat.has(Right.SEE_PEERS),
    }
    return render(request, "finance/selection_receipt.html", context, status=422 if refusal or codes else 200)
