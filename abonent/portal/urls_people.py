"""«Пользователи»: people of the client, and invitations (V8)."""

from django.urls import URLPattern, path

from abonent.portal.views import inviting, people, person

urlpatterns: list[URLPattern] = [
    path("", people.people, name="people"),
    path("invite/", inviting.people_invite, name="people_invite"),
    path("invitations/", people.invitations, name="people_invitations"),
    path("invitations/<uuid:key>/resend/", inviting.invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:key>/revoke/", inviting.invitation_revoke, name="invitation_revoke"),
    path("<int:pk>/", person.person, name="person"),
    path("<int:pk>/give/", person.person_give, name="person_give"),
    path("<int:pk>/remove/", person.person_remove, name="person_remove"),
    path("<int:pk>/sessions/end/", person.person_sessions_end, name="person_sessions_end"),
    path("seats/<int:pk>/term/", person.seat_term, name="seat_term"),
    path("seats/<int:pk>/block/", person.seat_block, name="seat_block"),
    path("seats/<int:pk>/unblock/", person.seat_unblock, name="seat_unblock"),
    path("seats/<int:pk>/end/", person.seat_end, name="seat_end"),
]
