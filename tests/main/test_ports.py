"""A server does not share its port: the kernel would hand half of the requests to somebody else's."""

import socket

import pytest
from django.core.management.base import CommandError

from abonent.main.processes import need_free_port


def test_a_port_that_is_taken_is_refused_with_what_to_do() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match="--port"):
            need_free_port("127.0.0.1", port)


def test_a_port_is_free_again_once_nobody_listens() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    need_free_port("127.0.0.1", port)
