"""What people call the journal's codes: actions, what they are done to, results and fields."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from abonent.access.rights import RIGHT_NAMES, Right
from abonent.documents.journal_values import readable


@dataclass(frozen=True, slots=True)
class Kind:
    """A group of actions to filter by: those of some packages, or those that were refused."""

    key: str
    label: Promise
    packages: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()


KINDS = (
    Kind(
        "log-in",
        _("Logging in and out"),
        actions=(
            *("access.login", "access.logout", "access.code", "access.switch", "access.refused"),
            *("access.proof", "access.second-factor"),
        ),
    ),
    Kind("people", _("People and roles"), packages=("access", "clients", "notices")),
    Kind("orders", _("Orders"), packages=("orders", "subscribers", "network")),
    Kind("documents", _("Documents"), packages=("documents",)),
    Kind("money", _("Invoices and payments"), packages=("billing", "usage")),
    Kind("folders", _("Folders"), packages=("hierarchy",)),
    Kind("appeals", _("Appeals"), packages=("appeals",)),
)

ACTIONS: dict[str, Promise] = {
    "access.accept": _("Invitation taken"),
    "access.address-code": _("Code to confirm an address sent"),
    "access.address-forgotten": _("Confirmed address removed"),
    "access.address-proven": _("Address confirmed by a code"),
    "access.code": _("Code to log in sent"),
    "access.identifier": _("Number or address to log in by changed"),
    "access.invite": _("Invitation sent"),
    "access.invite-again": _("Invitation sent again"),
    "access.login": _("Logged in"),
    "access.logout": _("Logged out"),
    "access.passkey-rename": _("Passkey renamed"),
    "access.password": _("Password set"),
    "access.proof": _("Proof asked again: who it is"),
    "access.recovery-codes": _("Recovery codes made"),
    "access.refused": _("Page refused: no right"),
    "access.register": _("Registered"),
    "access.register-code": _("Code to register asked for"),
    "access.release": _("Log-in ended: the number or address was lost"),
    "access.rename": _("Name changed"),
    "access.revoke": _("Invitation taken back"),
    "access.role-change": _("Role changed"),
    "access.role-delete": _("Role deleted"),
    "access.role-make": _("Role made"),
    "access.seat": _("Role given"),
    "access.seat-block": _("Role blocked"),
    "access.seat-end": _("Role taken away"),
    "access.seat-term": _("Time of a role changed"),
    "access.seat-unblock": _("Role unblocked"),
    "access.second-factor": _("Second factor given"),
    "access.second-factor-added": _("Second factor set up"),
    "access.second-factor-removed": _("Second factor removed"),
    "access.second-factor-required": _("Second factor of everybody required, or no longer"),
    "access.session-end": _("Own session ended"),
    "access.sessions-end": _("Sessions ended"),
    "access.switch": _("Role switched"),
    "appeals.assign": _("Appeal taken or given back"),
    "appeals.close": _("Appeal closed"),
    "appeals.letter": _("Answer by letter refused: not from whom the letter went to"),
    "appeals.note": _("Note to an appeal"),
    "appeals.open": _("Appeal opened"),
    "appeals.rate": _("Answer rated"),
    "appeals.reopen": _("Appeal taken up again"),
    "appeals.reply": _("Appeal answered"),
    "appeals.write": _("Message in an appeal"),
    "audit.check": _("History checked"),
    "audit.erase-actor": _("Personal data of a person erased"),
    "audit.erase-target": _("Personal data of an object erased"),
    "billing.assign": _("Payment assigned to an account"),
    "billing.correct": _("Correction booked"),
    "billing.instalments": _("Instalment plan made"),
    "billing.instalments-end": _("Instalment plan ended early"),
    "billing.issue": _("Invoice formed"),
    "billing.load-statement": _("Bank statement loaded"),
    "billing.promise": _("Payment registered by the client"),
    "billing.put-aside": _("Payment not booked, by decision"),
    "billing.receive": _("Payment received"),
    "billing.run": _("Invoices of a month formed"),
    "clients.delivery": _("Delivery of invoices changed"),
    "documents.cancel": _("Document cancelled"),
    "documents.collect": _("Document given out to whoever came for it"),
    "documents.deliver": _("Invoice sent by itself"),
    "documents.make": _("Document made"),
    "documents.order": _("Document ordered"),
    "documents.resend": _("Document sent once more"),
    "hierarchy.create": _("Folder made"),
    "hierarchy.delete": _("Folder deleted"),
    "hierarchy.import": _("Structure of folders uploaded"),
    "hierarchy.move": _("Folder moved"),
    "hierarchy.move_numbers": _("Numbers moved to a folder"),
    "hierarchy.rename": _("Folder renamed"),
    "selection.forget": _("Selection deleted"),
    "selection.rename": _("Selection renamed"),
    "selection.save": _("Selection saved"),
    "notices.choose": _("Choice of notices changed"),
    "jobs.restart": _("Stuck work restarted"),
    "orders.approve": _("Order approved"),
    "orders.ask_approval": _("Order placed, to be approved"),
    "orders.cancel": _("Order cancelled"),
    "orders.confirm": _("Order placed"),
    "orders.plan": _("Order moved to another date"),
    "orders.reject": _("Order rejected"),
    "orders.rows": _("Rows of an order done"),
    "orders.settle": _("Said what the network did with a row"),
    "orders.withdraw": _("Order withdrawn"),
    "subscribers.load-numbers": _("Numbers loaded into the pool"),
    "subscribers.offer": _("New numbers offered"),
    "usage.load": _("Call records taken in"),
}

TARGETS: dict[str, Promise] = {
    "account": pgettext_lazy("what it is done to", "Account"),
    "appeal": pgettext_lazy("what it is done to", "Appeal"),
    "bank entry": pgettext_lazy("what it is done to", "Entry of a bank statement"),
    "bank statement": pgettext_lazy("what it is done to", "Bank statement"),
    "client": pgettext_lazy("what it is done to", "Client"),
    "document": pgettext_lazy("what it is done to", "Document"),
    "folder": pgettext_lazy("what it is done to", "Folder"),
    "identifier": pgettext_lazy("what it is done to", "Log-in"),
    "instalment plan": pgettext_lazy("what it is done to", "Instalment plan"),
    "invitation": pgettext_lazy("what it is done to", "Invitation"),
    "invoice": pgettext_lazy("what it is done to", "Invoice"),
    "order": pgettext_lazy("what it is done to", "Order No."),
    "page": pgettext_lazy("what it is done to", "Page"),
    "payment": pgettext_lazy("what it is done to", "Payment"),
    "person": pgettext_lazy("what it is done to", "Person"),
    "role": pgettext_lazy("what it is done to", "Role"),
    "seat": pgettext_lazy("what it is done to", "Role of a person"),
    "session": pgettext_lazy("what it is done to", "Session"),
    "subscriber": pgettext_lazy("what it is done to", "Subscriber"),
    "usage file": pgettext_lazy("what it is done to", "File of call records"),
}

RESULTS: dict[str, Promise] = {
    "done": pgettext_lazy("result", "done"),
    "refused": pgettext_lazy("result", "refused"),
}

FIELDS: dict[str, Promise] = {
    "account": _("account"),
    "accounts": _("accounts"),
    "action": _("action"),
    "added": _("new"),
    "amount": _("amount"),
    "appeal_answered": _("appeal answered"),
    "approval_waiting": _("order waits for approval"),
    "approved_by": _("approved by"),
    "blocked": _("blocked"),
    "by": _("delivery"),
    "by_mail": _("by letter"),
    "by_sms": _("by SMS"),
    "category": _("category"),
    "characters": _("characters"),
    "collected_by": _("taken by"),
    "cost": _("cost"),
    "count": _("how many"),
    "delivered": _("way of delivery"),
    "due": _("planned for"),
    "each": _("of any one number"),
    "email": _("e-mail address"),
    "entries": _("entries"),
    "expires": _("the link holds until"),
    "factor": _("so many times the mean"),
    "file": _("file"),
    "files": _("files"),
    "first": _("among them"),
    "first_month": _("first month"),
    "folder": _("folder"),
    "folders": _("from folders"),
    "format": _("format"),
    "gross": _("with VAT"),
    "invited_by": _("invited by"),
    "invoice_formed": _("invoice formed"),
    "invoices": _("invoices"),
    "kind": _("kind"),
    "last_month": _("last month"),
    "late": _("too late"),
    "least": _("and at least"),
    "left": _("rows to do"),
    "limit_passed": _("limit of spend passed"),
    "limits_passed": _("limits passed"),
    "max_cost": _("approval is needed above the cost of"),
    "max_rows": _("approval is needed above so many numbers"),
    "message": _("message"),
    "method": _("method"),
    "month": _("month"),
    "months": _("monthly payments"),
    "name": _("name"),
    "net": _("without VAT"),
    "note": _("note"),
    "number": _("number"),
    "numbers": _("numbers"),
    "offered": _("offered"),
    "on_page": _("on the page"),
    "order_done": _("order done"),
    "params": _("chosen"),
    "payer": _("payer"),
    "person": _("person"),
    "phone": _("phone number"),
    "placed_by": _("placed by"),
    "purpose": _("purpose"),
    "rating": _("rating"),
    "reach": _("reach"),
    "reason": _("reason"),
    "received": _("received"),
    "records": _("records"),
    "reference": _("reference"),
    "rejected": _("rejected lines"),
    "rejected_by": _("rejected by"),
    "required": _("required"),
    "right": _("right"),
    "rights": _("rights"),
    "role": _("role"),
    "row": _("row"),
    "rows": _("rows"),
    "seat": _("role"),
    "sent": _("sent"),
    "sessions": _("sessions"),
    "sessions_ended": _("sessions ended"),
    "since": _("from"),
    "size": _("size"),
    "state": _("state"),
    "targets": _("over what"),
    "to": _("sent to"),
    "topic": _("topic"),
    "try": _("offer No."),
    "unrated": _("without a price"),
    "until": _("until"),
    "unusual_spend": _("unusual spend"),
    "vat": _("VAT"),
    "whole": _("of all together"),
    "word": _("comment"),
}


def action_name(action: str) -> str:
    return str(ACTIONS.get(action, action))


def target_name(kind: str) -> str:
    return str(TARGETS.get(kind, kind))


def result_name(result: str) -> str:
    return str(RESULTS.get(result, result))


def field_name(field: str) -> str:
    return str(FIELDS.get(field, field.replace("_", " ")))


def value_text(field: str, value: object) -> str:
    """A value as people read it; empty for what was not set."""
    if field in {"right", "rights"} and isinstance(value, str) and value in set(Right):
        return str(RIGHT_NAMES[Right(value)])
    if isinstance(value, dict):
        return ", ".join(f"{field_name(key)}: {value_text(key, inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(value_text(field, inner) for inner in value)
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    return "" if value is None else readable(field, str(value))
