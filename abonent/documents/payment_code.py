"""What the payment code of an invoice says: requisites that banking applications of the region read (ST00012)."""

from abonent.billing.models import Invoice

_BREAK = "|"


def payment_code(invoice: Invoice) -> str:
    """`ST00012|Name=…|PersonalAcc=…|…|Sum=12345` with the amount in hundredths, UTF-8 (the 2 of ST00012)."""
    operator, account = invoice.snapshot["operator"], invoice.snapshot["account"]["number"]
    fields = {
        "Name": operator["name"],
        "PersonalAcc": operator["bank_account"],
        "BankName": operator["bank"],
        "BIC": operator["bank_code"],
        "CorrespAcc": "0",
        "PayeeINN": operator["tax_id"],
        "PersAcc": account,
        "Purpose": purpose(invoice),
        "Sum": str(int(invoice.gross * 100)),
    }
    # The separator cannot stand in a value.
    return _BREAK.join(["ST00012", *(f"{name}={str(value).replace(_BREAK, ' ')}" for name, value in fields.items())])


def purpose(invoice: Invoice) -> str:
    """What a payment says that it is for: by the account's number the money that came is booked."""
    return f"{invoice.number}, {invoice.snapshot['account']['number']}"
