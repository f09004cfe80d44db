import datetime as dt

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from abonent.jobs.models import State
from abonent.jobs.worker import drain
from abonent.lib import clock
from abonent.outbox.models import TextMessage
from abonent.outbox.posting import text
from abonent.outbox.queues import QUEUES, texts_queue
from abonent.outbox.transport import check_settings

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_in_the_demo_the_row_is_the_delivered_message() -> None:
    with clock.stopped(NOON):
        sent = text("375291234567", "123456", purpose="code")
        drain(QUEUES)
    sent.refresh_from_db()
    assert (sent.state, sent.handed_over, sent.sent_at) == (State.DONE, NOON, NOON)


def test_a_message_that_may_have_gone_is_never_repeated() -> None:
    with clock.stopped(NOON):
        begun = text("375291234567", "123456", purpose="code")
        lease = texts_queue.claim()
        assert lease is not None
        # The worker marks it, hands it over, and is killed.
        lease.note(lease.open[begun.pk], handed_over=NOON)
    with clock.stopped(NOON + dt.timedelta(seconds=10)):
        drain(QUEUES)
    begun.refresh_from_db()
    assert (begun.state, begun.sent_at) == (State.DEAD, None)
    assert begun.error == "The worker stopped while sending it; a text message is not sent twice."


def test_without_a_way_to_send_messages_are_dead_and_say_why(settings: Settings) -> None:
    settings.SMS_URL = ""
    refused = text("375291234567", "123456", purpose="code")
    drain(QUEUES)
    refused.refresh_from_db()
    assert (refused.state, refused.handed_over) == (State.DEAD, None)
    assert "ABONENT_SMS_URL" in refused.error
    settings.SMS_URL = "inbox:"
    assert refused.restart()
    drain(QUEUES)
    assert TextMessage.objects.get().state == State.DONE


def test_an_unknown_way_to_send_messages_is_an_error_at_start(settings: Settings) -> None:
    settings.SMS_URL = "smpp://localhost"
    with pytest.raises(ImproperlyConfigured, match="ABONENT_SMS_URL"):
        check_settings()
