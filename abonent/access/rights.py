"""What a person may do: the rights, and the built-in roles of the seeds as one table (S0.4, V8)."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Right(StrEnum):
    SEE_FINANCE = "see_finance"
    SEE_SUBSCRIBERS = "see_subscribers"
    SEE_CALLS = "see_calls"
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
    APPROVE_ORDERS = "approve_orders"
    ASK_OPERATOR = "ask_operator"
    OPERATOR_SUPPORT = "operator_support"
    OPERATOR_CATALOG = "operator_catalog"
    OPERATOR_JOBS = "operator_jobs"

    @property
    def is_operators(self) -> bool:
        """Whether this is a right of the operator's staff: no role of a client gives it."""
        return self.value.startswith("operator_")


OPERATOR_RIGHTS = frozenset(right for right in Right if right.is_operators)
CLIENT_RIGHTS = frozenset(Right) - OPERATOR_RIGHTS


class BuiltIn(StrEnum):
    """The keys of the roles that every client has, in the order in which they are offered."""

    SUBSCRIBER = "subscriber"
    ADMINISTRATOR = "administrator"
    SUPERVISOR = "supervisor"
    OPERATOR = "operator"


BUILT_IN_RIGHTS: dict[BuiltIn, frozenset[Right]] = {
    BuiltIn.SUBSCRIBER: frozenset({Right.SEE_SUBSCRIBERS, Right.SEE_CALLS, Right.CHANGE_SERVICES, Right.ASK_OPERATOR}),
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
