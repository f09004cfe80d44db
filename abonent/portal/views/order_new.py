"""The screen of every order: what is wanted, for whom; then the order is checked on its own page (S15.1–S15.5, S17)."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from abonent.access.guard import SeatRequest, needs
from abonent.orders import intake
from abonent.portal.exporting import as_excel
from abonent.portal.forms.orders import WhomForm
from abonent.portal.order_choice import asked_of, begun, choice_page, line_of
from abonent.portal.order_sample import sample
from abonent.portal.ordering import SCREENS, need_of


@needs(need_of)
@require_http_methods(["GET", "HEAD", "POST"])
def order_new(request: SeatRequest, slug: str) -> HttpResponse:
    screen = SCREENS[slug]
    if request.method == "POST" and "by" not in request.POST:
        # From the list of subscribers, where lines were picked: the pick is kept in the browser, the filter goes along.
        return redirect(f"{request.path}?{begun(request, screen)}")
    wanted = screen.wanted(request.seat, asked_of(request), line_of(request))
    if request.method != "POST":
        return choice_page(request, screen, wanted)
    whom = WhomForm(request, wanted, screen.deed(wanted.doing).status)
    if not all([wanted.is_valid(), whom.is_valid()]):
        return choice_page(request, screen, wanted, whom)
    source = whom.source()
    order = intake.place(request.seat, wanted.doing, wanted.params(), source, key=whom.order_key(source))
    return redirect("order", order.pk)


@needs(need_of)
@require_safe
def order_sample(request: SeatRequest, slug: str) -> FileResponse:  # noqa: ARG001  # the guard alone asks for it
    """An Excel file as the screen takes it."""
    return as_excel(sample(), slug)
