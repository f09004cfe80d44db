"""What was billed or booked is never changed: not by the models, not by SQL."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from abonent.billing import writing
from abonent.billing.models import Breakdown, Closed, InvoiceLine, LedgerEntry
from abonent.billing.payments import receive
from tests.billing.conftest import Bill
from tests.billing.world import World, local, rename

CLOSED = "what was billed or booked is closed"
TABLES = [
    "billing_invoice",
    "billing_invoiceline",
    "billing_invoicesubscriber",
    "billing_breakdown",
    "billing_ledgerentry",
    "billing_payment",
]


@pytest.fixture
def billed(world: World, bill: Bill) -> World:
    world.subscriber()
    bill(world.first)
    receive(world.first, Decimal(1), received_at=local(2026, 11, 2), reference="r")
    return world


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match=CLOSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.postgres
@pytest.mark.usefixtures("billed")
@pytest.mark.parametrize("table", TABLES)
def test_raw_sql_can_neither_change_nor_delete(table: str) -> None:
    refused(f"UPDATE {table} SET id = id + 1000")  # noqa: S608  # tables of ours
    refused(f"DELETE FROM {table}")  # noqa: S608  # the same
    if connection.vendor == "postgresql":
        # Keys that wait for the transaction's end to be checked would stand in the way of emptying the table first.
        connection.check_constraints()
        refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.postgres
def test_no_line_can_be_added_to_an_issued_invoice(billed: World) -> None:
    line = InvoiceLine.objects.get()
    line.pk, line._state.adding = None, True  # noqa: SLF001  # as if it were a new one
    with pytest.raises(DatabaseError, match=CLOSED), transaction.atomic():
        line.save()
    assert billed.first.invoices.get().lines.count() == 1


@pytest.mark.usefixtures("billed")
def test_models_refuse_to_save_and_delete() -> None:
    for row in (InvoiceLine.objects.get(), LedgerEntry.objects.first(), Breakdown.objects.first()):
        assert row is not None
        with pytest.raises(Closed):
            row.save()
        with pytest.raises(Closed):
            row.delete()


@pytest.mark.postgres
def test_what_a_killed_run_left_can_be_swept_and_nothing_else(billed: World) -> None:
    issued = billed.first.invoices.get()
    left = Breakdown.objects.create(account=billed.first, month="2026-10")
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            breakdown=left,
            subscriber_id=1,
            kind="tariff_fee",
            period_start=local(2026, 10, 1),
            period_end=local(2026, 11, 1),
            net=Decimal(1),
            vat_rate=Decimal(0),
            vat=Decimal(0),
            gross=Decimal(1),
        )
        for _ in range(3)
    )
    assert writing.sweep(billed.first.pk, "2026-10") == 1
    assert set(InvoiceLine.objects.values_list("breakdown_id", flat=True)) == {issued.breakdown_id}


def test_L3_an_invoice_keeps_names_and_addresses_of_its_time(world: World, bill: Bill) -> None:
    line = world.subscriber()
    rename(line, "Первая", local(2026, 10, 5))
    rename(line, "Последняя", local(2026, 10, 30))
    rename(line, "Ноябрьская", local(2026, 11, 1))
    invoice = bill(world.first)
    world.client.name = "Новое имя"
    world.client.save()
    world.tariff.names = {"ru": "Новый тариф"}
    world.tariff.save()
    world.first.deliveries.update(end=local(2026, 11, 2))
    world.first.deliveries.create(address="new@example.com", start=local(2026, 11, 2))
    invoice.refresh_from_db()
    assert invoice.snapshot["client"]["name"] == "Рога и копыта"
    assert invoice.snapshot["client"]["bank_accounts"] == ["BY01", "BY02"]
    assert invoice.snapshot["delivery"] == {"method": "email", "address": "old@example.com", "format": "pdf"}
    assert invoice.snapshot["names"]["tariff:smart"] == {"ru": "Смарт", "en": "Smart"}
    assert [(one.number, one.name, one.tariff) for one in invoice.subscribers] == [(line.number, "Последняя", "smart")]
