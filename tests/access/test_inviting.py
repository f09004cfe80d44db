"""Invitations (V8): who may send them, what a link is worth, and to whom."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client

from abonent.access import inviting, seating
from abonent.access.bounds import Limit, TooOften
from abonent.access.codes import Kind
from abonent.access.grants import Grant, RefusedError
from abonent.access.inviting import Guest
from abonent.access.models import Bound, Identifier, Invitation, Person, Role, Seat
from abonent.access.releasing import release
from abonent.access.rights import BuiltIn, Right
from abonent.audit.models import Entry
from abonent.clients.models import Folder
from abonent.lib import clock
from abonent.outbox.models import Letter, TextMessage
from abonent.profile import current
from abonent.subscribers.people import seen_by
from tests.access.people import HERE, STRONG, VERA, accept, invited, link, over_accounts, pending, role
from tests.cast import Cast
from tests.conftest import logged_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DEAD = 410
TOGETHER = 4
DAY = dt.timedelta(days=1)


def vera() -> Person:
    return Person.objects.get(identifiers__value=VERA.value)


def test_V8_somebody_new_takes_an_invitation_by_letter_and_has_the_role(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    letter = Letter.objects.get()
    assert (letter.to, letter.client_id) == (VERA.value, cast.company.pk)
    assert "Belaya Rus" in client.get(path).content.decode()
    assert accept(client, path) == 302
    seat = vera().seats.get()
    assert (seat.role.key, seat.reach, seat.target_ids) == ("administrator", "accounts", frozenset({cast.first.pk}))
    assert seat.given_by == cast.anna.person
    assert vera().identifiers.get().verified
    assert client.session["seat"] == seat.pk
    assert Client().post("/login/email/", {"value": VERA.value}).status_code == 302


def test_V8_an_invitation_by_text_message_proves_the_number(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.PHONE, "375291234567", "Vera"))
    assert TextMessage.objects.get().to == "375291234567"
    assert accept(client, path) == 302
    assert Identifier.objects.get(value="375291234567").verified


def test_V8_the_token_is_kept_nowhere(cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    token = path.split("/")[2]
    kept = Invitation.objects.get()
    assert token not in str(Invitation.objects.values().get())
    assert kept.digest == inviting.digest_of(token)
    assert token not in "".join(entry.beside.what for entry in Entry.objects.select_related("beside"))


def test_V8_opening_a_link_uses_nothing_up_and_a_weak_password_neither(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    for _ in range(3):
        assert client.get(path).status_code == 200
    answer = client.post(path, {"name": "Vera", "password": "12345678901", "again": "12345678901"})
    assert answer.status_code == 422
    assert pending().used is None
    assert accept(client, path) == 302


def test_V8_a_link_works_once(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    accept(client, path)
    other = Client()
    assert accept(other, path) == DEAD
    assert "has been used" in other.get(path).content.decode()
    assert Person.objects.filter(name="Vera Zhuk").count() == 1
    assert "_auth_user_id" not in other.session


def test_V8_a_link_expires_after_the_days_of_the_profile(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    days = current().login.invitation_days
    with clock.stopped(clock.now() + dt.timedelta(days=days, seconds=1)):
        assert client.get(path).status_code == DEAD
        assert accept(client, path) == DEAD
    with clock.stopped(clock.now() + dt.timedelta(days=days, minutes=-1)):
        assert accept(client, path) == 302


def test_V8_a_revoked_link_is_dead_and_a_resent_one_replaces_the_first(client: Client, cast: Cast) -> None:
    first = invited(cast.anna, over_accounts(cast.first.pk))
    anna = logged_in(cast.anna)
    assert anna.post(f"/people/invitations/{pending().pk}/resend/").status_code == 302
    second = link()
    assert first != second
    assert accept(client, first) == DEAD
    assert client.get(second).status_code == 200
    anna.post(f"/people/invitations/{pending().pk}/revoke/")
    assert accept(client, second) == DEAD
    assert not Person.objects.filter(identifiers__value=VERA.value).exists()


def test_V8_a_token_that_was_never_given_leads_nowhere(client: Client, cast: Cast) -> None:
    invited(cast.anna, over_accounts(cast.first.pk))
    assert client.get("/invitation/nothing/").status_code == DEAD


def test_V8_somebody_known_logs_in_and_accepts(client: Client, cast: Cast) -> None:
    stas = Guest(Kind.EMAIL, "stas@example.org", "Stas")
    path = invited(cast.anna, over_accounts(cast.first.pk), stas)
    assert accept(client, path) == 200
    assert cast.stas.person.seats.count() == 1
    browser = logged_in(cast.stas)
    assert browser.get(path).status_code == 200
    assert browser.post(path)["Location"] == "/"
    assert cast.stas.person.seats.filter(client=cast.company).get().pk == browser.session["seat"]
    assert browser.post(path).status_code == DEAD


@pytest.mark.parametrize("guest", [VERA, Guest(Kind.EMAIL, "stas@example.org", "Stas")])
def test_V8_an_invitation_gives_nothing_to_whoever_else_is_logged_in(cast: Cast, guest: Guest) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk), guest)
    browser = logged_in(cast.kolya)
    assert browser.get(path).status_code == 403
    assert browser.post(path, {"name": "K", "password": STRONG, "again": STRONG}).status_code == 403
    assert cast.kolya.person.seats.count() == 1
    assert pending().used is None


def test_V8_a_blocked_log_in_takes_no_invitation(cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.EMAIL, "stas@example.org", "Stas"))
    Person.objects.filter(pk=cast.stas.person_id).update(is_active=False)
    assert accept(Client(), path) == DEAD


def test_V8_what_was_never_proven_keeps_nobody_out(client: Client, cast: Cast) -> None:
    Identifier.objects.create(kind="email", value=VERA.value, person=cast.stas.person, verified=False)
    path = invited(cast.anna, over_accounts(cast.first.pk))
    assert accept(client, path) == 302
    assert vera() != cast.stas.person


def test_V8_nobody_invites_to_more_than_they_have(cast: Cast) -> None:
    folder = Folder.objects.create(client=cast.company, name="Minsk")
    administrator, reach = role(BuiltIn.ADMINISTRATOR), Seat.Reach
    too_much = [
        Grant(administrator, reach.CLIENT),
        over_accounts(cast.first.pk, cast.second.pk),
        over_accounts(cast.stranger_account.pk),
        Grant(administrator, reach.FOLDERS, (folder.pk,)),
        Grant(administrator, reach.SUBSCRIBERS, (cast.subscribers[5].pk,)),
        Grant(administrator, reach.SUBSCRIBERS, (cast.stranger_subscriber.pk,)),
        Grant(role(BuiltIn.OPERATOR), reach.ACCOUNTS, (cast.first.pk,)),
        Grant(administrator, reach.ACCOUNTS, (cast.first.pk,), until=clock.now() - DAY),
    ]
    for grant in too_much:
        with pytest.raises(RefusedError):
            inviting.invite(cast.anna, VERA, grant, seen_by, HERE)
    assert Invitation.objects.count() == 0
    assert Letter.objects.count() == 0
    own = Grant(administrator, reach.SUBSCRIBERS, (cast.subscribers[0].pk,))
    inviting.invite(cast.anna, VERA, own, seen_by, HERE)


def test_V8_nobody_invites_to_a_role_with_a_right_that_they_lack(cast: Cast) -> None:
    few = [Right.MANAGE_PEOPLE.value, Right.SEE_CALLS.value]
    cast.anna.role = Role.objects.create(client=cast.company, key="few", own_name="Few", own_rights=few)
    cast.anna.save()
    with pytest.raises(RefusedError):
        inviting.invite(cast.anna, VERA, over_accounts(cast.first.pk), seen_by, HERE)


@pytest.mark.parametrize("lost", ["blocked", "role", "reach"])
def test_V8_an_invitation_dies_with_the_right_of_whoever_sent_it(client: Client, cast: Cast, lost: str) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    if lost == "blocked":
        cast.anna.blocked = True
    elif lost == "role":
        cast.anna.role = role(BuiltIn.SUBSCRIBER)
    else:
        cast.anna.targets.update(target=cast.second.pk)
    cast.anna.save()
    assert client.get(path).status_code == DEAD
    assert accept(client, path) == DEAD
    assert not Person.objects.filter(identifiers__value=VERA.value).exists()


def test_V8_somebody_else_who_may_vouches_by_sending_it_again(client: Client, cast: Cast) -> None:
    wide = Seat.objects.give(cast.sergei.person, role(BuiltIn.SUPERVISOR), cast.company)
    path = invited(cast.anna, over_accounts(cast.first.pk))
    seating.end(wide, cast.anna, seen_by, HERE)
    assert accept(client, path) == DEAD
    inviting.resend(wide, pending(), seen_by, HERE)
    assert accept(client, link()) == 302
    assert vera().seats.get().given_by == cast.sergei.person


def test_V8_an_invitation_to_a_number_that_changes_hands_is_dead(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.PHONE, "375291234567", "Vera"))
    release(Kind.PHONE, "375291234567")
    assert accept(client, path) == DEAD


def test_V8_the_role_begins_and_ends_when_it_was_said(client: Client, cast: Cast) -> None:
    start, until = clock.now() + DAY, clock.now() + 3 * DAY
    grant = Grant(role(BuiltIn.ADMINISTRATOR), Seat.Reach.ACCOUNTS, (cast.first.pk,), start, until)
    path = invited(cast.anna, grant)
    assert accept(client, path) == 302
    seat = vera().seats.get()
    assert (seat.valid_from, seat.valid_to) == (start, until)
    assert client.get("/home/")["Location"].startswith("/seats/")
    with clock.stopped(until):
        assert not Seat.objects.of(vera()).exists()


def test_V8_the_same_invitation_is_not_sent_twice_by_a_double_click(cast: Cast) -> None:
    data = {"name": "V", "to": VERA.value, "role": role(BuiltIn.ADMINISTRATOR).pk, "reach": "accounts"}
    anna = logged_in(cast.anna)
    form = {**data, "accounts": [cast.first.pk]}
    assert anna.post("/people/invite/", form).status_code == 302
    assert anna.post("/people/invite/", form).status_code == 422
    assert Letter.objects.count() == 1


@pytest.mark.usefixtures("noon")
def test_V8_invitations_are_bounded_for_whoever_gets_them(cast: Cast) -> None:
    anna = logged_in(cast.anna)
    invited(cast.anna, over_accounts(cast.first.pk))
    for _ in range(current().login.codes_per_day + 3):
        anna.post(f"/people/invitations/{pending().pk}/resend/")
    assert Letter.objects.count() == current().login.codes_per_day


def used_up(name: str, subject: str) -> None:
    """As many as a day allows were counted under this bound, where one was."""
    per_day = current().login.invitations_per_day
    limit = Limit(name, subject, per_day, DAY)
    assert Bound.objects.filter(key=limit.key).update(count=per_day) == 1


@pytest.mark.usefixtures("noon")
def test_V8_invitations_are_bounded_for_a_client_whoever_of_it_sends_them(cast: Cast) -> None:
    invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.PHONE, "375291234567", "Vera"))
    used_up("invitations of", str(cast.company.pk))
    for seat in (cast.anna, cast.sergei):
        with pytest.raises(TooOften):
            invited(seat, over_accounts(cast.first.pk), Guest(Kind.PHONE, "375291234568", "Ivan"))
    assert TextMessage.objects.count() == 1
    # Another company is not held back.
    invited(cast.stas, over_accounts(cast.stranger_account.pk), Guest(Kind.PHONE, "375291234569", "Petr"))


@pytest.mark.usefixtures("noon")
def test_V8_invitations_are_bounded_for_an_address_of_the_network_whichever_company_sends_them(cast: Cast) -> None:
    invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.PHONE, "375291234567", "Vera"))
    used_up("invitations from", HERE.address)
    strangers, petr = over_accounts(cast.stranger_account.pk), Guest(Kind.PHONE, "375291234569", "Petr")
    with pytest.raises(TooOften):
        invited(cast.stas, strangers, petr)
    # From another address it may.
    inviting.invite(cast.stas, petr, strangers, seen_by, replace(HERE, address="203.0.113.9"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_V8_of_two_who_take_one_invitation_at_once_one_has_the_role(cast: Cast) -> None:
    invited(cast.anna, over_accounts(cast.first.pk))
    found = pending()
    start = threading.Barrier(TOGETHER)

    def work(place: int) -> str:
        try:
            connection.ensure_connection()
            start.wait()
            inviting.accept_new(found, f"Vera {place}", STRONG, seen_by, HERE)
        except RefusedError:
            return "refused"
        else:
            return "in"
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        said = sorted(pool.map(work, range(TOGETHER)))
    assert said == ["in", *["refused"] * (TOGETHER - 1)]
    assert vera().seats.count() == 1
    assert Person.objects.filter(name__startswith="Vera").count() == 1


def test_V8_foreign_ids_in_the_form_are_no_choice(cast: Cast) -> None:
    anna = logged_in(cast.anna)
    own_role = Role.objects.create(client=cast.stranger, key="s", own_name="Theirs", own_rights=[])
    base = {"name": "V", "to": VERA.value, "role": role(BuiltIn.ADMINISTRATOR).pk}
    wrong: list[dict[str, object]] = [
        {**base, "reach": "accounts", "accounts": [cast.stranger_account.pk]},
        {**base, "reach": "accounts", "accounts": [cast.second.pk]},
        {**base, "reach": "client"},
        {**base, "reach": "accounts"},
        {**base, "reach": "subscribers", "numbers": cast.stranger_subscriber.number},
        {**base, "role": own_role.pk, "reach": "accounts", "accounts": [cast.first.pk]},
        {**base, "to": "no address@", "reach": "accounts", "accounts": [cast.first.pk]},
    ]
    for form in wrong:
        assert anna.post("/people/invite/", form).status_code == 422, form
    assert Invitation.objects.count() == 0


def test_V8_everything_about_an_invitation_is_in_the_journal(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk))
    anna = logged_in(cast.anna)
    anna.post(f"/people/invitations/{pending().pk}/resend/")
    path = link()
    accept(client, path)
    invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.EMAIL, "other@example.com", "O"))
    anna.post(f"/people/invitations/{pending().pk}/revoke/")
    actions = Entry.objects.filter(client_id=cast.company.pk).order_by("pk").values_list("action", flat=True)
    told = ["access.invite", "access.invite-again", "access.accept", "access.login", "access.invite", "access.revoke"]
    assert list(actions) == told
    entry = Entry.objects.get(action="access.accept")
    assert entry.beside.after["targets"] == [cast.first.number]


def test_V8_a_pending_invitation_is_seen_by_whoever_may(cast: Cast) -> None:
    invited(cast.anna, over_accounts(cast.first.pk))
    wide = Seat.objects.give(cast.sergei.person, role(BuiltIn.SUPERVISOR), cast.company)
    pages = {
        name: logged_in(seat).get("/people/invitations/").content.decode()
        for name, seat in {"anna": cast.anna, "wide": wide, "narrow": cast.sergei, "stranger": cast.stas}.items()
    }
    assert [name for name, page in pages.items() if VERA.value in page] == ["anna", "wide"]


def test_V8_the_invited_can_log_in_by_password_afterwards(client: Client, cast: Cast) -> None:
    path = invited(cast.anna, over_accounts(cast.first.pk), Guest(Kind.PHONE, "375291234567", "Vera"))
    accept(client, path)
    other = Client()
    assert other.post("/login/password/", {"value": "375291234567", "password": STRONG}).status_code == 302
