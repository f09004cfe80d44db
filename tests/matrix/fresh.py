"""Which addresses ask again for a proof when the last one is old, written by hand (V8).

Who may do what (people, roles), where invoices go, what ends for good, and everything that changes how somebody logs
in.
"""

FRESH = frozenset(
    {
        "company_factor",
        "delivery",
        "invitation_resend",
        "invitation_revoke",
        "order_new/termination",
        "order_new/numbers",
        "order_sample/numbers",
        "order_sample/termination",
        "order_number",
        "order_number_offer",
        "order_sim",
        "order_sims",
        "order_numbers",
        "operator_row_settling",
        "people_invite",
        "person_give",
        "person_remove",
        "person_sessions_end",
        "role_change",
        "role_deletion",
        "role_new",
        "seat_block",
        "seat_end",
        "seat_term",
        "seat_unblock",
        "self_app",
        "self_app_removal",
        "self_codes",
        "self_identifier",
        "self_identifier_add",
        "self_passkey",
        "self_passkey_options",
        "self_passkey_removal",
        "self_passkeys",
        "self_password",
        "self_recovery",
    }
)
