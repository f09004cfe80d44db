"""`abonent check-network`: whether the network that orders are done in answers."""

from django.core.management.base import BaseCommand, CommandError

from abonent.network.errors import NetworkError
from abonent.network.gateway import gateway


class Command(BaseCommand):
    help = "Ask the network of ABONENT_NETWORK_URL for something small, and say what came of it."

    def handle(self, **_options: object) -> None:
        try:
            self.stdout.write(gateway().check())
        except NetworkError as error:
            raise CommandError(str(error)) from error
