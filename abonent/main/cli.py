"""The console command `abonent`: Django's own commands and ours."""

import os
import sys

from django.core.management import execute_from_command_line

from abonent.demo import environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abonent.main.settings")
    if sys.argv[1:2] == ["demo"] and not {"-h", "--help"} & set(sys.argv):
        # The demonstration brings its own settings, which must stand before Django reads them.
        environment.prepare(sys.argv[2:])
    execute_from_command_line(sys.argv)
