"""A document ordered for each of several accounts, from the form that asks for it: all of them or none (S2, S6)."""

from collections.abc import Iterable

from django.contrib import messages

from abonent.access.guard import SeatRequest
from abonent.clients.models import Account
from abonent.documents.document import Params
from abonent.portal.confirming import proven
from abonent.portal.forms.documents import OrderForm
from abonent.portal.refusals import explained
from abonent.portal.selected import Part, RefusedFor, place_each
from abonent.portal.views.documents import ordered_text, placed_text


def placed_for_each(request: SeatRequest, form: OrderForm, accounts: Iterable[Account], params: Params) -> bool:
    """Order it and say so; where the rules say no for one of them, the form says for which and why.

    Where it is to go to another address that is not proven yet, the form asks for the code instead.
    """
    if form.other_address and not proven(request, form, [form.other_address]):
        return False
    parts = [Part(account, ()) for account in accounts]
    try:
        made = place_each(request, form.kind, parts, lambda _part: params, form.wish)
    except RefusedFor as refused:
        which = f"{refused.account.number}: " if len(parts) > 1 else ""
        form.add_error(None, which + explained(refused.answer))
        return False
    messages.success(request, placed_text(made[0]) if len(made) == 1 else ordered_text(made))
    return True
