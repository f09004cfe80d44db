"""«Заказать документ», on any page, and what a page says before it is ordered."""

from django.http import HttpRequest
from django.template import Context, Library

from abonent import profile
from abonent.portal.starting import Begin, orderable

register = Library()


@register.inclusion_tag("finance/order_menu.html", takes_context=True)
def order_menu(context: Context) -> dict[str, list[Begin]]:
    """A menu of the documents that whoever asks may order."""
    request = context["request"]
    seat = getattr(request, "seat", None) if isinstance(request, HttpRequest) else None
    return {"documents": orderable(seat) if seat is not None else []}


@register.simple_tag
def mail_limit_mb() -> int:
    """The size in MB above which a letter brings a link instead of the file (V5)."""
    return profile.current().documents.mail_limit_mb
