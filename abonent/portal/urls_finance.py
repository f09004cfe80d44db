"""«Финансы»: invoices, payments, call details, and what was ordered."""

from django.urls import URLPattern, path

from abonent.portal.views import (
    call_details,
    charts,
    current_charges,
    delivery,
    documents,
    instalments,
    invoices,
    payment_registration,
    payments,
    reconciliation,
)

urlpatterns: list[URLPattern] = [
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/order/", invoices.invoice_order, name="invoice_order"),
    path("invoices/link/", invoices.invoice_link, name="invoice_link"),
    path("invoices/<int:pk>/", invoices.invoice, name="invoice"),
    path("payments/", payments.payments, name="payments"),
    path("payments/export/", payments.payments_export, name="payments_export"),
    path("payments/order/", payments.payments_order, name="payments_order"),
    path("payments/registration/", payment_registration.payment_registration, name="payment_registration"),
    path("charts/", charts.charts, name="charts"),
    path("instalments/", instalments.instalments, name="instalments"),
    path("instalments/<int:pk>/", instalments.instalment_plan, name="instalment_plan"),
    path("reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path("current-charges/", current_charges.current_charges, name="current_charges"),
    path("call-details/", call_details.call_details, name="call_details"),
    path("delivery/", delivery.delivery, name="delivery"),
    path("addresses/", delivery.confirmed_addresses, name="confirmed_addresses"),
    path("addresses/<int:pk>/removal/", delivery.confirmed_address_removal, name="confirmed_address_removal"),
    path("documents/", documents.documents, name="documents"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/row/", documents.document_row, name="document_row"),
    path("documents/<int:pk>/resending/", documents.document_resend, name="document_resend"),
    path("documents/<int:pk>/repeat/", documents.document_repeat, name="document_repeat"),
    path("documents/<int:pk>/cancellation/", documents.document_cancel, name="document_cancel"),
    path("documents/file/<str:token>/", documents.document_file, name="document_file"),
]
