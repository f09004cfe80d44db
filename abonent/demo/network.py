"""What the embedded network knows of the lines: all of them, as they stand."""

from abonent.network.embedded import EmbeddedNetwork
from abonent.subscribers.models import Subscriber
from abonent.subscribers.reconciling import unknown_lines


def make_network() -> None:
    """Let the network take over every line, so that `abonent reconcile-network` has something to hold against ours."""
    network = EmbeddedNetwork()
    for unknown in unknown_lines(Subscriber.objects.as_system(), network.report):
        network.take_over({f"line-{pk}": line for pk, line in unknown.items()})
