"""Call details of so many numbers and months that no document is made of them (V5)."""

from dataclasses import replace

import pytest
from django.urls import reverse

from abonent.documents.models import DocumentRequest
from abonent.profile import current
from tests.cast import Cast
from tests.conftest import logged_in

pytestmark = pytest.mark.usefixtures("english", "noon")


def test_V5_a_request_that_is_too_much_says_so_and_orders_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = replace(current().documents, call_details_most=9)
    monkeypatch.setattr("abonent.documents.call_details.current_profile", lambda: replace(current(), documents=rules))
    browser, wish = logged_in(cast.anna), {"format": "pdf", "language": "en", "by": "link"}
    days = {"account": cast.first.pk, "period": "days", "first": "2026-10-31", "last": "2026-11-01"}
    asked = {"directions": "both", "step": "order", "accept": "1", **wish, **days}
    refused = browser.post(reverse("call_details"), {**asked, "source": "all"})
    assert refused.status_code == 422
    assert "5 numbers over 2 months are too much for one document." in refused.content.decode()
    few = ",".join(str(line.pk) for line in cast.subscribers[:4])
    assert browser.post(reverse("call_details"), {**asked, "source": "list", "picked": few}).status_code == 302
    assert DocumentRequest.objects.count() == 1
