import datetime as dt

from abonent.billing.models import Invoice
from abonent.notices.fact import Fact, Found, Told
from abonent.notices.facts.new import over_accounts, unseen
from abonent.notices.kinds import Kind, may_be_told


def invoices_formed(since: dt.datetime) -> Found:
    """Invoices issued since then, with the seats over their accounts."""
    rows = Invoice.objects.as_system().filter(issued_at__gte=since).select_related("account__contract")
    new = unseen(rows.defer("snapshot"), Kind.INVOICE_FORMED)
    clients = {invoice.account.contract.client_id for invoice in new}
    seats = over_accounts(clients, {invoice.account_id for invoice in new})
    told = []
    for invoice in new:
        fact = _fact(invoice)
        account, client = invoice.account_id, invoice.account.contract.client_id
        over = [*seats.whole.get(client, ()), *seats.bound.get((client, account), ())]
        told += [Told(seat, fact) for seat in over if may_be_told(seat, Kind.INVOICE_FORMED)]
    return Found(Kind.INVOICE_FORMED, tuple(invoice.pk for invoice in new), tuple(told))


def _fact(invoice: Invoice) -> Fact:
    args = {"month": invoice.month, "account": invoice.account.number, "amount": str(invoice.gross)}
    return Fact(Kind.INVOICE_FORMED, f"invoice_formed:{invoice.pk}", invoice.issued_at, invoice.pk, args)
