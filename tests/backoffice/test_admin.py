"""The operator's staff on Django's admin: the seat decides, each change is in the journal, what is in use stays."""

import re
from decimal import Decimal

import pytest
from django.test import Client as Browser
from django.urls import reverse

from abonent.access import rights
from abonent.access.models import LoginSession, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.audit.models import Entry
from abonent.backoffice.site import ADMINS
from abonent.catalog.models import Rate, ServiceCategory
from abonent.clients.models import Account, Client, Delivery
from abonent.lib import clock
from tests.cast import Cast
from tests.conftest import logged_in

CLIENT_FORM = {
    "name": "Новая",
    "tax_id": "190000001",
    "registry_id": "",
    "bank_accounts": "",
    "address": "",
    "contracts-TOTAL_FORMS": "1",
    "contracts-INITIAL_FORMS": "0",
    "contracts-0-number": "D-190000001",
    "contracts-0-signed": "2026-11-01",
}
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=", re.IGNORECASE)


def entries(target_kind: str) -> list[Entry]:
    return list(Entry.objects.filter(target_kind=target_kind).select_related("beside").order_by("pk"))


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"admin:{name}", kwargs={"object_id": pk} if pk else None)


def test_a_client_is_registered_with_its_contract_and_the_journal_has_both(cast: Cast, olga_client: Browser) -> None:
    response = olga_client.post(url("clients_client_add"), CLIENT_FORM)
    assert response.status_code == 302
    made = Client.objects.get(tax_id="190000001")
    of_client, of_contract = entries("client")[-1], entries("contract")[-1]
    assert (of_client.action, of_client.client_id, of_client.target_id) == ("clients.add", made.pk, str(made.pk))
    assert of_client.beside.after["name"] == "Новая"
    assert of_client.beside.actor_label == cast.olga.person.name
    assert (of_contract.action, of_contract.client_id) == ("clients.add", made.pk)
    assert of_contract.beside.after["number"] == "D-190000001"


def test_a_change_is_journaled_with_what_was_before(cast: Cast, olga_client: Browser) -> None:
    category = ServiceCategory.objects.create(code="fresh", names={"en": "Fresh"})
    form = {"code": "fresher", "names": '{"en": "Fresh"}', "descriptions": "{}"}
    assert olga_client.post(url("catalog_servicecategory_change", category.pk), form).status_code == 302
    (entry,) = entries("servicecategory")
    assert (entry.action, entry.client_id) == ("catalog.change", None)
    assert (entry.beside.before, entry.beside.after) == ({"code": "fresh"}, {"code": "fresher"})
    assert str(cast.olga.role) in entry.beside.seat


def test_a_change_that_cannot_be_journaled_is_not_made(
    cast: Cast, olga_client: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_values: object) -> None:
        raise RuntimeError("the journal is full")

    monkeypatch.setattr("abonent.backoffice.admins.base.record", broken)
    with pytest.raises(RuntimeError):
        olga_client.post(url("clients_client_add"), CLIENT_FORM)
    assert not Client.objects.filter(tax_id="190000001").exists()
    assert cast.company.pk


def test_what_is_in_use_is_not_deleted_and_what_is_not_is(cast: Cast, olga_client: Browser) -> None:
    page = olga_client.get(url("clients_client_delete", cast.company.pk)).content.decode()
    assert "It is in use, so it stays" in page
    assert olga_client.post(url("clients_client_delete", cast.company.pk), {"post": "yes"}).status_code in {200, 403}
    assert olga_client.post(url("catalog_tariff_delete", cast.catalog.tariff.pk), {"post": "yes"}).status_code == 200
    assert Client.objects.filter(pk=cast.company.pk).exists()
    fresh = Client.objects.create(name="Fresh", tax_id="190000002")
    olga_client.post(url("clients_client_delete", fresh.pk), {"post": "yes"})
    assert not Client.objects.filter(pk=fresh.pk).exists()
    entry = entries("client")[-1]
    assert (entry.action, entry.client_id, entry.beside.before["tax_id"]) == ("clients.delete", fresh.pk, "190000002")


def test_S3_a_delivery_is_added_once_and_then_left_alone(cast: Cast, olga_client: Browser) -> None:
    contract = cast.company.contracts.get()
    form = {
        "contract": contract.pk,
        "number": "00020777003",
        "kind": "mobile",
        "status": "active",
        "payment_form": "postpaid",
        "opened": "2026-11-01",
        "deliveries-TOTAL_FORMS": "1",
        "deliveries-INITIAL_FORMS": "0",
        "deliveries-0-method": "email",
        "deliveries-0-address": "a@example.com",
        "deliveries-0-format": "pdf",
        "deliveries-0-start_0": "2026-11-01",
        "deliveries-0-start_1": "00:00:00",
    }
    assert olga_client.post(url("clients_account_add"), form).status_code == 302
    account = Account.objects.get(number="00020777003")
    assert account.deliveries.get().address == "a@example.com"
    assert entries("delivery")[-1].client_id == cast.company.pk
    again = form | {"deliveries-0-address": "b@example.com", "deliveries-0-start_0": "2026-11-02"}
    olga_client.post(url("clients_account_change", account.pk), again)
    assert Delivery.objects.get(account=account).address == "a@example.com"


def test_a_price_is_ended_and_not_changed(cast: Cast, olga_client: Browser) -> None:
    rate = Rate.objects.create(
        tariff=cast.catalog.tariff, traffic="voice", direction="out", price=1, step=60, start=clock.now()
    )
    form = {"price": "9", "end_0": "2035-01-01", "end_1": "00:00:00"}
    assert olga_client.post(url("catalog_rate_change", rate.pk), form).status_code == 302
    rate.refresh_from_db()
    assert (rate.price, rate.end is not None) == (Decimal(1), True)


def test_a_blocked_person_is_out_at_once(cast: Cast, olga_client: Browser, anna_client: Browser) -> None:
    person = cast.anna.person
    seats = list(person.seats.all())
    form = {
        "name": person.name,
        "language": "en",
        "identifiers-TOTAL_FORMS": "0",
        "identifiers-INITIAL_FORMS": "0",
        "seats-TOTAL_FORMS": str(len(seats)),
        "seats-INITIAL_FORMS": str(len(seats)),
    }
    for place, seat in enumerate(seats):
        form |= {f"seats-{place}-id": str(seat.pk), f"seats-{place}-person": str(person.pk)}
    assert anna_client.get(reverse("home")).status_code == 200
    assert olga_client.post(url("access_person_change", person.pk), form).status_code == 302
    assert anna_client.get(reverse("home")).status_code == 302
    assert not LoginSession.objects.filter(person=person).exists()


def test_a_client_is_found_in_cyrillic_whatever_the_case(cast: Cast, olga_client: Browser) -> None:
    Client.objects.create(name="Чужая Компания", tax_id="190000003")
    page = olga_client.get(url("clients_client_changelist"), {"q": "чужая КОМПАНИЯ"}).content.decode()
    assert "Чужая Компания" in page
    assert cast.company.name not in page


def test_every_page_asks_for_its_own_right(cast: Cast, olga_client: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Staff who only look after jobs come in, and see neither clients nor the catalog."""
    monkeypatch.setitem(rights.BUILT_IN_RIGHTS, BuiltIn.OPERATOR, frozenset({Right.OPERATOR_JOBS}))
    assert olga_client.get(reverse("dead_jobs")).status_code == 200
    assert olga_client.get(url("index")).status_code == 200
    for model in ADMINS:
        name = model._meta.label_lower.replace(".", "_")  # noqa: SLF001  # Django's documented name
        assert olga_client.get(url(f"{name}_changelist")).status_code == 403
    monkeypatch.setitem(rights.BUILT_IN_RIGHTS, BuiltIn.OPERATOR, frozenset({Right.OPERATOR_CATALOG}))
    assert olga_client.get(reverse("dead_jobs")).status_code == 403
    assert olga_client.get(url("catalog_tariff_changelist")).status_code == 200
    assert olga_client.get(url("clients_client_changelist")).status_code == 403
    assert cast.olga.pk


def test_staff_without_a_seat_in_force_are_outside(cast: Cast) -> None:
    browser = logged_in(cast.olga)
    Seat.objects.filter(pk=cast.olga.pk).update(blocked=True)
    response = browser.get(url("index"))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("seats"))


def test_a_refusal_at_the_door_is_in_the_journal(cast: Cast, anna_client: Browser) -> None:
    assert anna_client.get(url("clients_client_changelist")).status_code == 403
    entry = Entry.objects.get(action="access.refused")
    assert (entry.client_id, entry.actor_id) == (cast.company.pk, str(cast.anna.person_id))


def test_the_pages_live_under_the_strict_policy(cast: Cast, olga_client: Browser) -> None:
    """No inline script, no inline style: a browser would refuse them."""
    pages = [url("index"), url("clients_client_changelist"), url("clients_client_add"), url("catalog_rate_add")]
    pages += [url("clients_account_change", cast.first.pk), url("clients_client_delete", cast.company.pk)]
    pages += [url("access_person_change", cast.anna.person_id), reverse("dead_jobs")]
    for page in pages:
        response = olga_client.get(page)
        assert "script-src 'self'; style-src 'self'" in response.headers["Content-Security-Policy"]
        assert [page, *INLINE.findall(response.content.decode())] == [page]


@pytest.mark.parametrize("number", ["99999999999999999999", "9" * 5000])
def test_a_filter_by_an_impossible_id_is_dropped(olga_client: Browser, number: str) -> None:
    for name, field in (("billing_invoice", "account"), ("catalog_rate", "tariff"), ("catalog_service", "category")):
        response = olga_client.get(f"{url(f'{name}_changelist')}?{field}={number}")
        assert response.status_code == 302
        assert olga_client.get(response.headers["Location"]).status_code == 200
