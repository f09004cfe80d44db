from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from abonent.portal.views import (
    home,
    inbox,
    login,
    order_forwarding,
    order_number,
    order_sim,
    proving,
    second_factor,
    styleguide,
    subscriber,
    subscribers,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.front, name="front"),
    path("home/", home.home, name="home"),
    path("subscribers/", subscribers.subscribers, name="subscribers"),
    path("subscribers/export/", subscribers.subscribers_export, name="subscribers_export"),
    path("subscribers/columns/", subscribers.subscribers_columns, name="subscribers_columns"),
    path("subscribers/<int:pk>/", subscriber.subscriber, name="subscriber"),
    path("subscribers/<int:pk>/forwarding/", order_forwarding.order_forwarding, name="order_forwarding"),
    path("subscribers/<int:pk>/number/", order_number.order_number, name="order_number"),
    path("subscribers/<int:pk>/number/offer/", order_number.order_number_offer, name="order_number_offer"),
    path("subscribers/<int:pk>/sim/", order_sim.order_sim, name="order_sim"),
    path("subscribers/<int:pk>/sim/suggestions/", order_sim.order_sim_suggestions, name="order_sim_suggestions"),
    path("", include("abonent.portal.urls_orders")),
    path("finance/", include("abonent.portal.urls_finance")),
    path("", include("abonent.portal.urls_numbers")),
    path("people/", include("abonent.portal.urls_people")),
    path("roles/", include("abonent.portal.urls_roles")),
    path("", include("abonent.portal.urls_self")),
    path("history/", include("abonent.portal.urls_history")),
    path("appeals/", include("abonent.portal.urls_appeals")),
    path("", include("abonent.portal.urls_finding")),
    path("login/", login.login, name="login"),
    path("login/password/", login.login_password, name="login_password"),
    path("login/account/", login.login_account, name="login_account"),
    path("login/email/", login.login_email, name="login_email"),
    path("login/code/", login.login_code, name="login_code"),
    path("login/passkey/", second_factor.login_passkey, name="login_passkey"),
    path("login/passkey/options/", second_factor.login_passkey_options, name="login_passkey_options"),
    path("login/second/", second_factor.login_second, name="login_second"),
    path("login/second/options/", second_factor.login_second_options, name="login_second_options"),
    path("login/second/drop/", second_factor.login_second_drop, name="login_second_drop"),
    path("login/again/", proving.login_again, name="login_again"),
    path("login/again/code/", proving.login_again_code, name="login_again_code"),
    path("login/resume/", login.resume, name="resume"),
    path("login/resume/drop/", login.resume_drop, name="resume_drop"),
    path("seats/", login.seats, name="seats"),
    path("logout/", login.logout, name="logout"),
    path("language/", login.set_language, name="set_language"),
]

if settings.DEMO:
    urlpatterns += [
        path("styleguide/", styleguide.styleguide, name="styleguide"),
        path("inbox/", inbox.inbox, name="inbox"),
        path("inbox/<int:attachment_id>/", inbox.inbox_file, name="inbox_file"),
    ]
