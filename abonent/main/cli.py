"""The console command `abonent`: Django's own commands and ours."""

import os
import sys
import tempfile

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from environs import EnvError

from abonent.demo import environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "abonent.main.settings")
    try:
        _run(sys.argv)
    except (EnvError, ImproperlyConfigured) as wrong:
        sys.exit(f"abonent: {wrong}\nThe settings are told in docs/deployment.md; `abonent demo` needs none.")


def _run(arguments: list[str]) -> None:
    if arguments[1:2] != ["demo"]:
        execute_from_command_line(arguments)
    elif {"-h", "--help"} & set(arguments):
        with tempfile.TemporaryDirectory() as folder:
            environment.prepare(["--data", folder])
            execute_from_command_line(arguments)
    else:
        # The demonstration brings its own settings, which must stand before Django reads them.
        environment.prepare(arguments[2:])
        execute_from_command_line(arguments)
