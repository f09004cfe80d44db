"""A bill run in a process of its own, for the tests that kill it: `python -m tests.billing.child 2026-10 STORE`."""

import sys

import django

django.setup()

from django.test import override_settings  # noqa: E402  # Django comes first

from abonent.billing.run import bill_run  # noqa: E402  # the same
from abonent.lib.periods import Month  # noqa: E402  # the same

if __name__ == "__main__":
    with override_settings(USAGE_URL=sys.argv[2]):
        print("ready", flush=True)  # noqa: T201  # the test reads it
        bill_run(Month.parse(sys.argv[1]))
        print("finished", flush=True)  # noqa: T201  # the same
