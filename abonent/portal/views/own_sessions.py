"""The own sessions: where one is logged in, and ending that (V8)."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from abonent.access.address import origin_of
from abonent.access.credentials import client_of
from abonent.access.devices import device_name
from abonent.access.guard import PersonRequest, signed_in
from abonent.access.sessions import end_one, end_others, name_of, open_sessions


@signed_in
@require_safe
def own_sessions(request: PersonRequest) -> HttpResponse:
    """Every open session of the person, this one marked."""
    rows = [
        {
            "name": name_of(session),
            "device": device_name(session.device),
            "session": session,
            "here": session.session_key == request.session.session_key,
        }
        for session in open_sessions(request.user)
    ]
    rows.sort(key=lambda row: not row["here"])
    return render(request, "self/sessions.html", {"rows": rows, "others": len(rows) - 1})


@signed_in
@require_POST
def own_sessions_end(request: PersonRequest) -> HttpResponseBase:
    """End the session of this name, or (`session=others`) all but this one."""
    chosen, origin, client_id = request.POST.get("session", ""), origin_of(request), client_of(request.user)
    if chosen == "others":
        ended = end_others(request.user, request.session.session_key, origin, client_id)
        said = ngettext("%(count)d session was ended.", "%(count)d sessions were ended.", ended) % {"count": ended}
    elif end_one(request.user, chosen, origin, client_id):
        said = _("The session was ended.")
    else:
        raise Http404
    messages.success(request, said)
    return HttpResponseRedirect(reverse("self_sessions"))
