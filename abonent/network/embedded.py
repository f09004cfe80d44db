"""A network of our own, which does what it is told at once."""

from collections.abc import Mapping, Sequence

from abonent.lib.inserting import insert
from abonent.network.models import NetworkCommand
from abonent.network.values import Command, Outcome


class EmbeddedNetwork:
    """Its log is the network: a unique key there is what makes a command happen once."""

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        # What is known already, or is being applied by somebody else at this moment, stays as it is.
        insert([self._row(command) for command in commands], skip_known=True)
        return self._outcomes([command.key for command in commands])

    def _outcomes(self, keys: list[str]) -> dict[str, Outcome]:
        rows = NetworkCommand.objects.filter(key__in=keys).values_list("key", "done", "reason")
        return {key: Outcome(done, reason) for key, done, reason in rows}

    def _row(self, command: Command) -> NetworkCommand:
        return NetworkCommand(
            key=command.key, kind=command.kind, number=command.number, args=dict(command.args), done=True
        )
