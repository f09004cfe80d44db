"""Addresses of the order screens."""

from django.urls import URLPattern, path

from abonent.portal.views import (
    order,
    order_application,
    order_approval,
    order_charges,
    order_dates,
    order_new,
    order_rename,
    orders,
    tariff,
)

urlpatterns: list[URLPattern] = [
    path("orders/", orders.orders, name="orders"),
    path("orders/export/", orders.orders_export, name="orders_export"),
    path("orders/running/", orders.running, name="running"),
    path("orders/rename/", order_rename.order_rename, name="order_rename"),
    path("orders/rename/sample/", order_rename.order_rename_sample, name="order_rename_sample"),
    path("orders/new/<slug:slug>/", order_new.order_new, name="order_new"),
    path("orders/new/<slug:slug>/sample/", order_new.order_sample, name="order_sample"),
    path("orders/<int:pk>/", order.order, name="order"),
    path("orders/<int:pk>/placed/", order.order_placed, name="order_placed"),
    path("orders/<int:pk>/progress/", order.order_progress, name="order_progress"),
    path("orders/<int:pk>/confirmation/", order.order_confirmation, name="order_confirmation"),
    path("orders/<int:pk>/cancellation/", order.order_cancellation, name="order_cancellation"),
    path("orders/<int:pk>/approval/", order_approval.order_approval, name="order_approval"),
    path("orders/<int:pk>/rejection/", order_approval.order_rejection, name="order_rejection"),
    path("orders/<int:pk>/withdrawal/", order_approval.order_withdrawal, name="order_withdrawal"),
    path("orders/<int:pk>/dropped-rows/", order.order_dropped_rows, name="order_dropped_rows"),
    path("orders/<int:pk>/date/", order_dates.order_date, name="order_date"),
    path("orders/<int:pk>/retry/", order_dates.order_retry, name="order_retry"),
    path("orders/<int:pk>/charges/", order_charges.order_charges, name="order_charges"),
    path("orders/<int:pk>/application/", order_application.order_application, name="order_application"),
    path("orders/<int:pk>/export/", order.order_export, name="order_export"),
    path("tariffs/<int:pk>/", tariff.tariff, name="tariff"),
]
