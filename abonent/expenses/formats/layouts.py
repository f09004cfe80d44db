"""What the columns of each kind of document hold, by their titles, which a file shows in its language.

The titles stand here in English, as the catalogs of translations have them. A layout may have columns that a document
leaves out; their order is the file's.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from abonent.expenses.formats.content import Holds

TEXT, PHONE, INTEGER, AMOUNT = Holds.TEXT, Holds.PHONE, Holds.INTEGER, Holds.AMOUNT
DATE, DATETIME, DURATION, VOLUME = Holds.DATE, Holds.DATETIME, Holds.DURATION, Holds.VOLUME

Field = tuple[str, str, Holds]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table that some kinds of document have; its last row adds up where it has `totals`.

    `title` is empty where the document has this table alone.
    """

    kinds: tuple[str, ...]
    key: str
    title: str
    fields: tuple[Field, ...]
    totals: bool = False


_INVOICE, _CALLS = ("invoice",), ("call_details",)
_BILLS = ("invoice", "current_charges")
_MONEY: tuple[Field, ...] = (
    ("net", _("Without VAT"), AMOUNT),
    ("vat", _("VAT"), AMOUNT),
    ("gross", _("With VAT"), AMOUNT),
)
_USED: tuple[Field, ...] = (
    ("records", _("Records"), INTEGER),
    ("duration", _("Duration"), DURATION),
    ("messages", _("Messages"), INTEGER),
    ("volume", _("MB"), VOLUME),
    ("amount", _("Cost"), AMOUNT),
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        _BILLS, "summary", _("Summary"),
        (("charge", _("Kind of charge"), TEXT), ("records", _("Records"), INTEGER), *_MONEY),
        totals=True,
    ),
    Layout(_INVOICE, "taxes", _("VAT by rate"), (("rate", _("Rate"), TEXT), *_MONEY), totals=True),
    Layout(
        _BILLS, "subscribers", _("By subscriber"),
        (
            ("number", _("Number"), PHONE),
            ("name", _("Name"), TEXT),
            ("tariff", _("Tariff"), TEXT),
            ("fees", _("Fees"), AMOUNT),
            ("usage", _("Usage"), AMOUNT),
            *_MONEY,
        ),
        totals=True,
    ),
    Layout(
        _BILLS, "lines", _("Charges"),
        (
            ("number", _("Number"), PHONE),
            ("what", _("What for"), TEXT),
            ("first", _("From"), DATE),
            ("last", _("To"), DATE),
            ("records", _("Records"), INTEGER),
            ("vat_rate", _("VAT, %"), AMOUNT),
            *_MONEY,
        ),
        totals=True,
    ),
    Layout(
        _CALLS, "subscribers", _("Totals by subscriber"),
        (
            ("number", _("Number"), PHONE),
            ("name", _("Name"), TEXT),
            *_USED,
            ("usage", _("Usage on the invoice"), AMOUNT),
            ("fees", _("Fees on the invoice"), AMOUNT),
            ("total", _("Invoice with VAT"), AMOUNT),
        ),
        totals=True,
    ),
    Layout(
        _CALLS, "charges", _("Totals by kind of charge"),
        (
            ("number", _("Number"), PHONE),
            ("charge", _("Kind of charge"), TEXT),
            *_USED,
            ("net", _("On the invoice"), AMOUNT),
            ("gross", _("On the invoice with VAT"), AMOUNT),
        ),
        totals=True,
    ),
    Layout(
        _CALLS, "calls", _("Calls, messages and data"),
        (
            ("subscriber", _("Number"), PHONE),
            ("started", _("Date and time"), DATETIME),
            ("direction", _("Direction"), TEXT),
            ("peer", _("Other side"), PHONE),
            ("charge", _("Kind of charge"), TEXT),
            ("zone", _("Zone"), TEXT),
            ("duration", _("Duration"), DURATION),
            ("messages", _("Messages"), INTEGER),
            ("volume", _("MB"), VOLUME),
            ("cost", _("Cost"), AMOUNT),
        ),
    ),
    Layout(
        ("subscriber_list",), "subscribers", "",
        (
            ("number", _("Number"), PHONE),
            ("name", _("Name"), TEXT),
            ("sim", _("SIM"), TEXT),
            ("tariff", _("Tariff"), TEXT),
            ("option_set", _("Option set"), TEXT),
            ("status", _("Status"), TEXT),
            ("folder", _("Folder"), TEXT),
            ("account", _("Account"), TEXT),
            ("spent", _("Cost, %(month)s"), AMOUNT),
            ("last_used", _("Last used"), DATE),
        ),
    ),
    Layout(
        ("reconciliation",), "bookings", "",
        (
            ("day", _("Date"), DATE),
            ("what", _("Document"), TEXT),
            ("charged", _("Charged"), AMOUNT),
            ("paid", _("Paid"), AMOUNT),
        ),
        totals=True,
    ),
    Layout(
        ("payments",), "payments", "",
        (
            ("received", _("Received"), DATE),
            ("account", _("Account"), TEXT),
            ("payer", _("Payer"), TEXT),
            ("reference", _("Reference"), TEXT),
            ("amount", _("Amount"), AMOUNT),
        ),
        totals=True,
    ),
    Layout(
        ("order",), "rows", "",
        (
            ("row", _("Row"), INTEGER),
            ("typed", _("As typed"), TEXT),
            ("number", _("Number"), PHONE),
            ("name", _("Name"), TEXT),
            ("becomes", _("Becomes"), TEXT),
            ("result", _("Result"), TEXT),
            ("reason", _("Reason"), TEXT),
        ),
    ),
    Layout(
        ("orders",), "orders", "",
        (
            ("number", _("Order number"), INTEGER),
            ("person", _("Order from"), TEXT),
            ("action", _("Action"), TEXT),
            ("placed", _("Date of the order"), DATETIME),
            ("state", _("State"), TEXT),
            ("due", _("Planned for"), DATETIME),
            ("total", _("Rows"), INTEGER),
            ("done", _("Done"), INTEGER),
            ("failed", _("Failed"), INTEGER),
            ("refused", _("Refused"), INTEGER),
            ("nothing", _("Nothing to do"), INTEGER),
            ("cancelled", _("Cancelled"), INTEGER),
        ),
    ),
    Layout(
        ("history",), "history", "",
        (
            ("number", _("No."), INTEGER),
            ("at", _("When"), DATETIME),
            ("who", _("Who"), TEXT),
            ("role", _("Role"), TEXT),
            ("action", _("Action"), TEXT),
            ("target", _("On what"), TEXT),
            ("changes", _("What changed"), TEXT),
            ("result", _("Result"), TEXT),
            ("address", _("Network address"), TEXT),
            ("device", _("Device"), TEXT),
            ("hash", _("Seal"), TEXT),
        ),
    ),
)  # fmt: skip

# What a document of a kind is called; what stands between %( and )s differs from one to the other.
TITLES: dict[str, str] = {
    "invoice": _("Invoice %(number)s for %(month)s"),
    "current_charges": _("Charges of the current period"),
    "call_details": _("Call details"),
    "subscriber_list": _("Subscribers"),
    "reconciliation": _("Reconciliation statement"),
    "payments": _("Payments"),
    "history": _("History of actions"),
    "order": _("Order No. %(number)s"),
    "orders": _("Order history"),
}

# The labels of the heading's facts; those that an operator's country names itself (the tax number) are not among them.
FACTS: dict[str, str] = {
    "action": _("Action"),
    "person": _("Order from"),
    "placed": _("Date of the order"),
    "account": _("Account"),
    "amounts": _("Amounts"),
    "client": _("Client"),
    "contract": _("Contract"),
    "note": _("Note"),
    "rated": _("Usage up to"),
    "until": _("Charges up to"),
    "currency": _("Currency"),
    "direction": _("Direction"),
    "due": _("Pay by"),
    "issued": _("Issued"),
    "month": _("Month"),
    "number": _("Invoice number"),
    "operator": _("Operator"),
    "peers": _("Other side"),
    "period": _("Period"),
    "sign": _("Sign"),
    "words": _("Amount in words"),
}

TOTAL = _("Total")  # the label of a last row that adds up
LANGUAGES = ("ru", "be", "en")
