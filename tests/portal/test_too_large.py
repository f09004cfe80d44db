"""What is larger than any form of ours is refused before it is read."""

from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from abonent import profile
from abonent.formats.refusal import MAX_BYTES
from abonent.portal.middleware import BESIDE_FILES, MEGABYTE, largest_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


class Unread:
    """A body of which nobody may take a byte."""

    def read(self, *_how_much: int) -> bytes:
        raise AssertionError

    readline = read


def sent(length: str) -> tuple[int, str]:
    """The answer to a form that says that it is so long."""
    environment: dict[str, Any] = {
        "wsgi.input": Unread(),
        "CONTENT_LENGTH": length,
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }
    answer = Client().generic("POST", reverse("login"), **environment)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("length", [str(largest_request() + 1), "9" * 19, "9" * 500, "٩" * 19, "+99_999_999_999"])
def test_a_body_beyond_the_bound_is_refused_unread_and_the_bound_is_said(length: str) -> None:
    status, page = sent(length)
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "51.0\xa0MB" in page


def test_a_body_within_the_bound_is_read() -> None:
    with pytest.raises(AssertionError):
        sent(str(largest_request()))


@pytest.mark.parametrize("length", ["", "-1", "x", "1e99", "9" * 5000])
def test_what_is_no_length_is_no_reason_to_fail(length: str) -> None:
    assert sent(length)[0] < HTTPStatus.INTERNAL_SERVER_ERROR


def test_every_form_of_ours_fits() -> None:
    appeals = profile.current().appeals
    assert largest_request() - BESIDE_FILES >= max(MAX_BYTES, appeals.files * appeals.file_mb * MEGABYTE)
