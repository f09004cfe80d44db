"""Bill runs and invoices: read only."""

from django.db.models import Model

from abonent.backoffice.admins.base import OperatorAdmin
from abonent.billing.models import BillRun, Invoice


class BillRunAdmin(OperatorAdmin):
    list_display = ("month", "state", "started", "finished", "error")
    fields = ("month", "state", "rating_version", "started", "finished", "attempts", "error")


class InvoiceAdmin(OperatorAdmin):
    client_path = "account.contract.client_id"
    list_display = ("number", "account", "month", "issued_at", "due_date", "gross", "currency")
    list_filter = ("month",)
    list_select_related = ("account",)
    search_fields = ("number", "account__number")
    exclude = ("breakdown", "rating_version")


ADMINS: dict[type[Model], type[OperatorAdmin]] = {BillRun: BillRunAdmin, Invoice: InvoiceAdmin}
