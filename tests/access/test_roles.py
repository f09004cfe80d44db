"""V8: a client's own roles: nobody makes, changes or deletes one that has more than they do themselves."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from abonent.access.giving import may_give
from abonent.access.grants import Grant, RefusedError
from abonent.access.inviting import Guest
from abonent.access.models import Identifier, Invitation, Role, Seat
from abonent.access.own_roles import Wish, change, delete, holders, make, may_change, numbers_of_holders
from abonent.access.rights import CLIENT_RIGHTS, RIGHT_GROUPS, RIGHT_NAMES, BuiltIn, Right
from abonent.audit.models import Entry
from abonent.clients.models import Folder
from abonent.lib import clock
from tests import cast as cast_module
from tests.access.people import invited
from tests.cast import Cast
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
FEW = frozenset({Right.SEE_FINANCE, Right.ORDER_DOCUMENTS})


def wish(name: str = "Accountant", rights: frozenset[Right] = FEW, **limits: object) -> Wish:
    return Wish(name, rights, **limits)  # type: ignore[arg-type]  # the limits of a test


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        work()
    return caught.value.refusal.code


def chief(cast: Cast) -> Seat:
    """Sergei, supervisor of the whole client."""
    return Seat.objects.give(cast.sergei.person, Role.objects.built_in(BuiltIn.SUPERVISOR), cast.company)


def manager(cast: Cast, *rights: Right, **limits: object) -> Seat:
    """Kolya over the whole client, with the right to make roles and what else is named."""
    role = make(cast.sergei, wish("Manager", frozenset({Right.MANAGE_ROLES, *rights}), **limits))
    return Seat.objects.give(cast.kolya.person, role, cast.company)


def test_V8_every_right_of_a_client_stands_in_one_group_and_has_a_name() -> None:
    shown = [right for _name, rights in RIGHT_GROUPS for right in rights]
    assert sorted(shown) == sorted(CLIENT_RIGHTS)
    assert set(RIGHT_NAMES) == set(Right)


def test_V8_a_role_is_made_and_written_down(cast: Cast) -> None:
    role = make(cast.anna, wish(max_rows=20, max_cost=Decimal("100.50")))
    assert (role.client, role.name, role.rights) == (cast.company, "Accountant", FEW)
    entry = Entry.objects.get(action="access.role-make")
    assert (entry.client_id, entry.target_kind, entry.target_id) == (cast.company.pk, "role", str(role.pk))
    assert entry.beside.after == {
        "name": "Accountant",
        "rights": ["see_finance", "order_documents"],
        "max_rows": 20,
        "max_cost": "100.50",
    }


def test_V8_two_own_roles_never_share_a_key(cast: Cast) -> None:
    roles = [make(cast.anna, wish(f"Role {place}")) for place in range(5)]
    assert len({role.key for role in roles}) == 5


@pytest.mark.parametrize("name", ["", "   ", "Accountant", " ACCOUNTANT ", "administrator", "Администратор", "АБОНЕНТ"])
def test_V8_a_name_is_needed_and_once_a_client(cast: Cast, name: str) -> None:
    make(cast.anna, wish())
    assert code_of(lambda: make(cast.anna, wish(name))) == "name"
    other = make(cast.anna, wish("Other"))
    assert code_of(lambda: change(cast.anna, other, wish(name), 1)) == "name"
    assert make(cast.stas, wish()).name == "Accountant", "another client's names are its own"


def test_V8_a_role_keeps_its_name_in_another_case(cast: Cast) -> None:
    role = make(cast.anna, wish())
    assert change(cast.anna, role, wish("ACCOUNTANT"), 1).name == "ACCOUNTANT"


@pytest.mark.parametrize("right", sorted(CLIENT_RIGHTS - {Right.MANAGE_ROLES}))
def test_V8_nobody_makes_or_changes_a_role_to_have_what_they_lack(cast: Cast, right: Right) -> None:
    rest = CLIENT_RIGHTS - {right}
    giver = manager(cast, *rest)
    assert code_of(lambda: make(giver, wish("X", frozenset({right})))) == "rights"
    role = make(giver, wish("X", rest))
    assert code_of(lambda: change(giver, role, wish("X", CLIENT_RIGHTS), 1)) == "rights"
    richer = make(cast.sergei, wish("Y", frozenset({right})))
    assert code_of(lambda: change(giver, richer, wish("Y", frozenset()), 1)) == "rights", "nor takes it from others"
    assert code_of(lambda: delete(giver, richer)) == "rights"


def test_V8_a_right_of_the_operator_is_in_no_role_of_a_client(cast: Cast) -> None:
    assert code_of(lambda: make(cast.sergei, wish("X", frozenset({Right.OPERATOR_CATALOG})))) == "rights"
    assert code_of(lambda: make(cast.olga, wish("X"))) == "role"


def test_V8_nobody_makes_a_role_with_a_higher_limit_than_their_own(cast: Cast) -> None:
    giver = manager(cast, Right.CHANGE_SERVICES, max_rows=20, max_cost=Decimal(100))
    ordering = frozenset({Right.CHANGE_SERVICES})
    assert code_of(lambda: make(giver, wish("X", ordering, max_rows=21, max_cost=Decimal(100)))) == "rows"
    assert code_of(lambda: make(giver, wish("X", ordering, max_rows=20))) == "cost"
    role = make(giver, wish("X", ordering, max_rows=20, max_cost=Decimal(100)))
    assert code_of(lambda: change(giver, role, wish("X", ordering), 1)) == "rows"
    free = make(cast.sergei, wish("Y", ordering))
    assert code_of(lambda: change(giver, free, wish("Y", ordering, max_rows=1, max_cost=Decimal(1)), 1)) == "rows"


def test_V8_a_changed_role_changes_everybody_who_has_it_at_once(cast: Cast) -> None:
    role = make(cast.sergei, wish("Viewer", frozenset({Right.SEE_SUBSCRIBERS})))
    browser = logged_in(Seat.objects.give(cast.kolya.person, role, cast.company))
    assert browser.get("/subscribers/").status_code == 200
    change(chief(cast), role, wish("Viewer", FEW), 1)
    assert browser.get("/subscribers/").status_code == 403
    assert browser.get("/finance/payments/").status_code == 200
    entry = Entry.objects.get(action="access.role-change")
    assert entry.beside.before == {"rights": ["see_subscribers"]}
    assert entry.beside.after == {"rights": ["see_finance", "order_documents"]}


def test_V8_who_loses_a_right_can_no_longer_give_change_or_delete_the_role_they_made(cast: Cast) -> None:
    giver = manager(cast, Right.TERMINATE)
    own = giver.role
    role = make(giver, wish("Cutter", frozenset({Right.TERMINATE})))
    change(chief(cast), own, wish("Manager", frozenset({Right.MANAGE_ROLES})), 1)
    later = Seat.objects.get(pk=giver.pk)
    refusal = may_give(later, role, Seat.Reach.CLIENT, [])
    assert refusal is not None
    assert refusal.code == "rights"
    assert code_of(lambda: change(later, role, wish("Cutter", frozenset()), 1)) == "rights"
    assert code_of(lambda: delete(later, role)) == "rights"
    assert code_of(lambda: make(later, wish("Copy", role.rights))) == "rights"


def test_V8_nobody_raises_the_role_that_they_have_themselves(cast: Cast) -> None:
    giver = manager(cast)
    wanted = wish("Manager", frozenset({Right.MANAGE_ROLES, Right.TERMINATE}))
    assert code_of(lambda: change(giver, giver.role, wanted, 1)) == "rights"


def test_V8_who_reaches_a_part_does_not_change_a_role_of_people_who_reach_more(cast: Cast) -> None:
    minsk = Folder.objects.create(client=cast.company, name="Minsk")
    role = make(cast.sergei, wish())
    line = cast.subscribers[0].pk
    narrow = Seat.objects.give(
        cast.kolya.person, Role.objects.built_in(BuiltIn.ADMINISTRATOR), cast.company, folders=[minsk.pk]
    )
    assert may_change(narrow, role) is None
    Seat.objects.give(cast.elena.person, role, cast.company, folders=[minsk.pk])
    assert may_change(narrow, role) is None
    Seat.objects.give(cast.elena.person, role, cast.company, subscribers=[line])
    assert may_change(narrow, role, seen=[line]) is None
    assert code_of(lambda: change(narrow, role, wish("X"), 1)) == "reach"
    Seat.objects.give(cast.elena.person, role, cast.company, accounts=[cast.first.pk])
    assert code_of(lambda: change(narrow, role, wish("X"), 1, seen=[line])) == "reach"
    assert may_change(cast.sergei, role, seen=[line]) is not None, "accounts: a folder is not theirs"
    whole = Seat.objects.give(cast.kolya.person, narrow.role, cast.company)
    assert may_change(whole, role) is None


def test_V8_nor_a_role_that_somebody_who_is_to_reach_more_is_invited_to(cast: Cast) -> None:
    """Else the one who invited would vouch for what was added to the role before the link is opened."""
    minsk = Folder.objects.create(client=cast.company, name="Minsk")
    role, line = make(cast.sergei, wish()), cast.subscribers[0].pk
    narrow = Seat.objects.give(
        cast.kolya.person, Role.objects.built_in(BuiltIn.ADMINISTRATOR), cast.company, folders=[minsk.pk]
    )
    invited(
        chief(cast), Grant(role, Seat.Reach.FOLDERS, (minsk.pk,)), Guest(Identifier.Kind.EMAIL, "a@example.com", "A")
    )
    assert may_change(narrow, role) is None
    invited(
        chief(cast), Grant(role, Seat.Reach.SUBSCRIBERS, (line,)), Guest(Identifier.Kind.EMAIL, "b@example.com", "B")
    )
    assert numbers_of_holders(role) == {line}
    assert may_change(narrow, role, seen=[line]) is None
    assert code_of(lambda: change(narrow, role, wish("X"), 1)) == "reach"
    invited(chief(cast), Grant(role, Seat.Reach.CLIENT), Guest(Identifier.Kind.EMAIL, "c@example.com", "C"))
    assert code_of(lambda: change(narrow, role, wish("X"), 1, seen=[line])) == "reach"
    whole = Seat.objects.give(cast.kolya.person, narrow.role, cast.company)
    assert may_change(whole, role) is None


def test_V8_roles_of_others_and_built_in_ones_are_not_changed(cast: Cast) -> None:
    foreign = make(cast.stas, wish())
    assert code_of(lambda: change(cast.anna, foreign, wish("X"), 1)) == "role"
    assert code_of(lambda: delete(cast.anna, foreign)) == "role"
    for built_in in BuiltIn:
        role = Role.objects.built_in(built_in)
        assert code_of(lambda role=role: change(cast.anna, role, wish("X"), 1)) == "role"  # type: ignore[misc]  # bound now
        assert code_of(lambda role=role: delete(cast.anna, role)) == "role"  # type: ignore[misc]  # the same


def test_V8_of_two_who_edit_at_once_the_second_is_told(cast: Cast) -> None:
    role = make(cast.anna, wish())
    change(cast.sergei, role, wish("Books"), 1)
    assert code_of(lambda: change(cast.anna, role, wish("Ledger"), 1)) == "changed"
    role.refresh_from_db()
    assert (role.name, role.version) == ("Books", 2)


def test_V8_saving_nothing_new_is_no_change(cast: Cast) -> None:
    role = make(cast.anna, wish())
    assert change(cast.anna, role, wish(), 1).version == 1
    assert not Entry.objects.filter(action="access.role-change").exists()


def test_V8_a_role_that_somebody_has_or_is_promised_is_not_deleted(cast: Cast) -> None:
    role = make(cast.anna, wish())
    seat = Seat.objects.give(cast.kolya.person, role, cast.company)
    Seat.objects.filter(pk=seat.pk).update(blocked=True)
    invitation = Invitation.objects.create(
        client=cast.company,
        by=cast.anna.person,
        kind=Identifier.Kind.EMAIL,
        value="new@example.com",
        name="Новенький",
        role=role,
        reach=Seat.Reach.CLIENT,
        digest="0" * 64,
        expires=clock.now() + SECOND * 60,
    )
    assert holders(cast.anna, role) == ["Kolya", "Новенький"]
    assert code_of(lambda: delete(cast.anna, role)) == "held"
    Seat.objects.filter(pk=seat.pk).update(valid_to=clock.now())
    assert holders(cast.anna, role) == ["Новенький"], "a role that was taken away is history"
    assert code_of(lambda: delete(cast.anna, role)) == "held"
    with clock.stopped(invitation.expires):
        delete(cast.anna, role)
    assert not Role.objects.within(cast.anna).filter(pk=role.pk).exists()
    refusal = may_give(cast.anna, role, Seat.Reach.ACCOUNTS, [cast.first.pk])
    assert refusal is not None, "the role that was read before is given no more"
    assert make(cast.anna, wish()).name == "Accountant", "its name is free again"
    entry = Entry.objects.get(action="access.role-delete")
    assert entry.beside.before["name"] == "Accountant"


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [
        (-1, None, True),
        (0, None, True),
        (1, None, False),
        (-9, 1, True),
        (-9, 0, False),
        (-9, -1, False),
    ],
)
def test_V8_a_seat_gives_something_from_its_first_second_to_before_its_last(
    cast: Cast, begins: int, ends: int | None, *, counts: bool
) -> None:
    """Half-open: at `valid_from` it holds, at `valid_to` no more; seconds from noon."""
    browser = logged_in(cast.sergei)
    until = None if ends is None else NOON + SECOND * ends
    Seat.objects.filter(pk=cast.sergei.pk).update(valid_from=NOON + SECOND * begins, valid_to=until)
    with clock.stopped(NOON):
        assert Seat.objects.in_force().filter(pk=cast.sergei.pk).exists() == counts
        assert browser.get("/subscribers/").status_code == (200 if counts else 302)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_V8_of_two_roles_of_one_name_made_at_once_one_is_refused() -> None:
    cast = cast_module.build()
    ready, answers = Barrier(2), []

    def run(seat: Seat) -> None:
        ready.wait(10)
        try:
            make(seat, wish())
            answers.append("made")
        except RefusedError as refused:
            answers.append(refused.refusal.code)
        finally:
            connections["default"].close()

    threads = [Thread(target=run, args=(seat,)) for seat in (cast.anna, cast.sergei)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["made", "name"], connection.vendor
    assert Role.objects.filter(client=cast.company, name_key="accountant").count() == 1


def test_V8_a_change_never_leaves_a_client_without_somebody_who_manages_its_people(cast: Cast) -> None:
    boss = make(cast.stas, wish("Boss", CLIENT_RIGHTS))
    seat = Seat.objects.give(cast.stas.person, boss, cast.stranger)
    change(seat, boss, wish("Boss", CLIENT_RIGHTS - {Right.MANAGE_PEOPLE}), 1)
    change(cast.stas, boss, wish("Boss", CLIENT_RIGHTS), 2)
    Seat.objects.filter(pk=cast.stas.pk).update(blocked=True)
    lesser = wish("Boss", CLIENT_RIGHTS - {Right.MANAGE_PEOPLE})
    assert code_of(lambda: change(Seat.objects.get(pk=seat.pk), boss, lesser, 3)) == "last"
    boss.refresh_from_db()
    assert boss.rights == CLIENT_RIGHTS
    assert Entry.objects.filter(action="access.role-change").count() == 2


@pytest.mark.parametrize("lost", [{"blocked": True}, {"valid_to": NOON}])
def test_V8_who_lost_the_seat_since_the_request_began_changes_nothing(cast: Cast, lost: dict[str, object]) -> None:
    role = make(cast.anna, wish())
    assert cast.anna.has(Right.MANAGE_ROLES)
    Seat.objects.filter(pk=cast.anna.pk).update(**lost)
    with clock.stopped(NOON):
        assert code_of(lambda: make(cast.anna, wish("X"))) == "giver"
        assert code_of(lambda: change(cast.anna, role, wish("X"), 1)) == "giver"
        assert code_of(lambda: delete(cast.anna, role)) == "giver"
