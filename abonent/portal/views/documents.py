"""«Документы»: what was ordered, how far it is, the file, once more (S2, V4, V5, L4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.documents import ordering
from abonent.documents.links import LinkIsDead, opened, token
from abonent.documents.models import DocumentRequest, Stage, answer_to, stage_of
from abonent.documents.ordering import NotNow
from abonent.documents.resending import may_resend, resend
from abonent.formats.writers import WRITERS
from abonent.outbox.models import Letter
from abonent.portal.numbered import numbered
from abonent.portal.refusals import explained
from abonent.portal.returning import too_often

STAGES = {
    Stage.WAITING: ("idle", gettext_lazy("waiting")),
    Stage.MAKING: ("busy", gettext_lazy("being made")),
    Stage.READY: ("good", gettext_lazy("ready")),
    Stage.EXPIRED: ("idle", gettext_lazy("link expired")),
    Stage.SENDING: ("busy", gettext_lazy("waiting to be sent")),
    Stage.SENT: ("good", gettext_lazy("sent")),
    Stage.DELAYED: ("warn", gettext_lazy("delayed on its way")),
    # Translators: «возвращено»
    Stage.RETURNED: ("bad", gettext_lazy("returned")),
    Stage.REFUSED: ("bad", gettext_lazy("refused by the mail server")),
    Stage.TO_COLLECT: ("idle", gettext_lazy("waits to be collected")),
    Stage.COLLECTED: ("good", gettext_lazy("collected")),
    Stage.FAILED: ("bad", gettext_lazy("failed")),
    Stage.CANCELLED: ("idle", gettext_lazy("cancelled")),
}
LANGUAGES = dict(settings.LANGUAGES)
MOVING = {Stage.WAITING, Stage.MAKING, Stage.SENDING}


@dataclass(frozen=True, slots=True)
class Row:
    """A request with what its line shows; `moving` lines are asked for again."""

    request: DocumentRequest
    stage: Stage
    badge: str
    stage_label: str
    format_label: str
    file_url: str

    @classmethod
    def of(cls, request: DocumentRequest) -> "Row":
        stage = request.stage
        badge, label = _state(stage)
        url = reverse("document_file", args=[token(request)]) if request.file and not request.is_expired() else ""
        return cls(request, stage, badge, label, WRITERS[request.format].label, url)

    @property
    def moving(self) -> bool:
        return self.stage in MOVING

    @property
    def may_cancel(self) -> bool:
        return self.stage == Stage.WAITING

    @property
    def may_resend(self) -> bool:
        return bool(may_resend(self.request))

    @property
    def letters(self) -> list[tuple[Letter, str, str, str]]:
        """Each letter with its badge, its state, and what was said to it."""
        return [(letter, *_state(stage_of(letter)), answer_to(letter)) for letter in self.request.letters]


@needs(Right.ORDER_DOCUMENTS)
@require_safe
def documents(request: SeatRequest) -> HttpResponse:
    found = DocumentRequest.objects.within(request.seat).select_related("account", "file")
    found = found.prefetch_related("mailings__letter")
    page = numbered(request, found.order_by("-created", "-pk"), _summary)
    context = {"rows": [Row.of(one) for one in page.rows], "pager": page.pager}
    return render(request, "finance/documents.html", context)


@needs(Right.ORDER_DOCUMENTS)
@require_safe
def document(request: SeatRequest, pk: int) -> HttpResponse:
    """One request in full: what, when, by whom, to where, how far; then the file (L4)."""
    row = Row.of(_found(request, pk))
    context = {"row": row, "written_in": LANGUAGES.get(row.request.language, row.request.language)}
    return render(request, "finance/document.html", context)


@needs(Right.ORDER_DOCUMENTS)
@require_safe
def document_row(request: SeatRequest, pk: int) -> HttpResponse:
    """One line, asked for while the document is under way."""
    return render(request, "finance/document_row.html", {"row": Row.of(_found(request, pk))})


@needs(Right.ORDER_DOCUMENTS)
@require_POST
def document_repeat(request: SeatRequest, pk: int) -> HttpResponse:
    try:
        again = ordering.repeat(_found(request, pk), request.seat, origin_of(request))
    except NotNow as refused:
        messages.error(request, explained(refused.answer))
    else:
        messages.success(request, placed_text(again))
    return HttpResponseRedirect(reverse("documents"))


@needs(Right.ORDER_DOCUMENTS)
@require_POST
def document_resend(request: SeatRequest, pk: int) -> HttpResponse:
    """The same file once more, as letters of the same request."""
    try:
        sent = resend(_found(request, pk), request.seat, origin_of(request))
    except NotNow as refused:
        messages.error(request, explained(refused.answer))
    except TooOften as bound:
        messages.error(request, too_often(bound))
    else:
        messages.success(request, _("It is sent once more to %(email)s.") % {"email": sent.email})
    return HttpResponseRedirect(reverse("document", args=[pk]))


@needs(Right.ORDER_DOCUMENTS)
@require_POST
def document_cancel(request: SeatRequest, pk: int) -> HttpResponse:
    if ordering.cancel(_found(request, pk), request.seat, origin_of(request)):
        messages.success(request, _("The request is cancelled."))
    else:
        messages.error(request, _("It is too late: the document is being made already."))
    return HttpResponseRedirect(reverse("documents"))


@needs(Right.ORDER_DOCUMENTS)
@require_safe
def document_file(request: SeatRequest, token: str) -> HttpResponseBase:
    """The file behind a signed link: 410 where the link is dead, 404 where there is none for this seat."""
    try:
        found = opened(token, request.seat)
    except LinkIsDead as dead:
        return render(request, "finance/dead_link.html", {"reason": str(dead)}, status=410)
    if found is None or found.file is None:
        raise Http404
    return FileResponse(found.file.open(), as_attachment=True, filename=found.file.name, content_type=found.file.mime)


def placed_text(made: DocumentRequest) -> str:
    """What is said once a request is placed."""
    if made.by == DocumentRequest.By.LINK:
        return _("The document is being made. The link will stand here.")
    if made.kind == "invoice":
        # Translators: «Счет за указанный период будет отправлен на ваш e-mail.»
        return _("The invoice for this period will be sent to your e-mail.")
    if made.kind == "current_charges":
        # Translators: «Счет за текущий период будет отправлен на e-mail: %(email)s»
        return _("The bill of the current period will be sent by e-mail to %(email)s.") % {"email": made.email}
    return _("The document will be sent to %(email)s.") % {"email": made.email}


def ordered_text(made: Sequence[DocumentRequest]) -> str:
    """What is said once several documents are ordered."""
    text = ngettext("%(n)d document is ordered.", "%(n)d documents are ordered.", len(made))
    return text % {"n": len(made)}


def _state(stage: Stage) -> tuple[str, str]:
    badge, label = STAGES[stage]
    return badge, str(label)


def _summary(count: int) -> str:
    return ngettext("%(count)d document", "%(count)d documents", count) % {"count": count}


def _found(request: SeatRequest, pk: int) -> DocumentRequest:
    known = DocumentRequest.objects.within(request.seat).select_related("account__contract", "file")
    return get_object_or_404(known, pk=pk)
