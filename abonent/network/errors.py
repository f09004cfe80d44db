"""What may come of asking a network, other than its answer."""

from abonent.jobs.errors import TryAgain


class NetworkError(TryAgain):
    """Nothing is known of what was asked; the words are for the operator's engineer, without an address or a secret."""


class UnreachableError(NetworkError):
    """Nobody at all can be asked: no connection, no right to it. Asking for the next row would be of no use."""
