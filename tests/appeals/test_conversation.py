"""L10, V9: who sees an appeal, how it goes from state to state, deadlines, the journal, letters."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from abonent import profile
from abonent.access.bounds import TooOften
from abonent.access.models import Identifier, Role, Seat
from abonent.access.rights import BuiltIn, Right
from abonent.appeals.conversation import (
    Meanwhile,
    Said,
    Subject,
    TooLate,
    add_note,
    close,
    last_of_client,
    open_appeal,
    rate,
    reply,
    take,
    write,
)
from abonent.appeals.models import Appeal, Attachment, Message
from abonent.audit.models import Entry
from abonent.lib import clock
from abonent.outbox.models import Letter
from abonent.profile.calendar import answer_due
from tests import cast as cast_module
from tests.appeals import samples
from tests.appeals.world import answered, asked, file_of, latest_letter, said
from tests.cast import Cast

State = Appeal.State
pytestmark = pytest.mark.postgres


def seen_by(seat: Seat) -> set[str]:
    return set(Appeal.objects.within(seat).values_list("topic", flat=True))


def journaled(action: str, client_id: int | None) -> list[Entry]:
    return list(Entry.objects.filter(action=action, client_id=client_id).select_related("beside"))


def test_V9_a_seat_sees_its_own_and_those_of_its_accounts(cast: Cast) -> None:
    asked(cast.elena, "Elena", cast.subscribers[0])
    asked(cast.anna, "Anna")
    asked(cast.sergei, "Sergei")
    asked(cast.sergei, "Second", cast.subscribers[-1])
    asked(cast.stas, "Stas")
    assert seen_by(cast.elena) == {"Elena"}
    assert seen_by(cast.anna) == {"Elena", "Anna"}
    assert seen_by(cast.sergei) == {"Elena", "Anna", "Sergei", "Second"}
    assert seen_by(cast.stas) == {"Stas"}
    assert seen_by(cast.kolya) == set()
    assert seen_by(cast.olga) == {"Elena", "Anna", "Sergei", "Second", "Stas"}


def test_V9_a_whole_client_sees_what_belongs_to_no_account_and_a_folder_only_its_own(cast: Cast) -> None:
    supervisor = Role.objects.built_in(BuiltIn.SUPERVISOR)
    whole = Seat.objects.give(cast.sergei.person, supervisor, cast.company)
    folder = Seat.objects.give(cast.sergei.person, supervisor, cast.company, folders=[])
    asked(cast.sergei, "No account")
    asked(folder, "Of a folder")
    assert seen_by(whole) == {"No account", "Of a folder"}
    assert seen_by(folder) == {"Of a folder"}
    assert seen_by(cast.anna) == set()


def test_V9_without_the_right_nothing_is_seen(cast: Cast) -> None:
    asked(cast.anna, "Anna")
    rights = [right.value for right in Right if not right.is_operators and right != Right.ASK_OPERATOR]
    deaf = Role.objects.create(client=cast.company, key="deaf", own_name="Deaf", own_rights=rights)
    seat = Seat.objects.give(cast.anna.person, deaf, cast.company)
    assert seen_by(seat) == set()


def test_L10_numbers_go_up_within_a_client_and_the_same_key_is_one_appeal(cast: Cast) -> None:
    subject, words = Subject("bill", "The invoice"), said()
    first = open_appeal(cast.anna, subject, words, None)
    assert open_appeal(cast.anna, subject, words, None) == first
    assert [first.number, asked(cast.sergei).number, asked(cast.stas).number] == [1, 2, 1]
    assert first.messages.count() == 1


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        # A Monday at noon, and at night; a Thursday over the weekend; before the holiday of 7 November.
        ("2026-11-09T12:00+03:00", "2026-11-13T00:00+03:00"),
        ("2026-11-09T23:59+03:00", "2026-11-13T00:00+03:00"),
        ("2026-11-12T10:00+03:00", "2026-11-18T00:00+03:00"),
        ("2026-12-23T10:00+03:00", "2026-12-30T00:00+03:00"),
    ],
)
def test_L10_the_answer_is_due_at_the_end_of_the_third_working_day(asked_at: str, due: str) -> None:
    moment = dt.datetime.fromisoformat
    assert answer_due(profile.read("by"), moment(asked_at)) == moment(due)


def test_L10_an_appeal_goes_from_state_to_state(cast: Cast, noon: dt.datetime) -> None:
    appeal = asked(cast.anna)
    assert (appeal.state, appeal.is_overdue, appeal.is_answered) == (State.OPEN, False, False)
    first_due = appeal.due
    with clock.stopped(first_due):
        assert appeal.is_overdue
        assert list(Appeal.objects.within(cast.olga).waiting().overdue()) == [appeal]
        answered(appeal, cast.olga, "Which month?", State.ASKED)
        assert (appeal.state, appeal.was_late, appeal.assignee) == (State.ASKED, True, cast.olga.person)
    with clock.stopped(noon + dt.timedelta(days=7)):
        write(appeal, cast.anna, said("October"), None)
        assert (appeal.state, appeal.is_answered, appeal.due > first_due) == (State.OPEN, False, True)
        second_due = appeal.due
    with clock.stopped(noon + dt.timedelta(days=8)):
        write(appeal, cast.anna, said("And September"), None)
        # What waits already is not put off by asking again.
        assert appeal.due == second_due
        answered(appeal, cast.olga)
        assert (appeal.state, appeal.was_late) == (State.ANSWERED, False)
        assert close(appeal, cast.anna, None)
        assert not close(appeal, cast.anna, None)
    assert appeal.state == State.CLOSED
    events = appeal.messages.filter(author="system").values_list("event", flat=True)
    assert list(events) == ["closed"]


def test_L10_a_closed_appeal_is_taken_up_again_for_a_while(cast: Cast, noon: dt.datetime) -> None:
    appeal = asked(cast.anna)
    answered(appeal, cast.olga, state=State.CLOSED)
    assert rate(appeal, cast.anna, 5, "Quick", None)
    days = profile.current().appeals.reopen_days
    with clock.stopped(noon + dt.timedelta(days=days)), pytest.raises(TooLate):
        write(appeal, cast.anna, said("Once more"), None)
    with clock.stopped(noon + dt.timedelta(days=days - 1)):
        write(appeal, cast.anna, said("Once more"), None)
    assert (appeal.state, appeal.rating, appeal.closed_at) == (State.OPEN, None, None)
    assert [entry.action for entry in journaled("appeals.reopen", cast.company.pk)] == ["appeals.reopen"]


def test_L10_the_staff_cannot_close_what_they_have_not_answered(cast: Cast) -> None:
    appeal = asked(cast.anna)
    assert not close(appeal, cast.olga, None)
    answered(appeal, cast.olga)
    assert close(appeal, cast.olga, None)


def test_L10_an_answer_is_rated_with_a_word(cast: Cast) -> None:
    appeal = asked(cast.anna)
    assert not rate(appeal, cast.anna, 5, "", None)
    answered(appeal, cast.olga)
    assert not rate(appeal, cast.anna, 6, "", None)
    assert not rate(appeal, cast.anna, 0, "", None)
    assert rate(appeal, cast.anna, 4, "Quick", None)
    assert rate(appeal, cast.anna, 2, "On second thought", None)
    assert (appeal.rating, appeal.rating_word) == (2, "On second thought")
    last = journaled("appeals.rate", cast.company.pk)[-1].beside
    assert (last.before, last.after["rating"]) == ({"rating": 4, "word": "Quick"}, 2)


def test_L10_staff_who_have_not_read_all_are_told_so(cast: Cast) -> None:
    appeal = asked(cast.anna)
    seen = last_of_client(appeal)
    write(appeal, cast.anna, said("It has settled itself"), None)
    with pytest.raises(Meanwhile):
        reply(appeal, cast.olga, said("We are looking", seen=seen), State.ANSWERED, None)
    reply(appeal, cast.olga, said("Good", seen=last_of_client(appeal)), State.ANSWERED, None)
    assert appeal.messages.filter(author="staff").count() == 1


def test_L10_each_step_is_journaled_and_notes_stay_with_the_operator(cast: Cast) -> None:
    appeal = asked(cast.anna)
    file = file_of(cast.olga, samples.PDF, "answer.pdf")
    reply(appeal, cast.olga, said("See the file", file), State.ANSWERED, None)
    add_note(appeal, cast.olga, said("A difficult client"), None)
    take(appeal, cast.olga, None, give_back=True)
    write(appeal, cast.anna, said("Thank you"), None)
    own = Entry.objects.filter(client_id=cast.company.pk, action__startswith="appeals.").order_by("id")
    assert [entry.action for entry in own] == ["appeals.open", "appeals.reply", "appeals.write"]
    replied = journaled("appeals.reply", cast.company.pk)[0]
    assert (replied.actor_id, replied.target_id) == (str(cast.olga.person_id), str(appeal.pk))
    assert replied.beside.after["files"] == ["answer.pdf"]
    operators = Entry.objects.filter(client_id=None, action__startswith="appeals.").order_by("id")
    assert [entry.action for entry in operators] == ["appeals.note", "appeals.assign"]


def test_L10_a_note_and_its_files_are_never_the_clients_to_read(cast: Cast) -> None:
    appeal = asked(cast.anna)
    note = add_note(appeal, cast.olga, said("Secret", file_of(cast.olga, samples.PDF, "secret.pdf")), None)
    assert note not in appeal.messages.read_by(cast.anna)
    assert note in appeal.messages.read_by(cast.olga)
    assert not Attachment.objects.within(cast.anna).exists()
    assert Attachment.objects.within(cast.olga).exists()
    assert (appeal.state, Letter.objects.count()) == (State.OPEN, 0)


def test_V9_files_are_of_those_alone_who_see_their_appeal(cast: Cast) -> None:
    own = file_of(cast.anna, samples.PDF, "mine.pdf")
    foreign = file_of(cast.stas, samples.PDF, "another.pdf")
    open_appeal(cast.anna, Subject("bill", "The invoice"), said("Look", own), None)
    open_appeal(cast.stas, Subject("bill", "The invoice"), said("Look", foreign), None)
    assert list(Attachment.objects.within(cast.anna)) == [own]
    assert list(Attachment.objects.within(cast.stas)) == [foreign]
    assert set(Attachment.objects.within(cast.olga)) == {own, foreign}


def test_L10_files_of_another_person_cannot_be_sent_along(cast: Cast) -> None:
    foreign = file_of(cast.stas, samples.PDF, "stolen.pdf")
    appeal = open_appeal(cast.anna, Subject("bill", "The invoice"), said("Look", foreign), None)
    assert not Attachment.objects.filter(message__appeal=appeal).exists()
    sent = file_of(cast.anna, samples.PDF, "mine.pdf")
    write(appeal, cast.anna, said("Look", sent), None)
    write(appeal, cast.anna, said("Again", sent), None)
    # What is in one message is not taken out of it for another.
    assert Attachment.objects.get(pk=sent.pk).message == appeal.messages.get(text="Look", attachments__isnull=False)


def test_L10_nobody_floods_the_operator(cast: Cast, noon: dt.datetime) -> None:
    appeal = asked(cast.anna)
    for place in range(profile.current().appeals.messages_per_day - 1):
        write(appeal, cast.anna, said(str(place)), None)
    for attempt in (lambda: write(appeal, cast.anna, said(), None), lambda: asked(cast.anna)):
        with pytest.raises(TooOften):
            attempt()
    asked(cast.sergei)
    with clock.stopped(noon + dt.timedelta(days=1)):
        write(appeal, cast.anna, said(), None)


def test_L10_the_answer_goes_by_letter_to_those_who_asked(cast: Cast, settings: Settings) -> None:
    settings.MAILBOX_URL = "imap://answers:secret@127.0.0.1/INBOX"
    settings.MAILBOX_ADDRESS = "answers@operator.example"
    appeal = asked(cast.elena, "My number\r\nBcc: all@example.com", cast.subscribers[0])
    write(appeal, cast.anna, said("I ask too"), None)
    answered(appeal, cast.olga, "Because of <b>roaming</b>.")
    letters = {letter.to: letter for letter in Letter.objects.all()}
    assert set(letters) == {"elena@example.com", "anna@example.com"}
    letter = letters["anna@example.com"]
    assert "\n" not in letter.subject
    assert (letter.reply_to, letter.language, letter.client_id) == ("answers@operator.example", "en", cast.company.pk)
    assert letter.text.startswith("##-")
    assert "Because of <b>roaming</b>." in letter.text
    assert f"/appeals/{appeal.pk}/" in letter.text
    answered(appeal, cast.olga, "One thing more", State.ASKED)
    second = latest_letter()
    first_id = letters[second.to].message_id
    assert second.references == first_id
    assert second.message_id != first_id


def test_L10_whoever_lost_the_right_or_has_no_proven_address_gets_no_letter(cast: Cast) -> None:
    appeal = asked(cast.elena, about=cast.subscribers[0])
    write(appeal, cast.anna, said("I ask too"), None)
    Seat.objects.filter(pk=cast.elena.pk).update(blocked=True)
    Identifier.objects.filter(person=cast.anna.person, kind="email").update(verified=False)
    answered(appeal, cast.olga)
    assert Letter.objects.count() == 0


def test_L10_the_letter_brings_the_files_in_the_readers_language(cast: Cast) -> None:
    person = cast.anna.person
    person.language = "ru"
    person.save()
    appeal = asked(cast.anna, "Счёт")
    reply(appeal, cast.olga, said("В файле", file_of(cast.olga, samples.PDF, "ответ.pdf")), State.ANSWERED, None)
    letter = latest_letter()
    assert (letter.language, letter.reply_to) == ("ru", "")
    assert [entry.filename for entry in letter.attachments.all()] == ["ответ.pdf"]


def test_L10_a_message_said_twice_stands_once(cast: Cast) -> None:
    appeal = asked(cast.anna)
    again, answer, note = said("Again"), said("Answer"), said("Note")
    assert write(appeal, cast.anna, again, None) == write(appeal, cast.anna, again, None)
    sent = [reply(appeal, cast.olga, answer, State.ANSWERED, None) for _ in range(2)]
    noted = [add_note(appeal, cast.olga, note, None) for _ in range(2)]
    assert (sent[0], noted[0]) == (sent[1], noted[1])
    assert (appeal.messages.count(), Letter.objects.count()) == (4, 1)


@pytest.mark.django_db(transaction=True)
def test_L10_twenty_at_once_get_numbers_of_their_own_and_a_double_click_one_appeal() -> None:
    cast = cast_module.build()
    twice = Said("Twice", uuid.uuid4())

    def ask(place: int) -> int:
        try:
            words = twice if place % 2 else said(str(place))
            return open_appeal(cast.anna, Subject("bill", "The invoice"), words, None).number
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        numbers = list(pool.map(ask, range(20)))
    assert sorted(set(numbers)) == list(range(1, 12))
    assert Message.objects.filter(text="Twice").count() == 1
