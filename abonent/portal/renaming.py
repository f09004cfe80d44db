"""Taking new names: out of the list, for one number, out of a file; each way ends in a draft (S11, S15.3)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from abonent.access.guard import SeatRequest, is_fragment
from abonent.files.keeping import store
from abonent.orders import intake, naming
from abonent.orders.selection import Source, offered
from abonent.portal.forms.naming import NamesFileForm, OneNameForm, Sent, key_of
from abonent.portal.naming import bar, file_page, ids_of, list_page, one_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def by_list(request: SeatRequest) -> HttpResponse:
    """Keep what was confirmed on this page, then do what was pressed."""
    if request.POST.get("do") == "forget":
        naming.forget(request.seat)
        return redirect(request.path)
    if "shown" not in request.POST:
        # From the list of subscribers, where lines were picked: its filter goes along.
        return redirect(f"{request.path}?{_kept(request.POST)}")
    sent = Sent(request.POST)
    try:
        names = naming.keep(request.seat, sent.shown, sent.confirmed)
    except naming.TooMany:
        return _too_many(request)
    if is_fragment(request):
        return render(request, "orders/naming/bar.html", bar(names))
    return _go_on(request, sent)


def _go_on(request: SeatRequest, sent: Sent) -> HttpResponse:
    """To another page of the list, or to the draft."""
    if "go" in request.POST:
        return redirect(f"{request.path}?{QueryDict(request.POST['go'].lstrip('?')).urlencode()}")
    names = naming.kept(request.seat)
    if not names:
        return list_page(request, _("Nothing is confirmed yet: change a name and confirm it with ✓."))
    if left := sent.unconfirmed():
        words = ngettext(
            "%(count)d changed field was not confirmed; it stays as it is.",
            "%(count)d changed fields were not confirmed; they stay as they are.",
            left,
        )
        messages.info(request, words % {"count": left})
    return redirect("order", naming.place(request.seat, names, key_of(_key(request.POST), names)).pk)


def by_one(request: SeatRequest, asked: QueryDict) -> HttpResponse:
    """The name of the number in `for`; Http404 for one that the seat does not see."""
    chosen = asked.get("for", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):  # noqa: PLR2004  # fits the database
        raise Http404
    line = get_object_or_404(offered(request.seat).select_related("tariff"), pk=int(chosen))
    form = OneNameForm(line, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return one_page(request, line, form)
    names = {line.pk: form.names()}
    source = Source(ids=(line.pk,), data=names)
    order = intake.place(request.seat, naming.ACTION, {}, source, key=key_of(form.cleaned_data["key"], names))
    return redirect("order", order.pk)


def by_file(request: SeatRequest) -> HttpResponse:
    """Numbers with their names in an Excel file."""
    sent = request.method == "POST"
    form = NamesFileForm(request.POST if sent else None, request.FILES if sent else None, initial={"key": uuid.uuid4()})
    if not form.is_valid():
        return file_page(request, form)
    file = form.cleaned_data["file"]
    kept = store(file.file, name=file.name, mime=XLSX)
    key = key_of(form.cleaned_data["key"], kept.sha256)
    order = intake.place(request.seat, naming.ACTION, {}, Source(file=kept), key=key)
    return redirect("order", order.pk)


def _key(sent: QueryDict) -> uuid.UUID | None:
    try:
        return uuid.UUID(sent.get("key", ""))
    except ValueError:
        return None


def _kept(sent: QueryDict) -> str:
    """The filter of a list, for the address."""
    kept = QueryDict(mutable=True)
    names = ("q", "status", "tariff", "account", "folder", "connected", "unused", "over")
    kept.update({name: sent.get(name, "") for name in names if sent.get(name)})
    picked = ids_of(",".join([*sent.getlist("pick"), sent.get("picked", "")]))
    if picked and not sent.get("all"):
        kept["pick"] = ",".join(map(str, picked))
    return kept.urlencode()


def _too_many(request: SeatRequest) -> HttpResponse:
    words = _("So many names cannot be kept here: at most %(most)d. Go on with them first, or bring them in a file.")
    words %= {"most": naming.MOST}
    if is_fragment(request):
        return render(request, "orders/naming/bar.html", bar(naming.kept(request.seat), words))
    return list_page(request, words)
