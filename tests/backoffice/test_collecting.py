"""«На руки»: the staff see what waits, hand it out, and note who took it, once (L5)."""

import pytest
from django.test import Client
from django.urls import reverse

from abonent.audit.models import Entry
from abonent.documents.models import DocumentRequest, Stage
from tests.cast import Cast
from tests.matrix.operator import to_collect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "noon")]


def waiting(cast: Cast) -> DocumentRequest:
    to_collect(cast)
    return DocumentRequest.objects.get()


def handed(browser: Client, request: DocumentRequest, name: str) -> int:
    return browser.post(reverse("operator_collecting_handing", args=[request.pk]), {"taken_by": name}).status_code


def test_L5_who_took_it_is_noted_once_and_told_to_the_client(
    cast: Cast, olga_client: Client, anna_client: Client
) -> None:
    request = waiting(cast)
    assert "waits to be collected" in anna_client.get(reverse("documents")).content.decode()
    assert cast.first.number in olga_client.get(reverse("operator_collecting")).content.decode()
    file = olga_client.get(reverse("operator_collecting_file", args=[request.pk]))
    assert (file["Content-Disposition"].split(";")[0], file.getvalue()) == ("inline", b"%PDF-1.7")
    handed(olga_client, request, "")
    assert DocumentRequest.objects.get().collected_at is None
    handed(olga_client, request, "Ivanova, passport MP 1234567")
    handed(olga_client, request, "Somebody else")
    request.refresh_from_db()
    assert (request.collected_by, request.handed_over_by) == ("Ivanova, passport MP 1234567", "Olga")
    assert request.stage == Stage.COLLECTED
    entry = Entry.objects.get(action="documents.collect")
    assert (entry.client_id, "Olga" in entry.beside.who) == (cast.company.pk, True)
    assert cast.first.number not in olga_client.get(reverse("operator_collecting")).content.decode()
    assert "Ivanova" in olga_client.get(reverse("operator_collecting"), {"which": "collected"}).content.decode()
    assert "Ivanova" in anna_client.get(reverse("documents")).content.decode()


def test_L5_what_waits_is_found_by_account_and_by_client(cast: Cast, olga_client: Client) -> None:
    waiting(cast)
    for query, found in ((cast.first.number[-4:], True), ("BELAYA", True), ("чужая", False), ("\0", True)):
        page = olga_client.get(reverse("operator_collecting"), {"q": query}).content.decode()
        assert (f">{cast.first.number}<" in page) == found


def test_L5_what_goes_by_mail_is_not_for_the_staff(cast: Cast, olga_client: Client) -> None:
    request = waiting(cast)
    DocumentRequest.objects.update(by="link")
    assert olga_client.get(reverse("operator_collecting_file", args=[request.pk])).status_code == 404
    handed_out = olga_client.post(reverse("operator_collecting_handing", args=[request.pk]), {"taken_by": "x"})
    assert handed_out.status_code == 404
