"""«Заказать документ», on any page."""

from django.http import HttpRequest
from django.template import Context, Library

from abonent.portal.starting import Begin, orderable

register = Library()


@register.inclusion_tag("finance/order_menu.html", takes_context=True)
def order_menu(context: Context) -> dict[str, list[Begin]]:
    """A menu of the documents that whoever asks may order."""
    request = context["request"]
    seat = getattr(request, "seat", None) if isinstance(request, HttpRequest) else None
    return {"documents": orderable(seat) if seat is not None else []}
