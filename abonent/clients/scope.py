"""What a seat may see of a client, as plain ids: the seat itself is defined further to the right, in `access`."""

from collections.abc import Collection
from typing import Protocol


class Scope(Protocol):
    """`None` ids mean no bound of that kind: a scope without any bound is the whole client."""

    @property
    def client_id(self) -> int | None: ...

    @property
    def account_ids(self) -> Collection[int] | None: ...

    @property
    def folder_ids(self) -> Collection[int] | None: ...

    @property
    def subscriber_ids(self) -> Collection[int] | None: ...
