"""The person's own log-in: sessions, second factors, phone and e-mail; registration and a forgotten password (S0.3)."""

from django.urls import URLPattern, path

from abonent.portal.views import company_factor, inviting, own, own_factors, own_sessions, ways_in

urlpatterns: list[URLPattern] = [
    path("me/", own.own, name="self"),
    path("me/name/", own.own_name, name="self_name"),
    path("me/password/", own.own_password, name="self_password"),
    path("me/identifiers/<int:pk>/", own.own_identifier, name="self_identifier"),
    path("me/identifiers/add/<str:kind>/", own.own_identifier_add, name="self_identifier_add"),
    path("me/identifiers/codes/", own.own_codes, name="self_codes"),
    path("me/second-factor/", own_factors.own_factors, name="self_factors"),
    path("me/second-factor/app/", own_factors.own_app, name="self_app"),
    path("me/second-factor/app/removal/", own_factors.own_app_removal, name="self_app_removal"),
    path("me/second-factor/passkeys/", own_factors.own_passkeys, name="self_passkeys"),
    path("me/second-factor/passkeys/options/", own_factors.own_passkey_options, name="self_passkey_options"),
    path("me/second-factor/passkeys/<int:pk>/", own_factors.own_passkey, name="self_passkey"),
    path("me/second-factor/passkeys/<int:pk>/removal/", own_factors.own_passkey_removal, name="self_passkey_removal"),
    path("me/second-factor/recovery/", own_factors.own_recovery, name="self_recovery"),
    path("company/second-factor/", company_factor.company_factor, name="company_factor"),
    path("me/sessions/", own_sessions.own_sessions, name="self_sessions"),
    path("me/sessions/end/", own_sessions.own_sessions_end, name="self_sessions_end"),
    path("invitation/<str:token>/", inviting.invitation, name="invitation"),
    path("register/", ways_in.register, name="register"),
    path("register/account/", ways_in.register_account, name="register_account"),
    path("register/code/", ways_in.register_code, name="register_code"),
    path("register/finish/", ways_in.register_finish, name="register_finish"),
    path("password/", ways_in.password_lost, name="password_lost"),
    path("password/email/", ways_in.password_lost_email, name="password_lost_email"),
    path("password/code/", ways_in.password_code, name="password_code"),
    path("password/new/", ways_in.password_new, name="password_new"),
]
