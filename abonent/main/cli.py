"""The console command `abonent`: Django's own commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abonent.main.settings")
    execute_from_command_line(sys.argv)
