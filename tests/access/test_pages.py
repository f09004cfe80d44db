"""What the answers say to the browser, the inbox of the demonstration, and forms that outlive a session."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client, RequestFactory, override_settings

from abonent.access.address import address_of
from abonent.access.models import LoginSession
from abonent.access.sessions import KEPT
from abonent.files.keeping import store
from abonent.lib import clock
from abonent.outbox.models import Letter, TextMessage
from abonent.outbox.posting import post, text
from tests.cast import PASSWORD, Cast
from tests.conftest import NOON, logged_in

pytestmark = pytest.mark.django_db

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize("address", ["/login/", "/no-such-page/", "/seats/", "/static/portal/mark.svg"])
def test_every_answer_carries_the_strict_headers(client: Client, address: str) -> None:
    answer = client.get(address)
    answer.close()
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "geolocation=()" in answer.headers["Permissions-Policy"]


def test_a_page_forbids_sniffing_referrers_and_foreign_windows(client: Client) -> None:
    headers = client.get("/login/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


@override_settings(SECURE_HSTS_SECONDS=1000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_over_https_the_browser_is_told_to_stay_there() -> None:
    assert (
        Client().get("/login/", secure=True).headers["Strict-Transport-Security"] == "max-age=1000; includeSubDomains"
    )


def test_pages_of_a_person_are_not_kept_by_the_browser(anna_client: Client) -> None:
    assert anna_client.get("/seats/").headers["Cache-Control"] == "no-store, private"
    assert anna_client.get("/styleguide/").headers["Cache-Control"] == "no-store, private"


@override_settings(TRUSTED_PROXIES=["10.0.0.0/8"])
def test_the_address_is_that_of_the_person_and_cannot_be_forged() -> None:
    def seen(peer: str, forwarded: str) -> str:
        return address_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded}))

    assert seen("10.0.0.1", "203.0.113.5") == "203.0.113.5"
    assert seen("10.0.0.1", "198.51.100.1, 203.0.113.5, 10.0.0.2") == "203.0.113.5"
    assert seen("203.0.113.9", "198.51.100.1") == "203.0.113.9"


def test_the_inbox_shows_what_was_delivered_with_its_code_and_files(client: Client) -> None:
    message = text("375291000001", "Your code is 123456.", purpose="login code")
    assert "123456" not in client.get("/inbox/").content.decode()
    TextMessage.objects.filter(pk=message.pk).update(sent_at=clock.now())
    file = store(b"%PDF-1.7", name="x.pdf", mime="application/pdf")
    letter = post("a@b.by", "Invoice", "<b>Sum</b>", purpose="invoice", language="en", attachments=[(file, "x.pdf")])
    attachment = letter.attachments.get().pk
    assert client.get(f"/inbox/{attachment}/").status_code == 404
    Letter.objects.update(sent_at=clock.now())
    page = client.get("/inbox/").content.decode()
    assert 'data-copy="123456"' in page
    assert "&lt;b&gt;Sum" in page
    answer = client.get(f"/inbox/{attachment}/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="x.pdf"'
    assert answer.getvalue() == b"%PDF-1.7"
    answer.close()


@override_settings(DEMO=False)
def test_outside_the_demonstration_there_is_no_inbox(client: Client) -> None:
    assert client.get("/inbox/").status_code == 404
    assert client.get("/inbox/1/").status_code == 404


FORM = {"name": ["Жук", "Дым"], "password": "secret", "csrfmiddlewaretoken": "x"}


def typed_after_expiry(browser: Client) -> None:
    """Send a form an hour after the session ended."""
    LoginSession.objects.update(expire_date=NOON - dt.timedelta(hours=1))
    assert browser.post("/seats/?a=1", FORM)["Location"].startswith("/login/?next=")


def test_what_was_typed_survives_a_session_that_ended(anna_client: Client, cast: Cast) -> None:
    typed_after_expiry(anna_client)
    answer = anna_client.post("/login/password/", {"value": "375291000001", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/login/resume/"
    page = answer.content.decode()
    assert 'action="/seats/?a=1"' in page
    assert page.count('type="hidden" name="name"') == 2
    assert "Жук" in page
    assert "secret" not in page
    assert anna_client.session["seat"] == cast.anna.pk
    assert anna_client.post("/login/resume/drop/")["Location"] == "/"
    assert anna_client.get("/login/resume/")["Location"] == "/"


@pytest.mark.usefixtures("cast", "noon")
def test_the_browser_names_its_session_for_as_long_as_it_is_kept(client: Client) -> None:
    """Else nothing would tell, when the session has ended, whose the form is."""
    client.post("/login/password/", {"value": "375291000001", "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    row = LoginSession.objects.get(session_key=cookie.value)
    assert row.expire_date == NOON + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)
    assert dt.timedelta(seconds=int(cookie["max-age"])) == KEPT + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)


@pytest.mark.parametrize("origin", ["http://testserver", "https://evil.example", ""])
def test_what_was_typed_before_the_last_log_in_is_kept_if_our_own_page_sent_it(cast: Cast, origin: str) -> None:
    kept = origin == "http://testserver"
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = logged_in(cast.anna).cookies
    answer = browser.post("/seats/?a=1", FORM, headers={"origin": origin} if origin else {})
    assert answer.status_code == 403
    assert ('href="/login/resume/"' in answer.content.decode()) is kept
    assert ("Жук" in browser.get("/login/resume/", follow=True).content.decode()) is kept


@pytest.mark.usefixtures("cast")
def test_what_was_typed_is_shown_to_nobody_else(anna_client: Client) -> None:
    typed_after_expiry(anna_client)
    answer = anna_client.post("/login/password/", {"value": "375291000009", "password": PASSWORD})
    assert answer["Location"] == "/seats/?next=%2F"
    assert "typed" not in anna_client.session


def test_nothing_is_kept_of_a_form_from_nobody(client: Client) -> None:
    client.post("/seats/", FORM)
    assert "typed" not in client.session
