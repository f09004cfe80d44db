"""A network of our own, which does what it is told at once."""

from collections.abc import Mapping, Sequence

from abonent.lib.among import among
from abonent.lib.inserting import insert, insert_values
from abonent.network.models import NetworkCommand
from abonent.network.remembering import remembered, taken_over
from abonent.network.values import Command, NetworkLine, Outcome

FIELDS = ("key", "kind", "number", "moved_to", "args", "done", "reason")


class EmbeddedNetwork:
    """Its log is the network: a unique key there is what makes a command happen once."""

    def apply(self, commands: Sequence[Command]) -> Mapping[str, Outcome]:
        # What is known already, or is being applied by somebody else at this moment, stays as it is.
        insert_values(NetworkCommand, FIELDS, [self._row(command) for command in commands], skip_known=True)
        return self._outcomes([command.key for command in commands])

    def report(self, numbers: Sequence[str]) -> Mapping[str, NetworkLine]:
        return remembered(numbers)

    def check(self) -> str:
        return "The embedded network is in the product's own database."

    def take_over(self, lines: Mapping[str, NetworkLine]) -> None:
        """Let it know lines that it was never told of, as they stand, each by a key that is used once."""
        insert(taken_over(lines), skip_known=True)

    def _outcomes(self, keys: list[str]) -> dict[str, Outcome]:
        rows = NetworkCommand.objects.filter(key__in=among(keys)).values_list("key", "done", "reason")
        return {key: Outcome(done, reason) for key, done, reason in rows}

    def _row(self, command: Command) -> tuple[object, ...]:
        """The `FIELDS` of a command."""
        refusal = self._refusal(command)
        moved_to = command.args["number"] if command.kind == "change_number" else ""
        return (command.key, command.kind, command.number, moved_to, dict(command.args), not refusal, refusal)

    def _refusal(self, _command: Command) -> str:
        """Why it does not do this, in a short code; it does everything."""
        return ""
