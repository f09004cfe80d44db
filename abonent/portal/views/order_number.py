"""«Управление номером → Смена номера»: a category, an offer of free numbers, one of them (S13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from abonent.access.address import origin_of
from abonent.access.guard import SeatRequest, needs
from abonent.access.rights import Right
from abonent.orders import intake
from abonent.orders.selection import Source
from abonent.portal.forms.renumbering import NumberForm
from abonent.portal.renumbering import may_renumber, number_page
from abonent.subscribers import pool
from abonent.subscribers.models import Subscriber

UNPROCESSABLE = 422


@needs(Right.CHANGE_NUMBERS, fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def order_number(request: SeatRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(Subscriber.objects.within(request.seat).select_related("account", "tariff"), pk=pk)
    if request.method != "POST":
        return render(request, "subscribers/number.html", number_page(line))
    form = NumberForm(pool.offered(line), request.POST)
    if form.is_valid():
        number = form.cleaned_data["number"]
        if pool.choose(line, number):
            source = Source(ids=(line.pk,))
            order = intake.place(request.seat, "change_number", {"number": number}, source, key=form.order_key())
            return redirect("order", order.pk)
        form.add_error("number", _("This number is not reserved for you any more. Choose another one."))
    return render(request, "subscribers/number.html", number_page(line, form), status=UNPROCESSABLE)


@needs(Right.CHANGE_NUMBERS, fresh=True)
@require_POST
def order_number_offer(request: SeatRequest, pk: int) -> HttpResponse:
    """A fresh offer of the category that was chosen: it is a try, and the offer before is let go."""
    line = get_object_or_404(Subscriber.objects.within(request.seat).select_related("account"), pk=pk)
    known = {str(category.pk): category for category in pool.categories(line.account.kind)}
    category = known.get(request.POST.get("category", ""))
    if category is None or not may_renumber(line):
        messages.warning(request, _("Choose one of the categories."))
        return redirect("order_number", line.pk)
    try:
        if not pool.offer(request.seat, line, category, origin_of(request)):
            text = _("No other number of the category “%(category)s” is free now.") % {"category": category.name}
            messages.warning(request, text)
    except pool.NoTriesLeftError:
        messages.warning(request, _("All tries are used up. Choose one of the numbers offered, or come back later."))
    return redirect("order_number", line.pk)
