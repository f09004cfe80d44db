"""Which right each page of a client's people asks for, written by hand: one of those named is enough (V8)."""

from abonent.access.rights import Right

ORDERING = frozenset(
    {Right.CHANGE_SERVICES, Right.CHANGE_NAMES, Right.CHANGE_NUMBERS, Right.CHANGE_TARIFFS, Right.TERMINATE}
)
_PAGES: dict[frozenset[Right], str] = {
    frozenset({Right.SEE_FINANCE}): (
        "charts current_charges home instalment_plan instalments invoice invoices order_charges payments "
        "payments_export "
    ),
    frozenset({Right.SEE_SUBSCRIBERS}): (
        "numbers numbers_tree running selection_add selection_deletion selection_export selection_name "
        "selection_opening selection_remove selection_saved subscriber subscriber_choice subscribers "
        "subscribers_columns subscribers_export tariff "
    ),
    frozenset({Right.SEE_HISTORY}): ("history history_check history_export history_proof orders orders_export "),
    ORDERING | {Right.APPROVE_ORDERS, Right.SEE_HISTORY}: ("order order_export order_placed order_progress "),
    ORDERING: ("order_cancellation order_confirmation order_date order_dropped_rows order_retry order_withdrawal "),
    frozenset({Right.APPROVE_ORDERS}): ("order_approval order_rejection "),
    frozenset({Right.ORDER_DOCUMENTS}): (
        "call_details document document_cancel document_file document_repeat document_resend document_row "
        "documents invoice_link invoice_order payments_order reconciliation subscribers_order "
    ),
    frozenset({Right.REGISTER_PAYMENTS}): ("payment_registration "),
    frozenset({Right.CHANGE_DELIVERY}): ("delivery "),
    frozenset({Right.ORDER_DOCUMENTS, Right.CHANGE_DELIVERY}): ("confirmed_address_removal confirmed_addresses "),
    frozenset({Right.CHANGE_NUMBERS}): (
        "order_number order_number_offer order_numbers order_numbers_sample order_sim order_sim_suggestions "
        "order_sims order_sims_sample "
    ),
    frozenset({Right.CHANGE_SERVICES}): ("order_forwarding "),
    frozenset({Right.CHANGE_FOLDERS}): (
        "folder_creation folder_deletion folder_moving folder_name folders folders_costs folders_export "
        "structure structure_application structure_progress structure_upload "
    ),
    frozenset({Right.MANAGE_PEOPLE}): (
        "company_factor invitation_resend invitation_revoke people people_invitations people_invite person "
        "person_give person_remove person_sessions_end seat_block seat_end seat_term seat_unblock "
    ),
    frozenset({Right.CHANGE_NAMES}): ("order_rename order_rename_sample "),
    frozenset({Right.ASK_OPERATOR}): (
        "appeal appeal_closing appeal_file appeal_new appeal_numbers appeal_rating appeals order_application "
    ),
    frozenset({Right.MANAGE_ROLES}): ("role role_change role_deletion role_new roles roles_matrix "),
}
# By the name of the address.
ASKED = {name: rights for rights, names in _PAGES.items() for name in names.split()}
# Open to whoever is logged in or to everybody, or, for the two of them that name an action, by the right of the action.
_OPEN = (
    "front health_live health_ready inbox inbox_file invitation login login_account login_again "
    "login_again_code login_code login_email login_passkey login_passkey_options login_password "
    "login_second login_second_drop login_second_options logout menu notice notice_choices notice_numbers "
    "notices notices_read order_new order_sample password_code password_lost password_lost_email "
    "password_new register register_account register_code register_finish resume resume_drop search seats "
    "self self_app self_app_removal self_codes self_factors self_identifier self_identifier_add self_name "
    "self_passkey self_passkey_options self_passkey_removal self_passkeys self_password self_recovery "
    "self_sessions self_sessions_end set_language site_map styleguide "
)
OPEN = frozenset(_OPEN.split())
