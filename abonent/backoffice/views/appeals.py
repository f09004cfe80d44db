"""The clients' appeals: the queue by deadline, and one of them with what the staff do (L10, V9)."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.models import Person
from abonent.access.rights import Right
from abonent.appeals import conversation
from abonent.appeals.conversation import Meanwhile
from abonent.appeals.forms import MessageForm
from abonent.appeals.handing_out import as_download
from abonent.appeals.models import Appeal, AppealQuerySet, Attachment

UNPROCESSABLE = 422
PAGE = 50
MAX_QUERY = 100
ASK, CLOSE, NOTE = "ask", "close", "note"
State = Appeal.State
AFTER = {"": State.ANSWERED, ASK: State.ASKED, CLOSE: State.CLOSED}
LABELS: dict[State, tuple[str, Promise]] = {
    State.OPEN: ("busy", pgettext_lazy("appeal", "waiting for an answer")),
    State.ASKED: ("idle", gettext_lazy("waiting for the client")),
    State.ANSWERED: ("good", pgettext_lazy("appeal", "answered")),
    State.CLOSED: ("idle", pgettext_lazy("appeal", "closed")),
}
WHOSE: dict[str, Promise] = {
    "": gettext_lazy("All"),
    "mine": gettext_lazy("Mine"),
    "free": gettext_lazy("Taken by nobody"),
    "late": gettext_lazy("Overdue"),
    "every": gettext_lazy("With the finished ones"),
}


class ReplyForm(MessageForm):
    """What the staff write: an answer, a question to the client, an answer that closes, or a note for themselves."""

    then = forms.ChoiceField(
        label=gettext_lazy("What follows"),
        required=False,
        choices=[
            ("", gettext_lazy("It is answered")),
            (ASK, gettext_lazy("The client has to answer")),
            (CLOSE, gettext_lazy("It is settled: close it")),
            (NOTE, gettext_lazy("A note: the client does not see it")),
        ],
        widget=forms.RadioSelect,
    )

    def extra_content(self) -> list[str]:
        return [self.cleaned_data["then"]]


@dataclass(frozen=True, slots=True)
class Row:
    appeal: Appeal
    state: str
    label: str


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_appeals(request: SeatRequest) -> HttpResponse:
    """What waits for an answer, the most urgent first; `?whose=` narrows it or shows the finished ones too."""
    whose = request.GET.get("whose", "")
    whose = whose if whose in WHOSE else ""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    found = _narrowed(request, whose).matching(query).select_related("client", "account")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_row(appeal) for appeal in page.object_list],
        "pager": {
            "summary": ngettext("%(count)d appeal", "%(count)d appeals", page.paginator.count)
            % {"count": page.paginator.count},
            "previous_url": _address(request, page.number - 1) if page.has_previous() else "",
            "next_url": _address(request, page.number + 1) if page.has_next() else "",
        },
        "query": query,
        "chips": [
            {"label": label, "url": f"?{urlencode({'whose': key, 'q': query})}", "current": key == whose, "count": None}
            for key, label in WHOSE.items()
        ],
    }
    return render(request, "backoffice/appeals.html", context)


@needs(Right.OPERATOR_SUPPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def operator_appeal(request: SeatRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = _reply_form(request, request.user, found)
    if request.method != "POST":
        return _page(request, found, form)
    if form.is_valid():
        said, then = form.said(), form.cleaned_data["then"]
        try:
            if then == NOTE:
                conversation.add_note(found, request.seat, said, origin_of(request))
            else:
                conversation.reply(found, request.seat, said, AFTER[then], origin_of(request))
        except Meanwhile:
            form.add_error(None, _("The client has written meanwhile. Read it, then send again."))
            form.has_read(conversation.last_of_client(found))
        else:
            return redirect("operator_appeal", pk)
    return _page(request, found, form, status=UNPROCESSABLE)


@needs(Right.OPERATOR_SUPPORT)
@require_POST
def operator_appeal_taking(request: SeatRequest, pk: int) -> HttpResponse:
    """Take it, or with `give_back` give it back to all."""
    conversation.take(_found(request, pk), request.seat, origin_of(request), give_back="give_back" in request.POST)
    return redirect("operator_appeal", pk)


@needs(Right.OPERATOR_SUPPORT)
@require_POST
def operator_appeal_closing(request: SeatRequest, pk: int) -> HttpResponse:
    if not conversation.close(_found(request, pk), request.seat, origin_of(request)):
        messages.info(request, _("It waits for an answer, or is closed already."))
    return redirect("operator_appeal", pk)


@needs(Right.OPERATOR_SUPPORT)
@require_safe
def operator_appeal_file(request: SeatRequest, pk: int, file: int) -> HttpResponseBase:
    known = Attachment.objects.within(request.seat).filter(message__appeal__pk=pk).select_related("file")
    return as_download(get_object_or_404(known, pk=file))


def _narrowed(request: SeatRequest, whose: str) -> AppealQuerySet:
    visible = Appeal.objects.within(request.seat)
    if whose == "every":
        return visible.order_by("-changed", "-pk")
    waiting = visible.waiting()
    if whose == "mine":
        return waiting.filter(assignee=request.user)
    if whose == "free":
        return waiting.filter(assignee=None)
    return waiting.overdue() if whose == "late" else waiting


def _row(appeal: Appeal) -> Row:
    state, label = LABELS[State(appeal.state)]
    return Row(appeal, state, str(label))


def _address(request: HttpRequest, page: int) -> str:
    kept = [(name, value) for name, value in request.GET.items() if name != "page" and value]
    return f"?{urlencode([*kept, ('page', page)])}"


def _found(request: SeatRequest, pk: int) -> Appeal:
    known = Appeal.objects.within(request.seat).select_related("client", "account", "assignee")
    return get_object_or_404(known, pk=pk)


def _reply_form(request: HttpRequest, person: Person, found: Appeal) -> ReplyForm:
    form = ReplyForm(request, person, {"then": "", "seen": conversation.last_of_client(found)})
    form.fields["text"].label = _("Answer")
    return form


def _page(request: SeatRequest, found: Appeal, form: ReplyForm, *, status: int = 200) -> HttpResponse:
    row = _row(found)
    context = {
        "appeal": found,
        "state": row.state,
        "state_label": row.label,
        "said": found.messages.read_by(request.seat).prefetch_related("attachments__file"),
        "form": form,
        "attached": form.attached,
        "mine": found.assignee_id == request.user.pk,
        "file_url": "operator_appeal_file",
    }
    return render(request, "backoffice/appeal.html", context, status=status)
