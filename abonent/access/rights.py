"""What a person may do: the rights, and the built-in roles of the seeds as one table (S0.4, V8)."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    SEE_FINANCE = "see_finance"
    SEE_SUBSCRIBERS = "see_subscribers"
    SEE_CALLS = "see_calls"
    SEE_PEERS = "see_peers"
    SEE_HISTORY = "see_history"
    ORDER_DOCUMENTS = "order_documents"
    CHANGE_SERVICES = "change_services"
    CHANGE_TARIFFS = "change_tariffs"
    CHANGE_NUMBERS = "change_numbers"
    CHANGE_NAMES = "change_names"
    TERMINATE = "terminate"
    REGISTER_PAYMENTS = "register_payments"
    CHANGE_DELIVERY = "change_delivery"
    CHANGE_FOLDERS = "change_folders"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ROLES = "manage_roles"
    APPROVE_ORDERS = "approve_orders"
    ASK_OPERATOR = "ask_operator"
    OPERATOR_SUPPORT = "operator_support"
    OPERATOR_CATALOG = "operator_catalog"
    OPERATOR_JOBS = "operator_jobs"
    OPERATOR_MONEY = "operator_money"

    @property
    def is_operators(self) -> bool:
        """Whether this is a right of the operator's staff: no role of a client gives it."""
        return self.value.startswith("operator_")


# Each is what some order needs (`orders.actions`).
ORDER_RIGHTS = (
    Right.CHANGE_SERVICES,
    Right.CHANGE_TARIFFS,
    Right.CHANGE_NUMBERS,
    Right.CHANGE_NAMES,
    Right.TERMINATE,
)
# Whoever may order, approve or read the history may look at an order.
SEEING_ORDERS = (*ORDER_RIGHTS, Right.APPROVE_ORDERS, Right.SEE_HISTORY)
OPERATOR_RIGHTS = frozenset(right for right in Right if right.is_operators)
CLIENT_RIGHTS = frozenset(Right) - OPERATOR_RIGHTS


class BuiltIn(StrEnum):
    """The keys of the roles that every client has, in the order in which they are offered."""

    SUBSCRIBER = "subscriber"
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"


RIGHT_NAMES: dict[Right, Promise] = {
    Right.SEE_FINANCE: _("See invoices, payments and costs"),
    Right.SEE_SUBSCRIBERS: _("See numbers"),
    Right.SEE_CALLS: _("See calls"),
    Right.SEE_PEERS: _("See whom people call"),
    Right.SEE_HISTORY: _("See orders and the history of actions"),
    Right.ORDER_DOCUMENTS: _("Order documents"),
    Right.CHANGE_SERVICES: _("Connect and disconnect services"),
    Right.CHANGE_TARIFFS: _("Change tariffs"),
    Right.CHANGE_NUMBERS: _("Change numbers and SIMs, activate, block"),
    Right.CHANGE_NAMES: _("Rename subscribers"),
    Right.TERMINATE: _("Terminate service"),
    Right.REGISTER_PAYMENTS: _("Register payments"),
    Right.CHANGE_DELIVERY: _("Change the delivery of invoices"),
    Right.CHANGE_FOLDERS: _("Change folders"),
    Right.MANAGE_PEOPLE: _("Invite and block people"),
    Right.MANAGE_ROLES: _("Make and change roles"),
    Right.APPROVE_ORDERS: _("Approve orders"),
    Right.ASK_OPERATOR: _("Write to the operator"),
    Right.OPERATOR_SUPPORT: _("Support clients"),
    Right.OPERATOR_CATALOG: _("Change clients and the catalog"),
    Right.OPERATOR_JOBS: _("Restart stuck work"),
    Right.OPERATOR_MONEY: _("Book payments and agree on instalments"),
}

# In what order and under what heads the rights of a client are shown: each in exactly one group.
RIGHT_GROUPS: tuple[tuple[Promise, tuple[Right, ...]], ...] = (
    (
        _("To see"),
        (Right.SEE_SUBSCRIBERS, Right.SEE_CALLS, Right.SEE_PEERS, Right.SEE_FINANCE, Right.SEE_HISTORY),
    ),
    (
        _("Numbers"),
        (
            Right.CHANGE_SERVICES,
            Right.CHANGE_TARIFFS,
            Right.CHANGE_NUMBERS,
            Right.CHANGE_NAMES,
            Right.TERMINATE,
            Right.CHANGE_FOLDERS,
        ),
    ),
    (
        _("Money and documents"),
        (Right.ORDER_DOCUMENTS, Right.REGISTER_PAYMENTS, Right.CHANGE_DELIVERY),
    ),
    (
        _("People and the operator"),
        (Right.MANAGE_PEOPLE, Right.MANAGE_ROLES, Right.APPROVE_ORDERS, Right.ASK_OPERATOR),
    ),
)

BUILT_IN_RIGHTS: dict[BuiltIn, frozenset[Right]] = {
    BuiltIn.SUBSCRIBER: frozenset(
        {Right.SEE_SUBSCRIBERS, Right.SEE_CALLS, Right.SEE_PEERS, Right.CHANGE_SERVICES, Right.ASK_OPERATOR}
    ),
    BuiltIn.ADMINISTRATOR: CLIENT_RIGHTS,
    BuiltIn.SUPERVISOR: CLIENT_RIGHTS,
    BuiltIn.OPERATOR: OPERATOR_RIGHTS,
}

BUILT_IN_NAMES: dict[BuiltIn, Promise] = {
    # Translators: «Абонент»
    BuiltIn.SUBSCRIBER: _("Subscriber"),
    # Translators: «Администратор»
    BuiltIn.ADMINISTRATOR: _("Administrator"),
    # Translators: «Супервайзер»
    BuiltIn.SUPERVISOR: _("Supervisor"),
    BuiltIn.OPERATOR: _("Operator staff"),
}

BUILT_IN_DESCRIPTIONS: dict[BuiltIn, Promise] = {
    # Translators: «Управление услугами и информация только по своему номеру»
    BuiltIn.SUBSCRIBER: _("Services and information of your own number only"),
    # Translators: «Управление услугами абонентов и финансовая информация по всему лицевому счету»
    BuiltIn.ADMINISTRATOR: _("Subscribers' services and financial information of the whole account"),
    # Translators: «Управление услугами абонентов и финансовая информация по нескольким лицевым счетам клиента»
    BuiltIn.SUPERVISOR: _("Subscribers' services and financial information of several accounts of the client"),
    BuiltIn.OPERATOR: _("Clients, catalog and jobs of the operator"),
}
