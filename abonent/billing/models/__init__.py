from abonent.billing.models.bank import BankLine, BankStatement
from abonent.billing.models.closed import Closed
from abonent.billing.models.current import UsageSoFar
from abonent.billing.models.instalments import InstalmentPlan
from abonent.billing.models.invoices import Breakdown, Invoice, InvoiceLine, InvoiceSubscriber
from abonent.billing.models.ledger import LedgerEntry, Payment
from abonent.billing.models.promises import PaymentPromise
from abonent.billing.models.runs import AccountRun, BillRun

__all__ = [
    "AccountRun",
    "BankLine",
    "BankStatement",
    "BillRun",
    "Breakdown",
    "Closed",
    "InstalmentPlan",
    "Invoice",
    "InvoiceLine",
    "InvoiceSubscriber",
    "LedgerEntry",
    "Payment",
    "PaymentPromise",
    "UsageSoFar",
]
