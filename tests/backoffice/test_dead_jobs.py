"""What is stuck can be seen, understood and started again."""

import socket

from django.test import Client as Browser
from django.urls import reverse

from abonent.audit.models import Entry
from abonent.jobs.models import State, WorkerBeat
from abonent.lib import clock
from abonent.outbox.models import Letter, TextMessage
from tests.cast import Cast


def dead_text(error: str = "Refused by the centre.") -> TextMessage:
    values = {"state": State.DEAD, "next_try": None, "attempts": 8, "finished": clock.now(), "error": error}
    return TextMessage.objects.create(to="375291000001", body="…", **values)


def restart(job: TextMessage) -> str:
    return reverse("job_restart", kwargs={"kind": "outbox.textmessage", "pk": job.pk})


def test_a_dead_job_is_shown_with_its_reason_once(cast: Cast, olga_client: Browser) -> None:
    text = dead_text()
    Letter.objects.create(to="a@example.com", subject="Lost invoice", text="…", state=State.DEAD, next_try=None)
    page = olga_client.get(reverse("dead_jobs")).content.decode()
    assert "Refused by the centre." in page
    assert restart(text) in page
    # Two queues have letters; the letter is one.
    assert page.count("Lost invoice") == 1
    assert cast.olga.pk


def test_an_error_of_the_program_is_said_to_be_one(cast: Cast, olga_client: Browser) -> None:
    dead_text("ZeroDivisionError")
    assert "The program failed (ZeroDivisionError)" in olga_client.get(reverse("dead_jobs")).content.decode()
    assert cast.olga.pk


def test_a_restarted_job_waits_again_and_the_journal_has_it(cast: Cast, olga_client: Browser) -> None:
    text = dead_text()
    response = olga_client.post(restart(text), follow=True)
    assert "It is started again." in response.content.decode()
    text.refresh_from_db()
    assert (text.state, text.attempts, text.error) == (State.WAITING, 0, "")
    entry = Entry.objects.get(action="jobs.restart")
    assert (entry.actor_id, entry.target_id) == (str(cast.olga.person_id), str(text.pk))
    assert entry.beside.before == {"error": "Refused by the centre.", "attempts": 8}
    assert "It is not stuck any more." in olga_client.post(restart(text), follow=True).content.decode()
    assert Entry.objects.filter(action="jobs.restart").count() == 1


def test_what_is_no_job_is_not_found(cast: Cast, olga_client: Browser) -> None:
    for kind, pk in (("outbox.textmessage", 10**6), ("access.person", cast.anna.person_id)):
        address = reverse("job_restart", kwargs={"kind": kind, "pk": pk})
        assert olga_client.post(address).status_code == 404


def test_the_page_tells_what_waits_and_who_works(cast: Cast, olga_client: Browser) -> None:
    page = olga_client.get(reverse("dead_jobs")).content.decode()
    assert "No worker is running" in page
    TextMessage.objects.create(to="375291000001", body="…")
    WorkerBeat.objects.create(host=socket.gethostname(), process=4242)
    page = olga_client.get(reverse("dead_jobs")).content.decode()
    assert "outbox.texts" in page
    assert "4242" in page
    assert "No worker is running" not in page
    assert cast.olga.pk
