from django.core.management.base import BaseCommand

from abonent.jobs import worker
from abonent.main.work import QUEUES, schedule


class Command(BaseCommand):
    help = "Do the work that waits: letters, documents, orders, invoices (any number of workers, on any machines)."

    def handle(self, **_options: object) -> None:
        worker.run(QUEUES, schedule(), worker.stop_on_signals())
