"""One appeal: the conversation, its files, going on, closing, rating (L10, V9)."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.bounds import TooOften
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.appeals import conversation
from abonent.appeals.conversation import TooLate
from abonent.appeals.forms import MessageForm
from abonent.appeals.handing_out import as_download
from abonent.appeals.models import Appeal, Attachment
from abonent.portal.forms.appeals import RatingForm
from abonent.portal.views.appeals import STATES, UNPROCESSABLE, too_often
from abonent.subscribers.models import Subscriber


@needs(Right.ASK_OPERATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: SeatRequest, pk: int) -> HttpResponse:
    """The conversation; what is posted goes on with it."""
    found = _found(request, pk)
    form = MessageForm(request, request.seat.person)
    if request.method != "POST":
        return _page(request, found, form)
    if form.is_valid():
        try:
            conversation.write(found, request.seat, form.said(), origin_of(request))
        except TooLate:
            form.add_error(None, _("This appeal was closed long ago. Open a new one."))
        except TooOften as bound:
            form.add_error(None, too_often(bound))
        else:
            return redirect("appeal", pk)
    return _page(request, found, form, status=UNPROCESSABLE)


@needs(Right.ASK_OPERATOR)
@require_POST
def appeal_closing(request: SeatRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    if conversation.close(found, request.seat, origin_of(request)):
        messages.success(request, _("The appeal is closed."))
    return redirect("appeal", pk)


@needs(Right.ASK_OPERATOR)
@require_POST
def appeal_rating(request: SeatRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, None, rating=form, status=UNPROCESSABLE)
    rating, word = form.cleaned_data["rating"], form.cleaned_data["word"]
    if conversation.rate(found, request.seat, rating, word, origin_of(request)):
        messages.success(request, _("Thank you for the mark."))
    else:
        messages.info(request, _("There is no answer to rate yet."))
    return redirect("appeal", pk)


@needs(Right.ASK_OPERATOR)
@require_safe
def appeal_file(request: SeatRequest, pk: int, file: int) -> HttpResponseBase:
    known = Attachment.objects.within(request.seat).filter(message__appeal__pk=pk).select_related("file")
    return as_download(get_object_or_404(known, pk=file))


def _found(request: SeatRequest, pk: int) -> Appeal:
    return get_object_or_404(Appeal.objects.within(request.seat).select_related("account"), pk=pk)


def _line(request: SeatRequest, found: Appeal) -> Subscriber | None:
    """The subscriber concerned, where the seat may open its card: it may have gone elsewhere since."""
    if not request.seat.has(Right.SEE_SUBSCRIBERS) or found.subscriber_id is None:
        return None
    return Subscriber.objects.within(request.seat).filter(pk=found.subscriber_id).first()


def _page(
    request: SeatRequest,
    found: Appeal,
    form: MessageForm | None,
    *,
    rating: RatingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    said = found.messages.read_by(request.seat).prefetch_related("attachments__file")
    context = {
        "appeal": found,
        "state": STATES[Appeal.State(found.state)],
        "said": said,
        "form": form or MessageForm(None, request.seat.person),
        "attached": form.attached if form else [],
        "rating": rating or RatingForm(initial={"rating": found.rating, "word": found.rating_word}),
        "line": _line(request, found),
        "file_url": "appeal_file",
    }
    return render(request, "appeals/conversation.html", context, status=status)
