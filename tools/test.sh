#!/usr/bin/env bash
# Everything that must hold before a change lands. A part that fails stops those after it.
set -euo pipefail
cd "$(dirname "$0")/.."
pytest=".venv/bin/python -m pytest -q -p no:cacheprovider -n 2 --dist worksteal"
# What the parts share, so that each does not make it anew: see tests/template.py.
ABONENT_TEST_TEMPLATE=$(mktemp -d)
export ABONENT_TEST_TEMPLATE
# Hundreds of processes import the same modules: they are compiled once, also where the machine's way is never to.
export PYTHONDONTWRITEBYTECODE=
lint=
trap 'rm -rf "$ABONENT_TEST_TEMPLATE"; [ -z "$lint" ] || kill "$lint" 2>/dev/null || true' EXIT
step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "format, lint, types, migrations; tests on SQLite"
# Most of the first is one process on one core, while the second collects.
tools/lint.sh &
lint=$!
$pytest -m "not browser"
wait "$lint"
lint=
step "locking, the queue and search on PostgreSQL"
# Named are the files that have something for it: collecting all of them takes as long as a tenth of these tests.
grep -rlZ --include='test_*.py' 'mark\.postgres' tests |
    ABONENT_TEST_DATABASE=postgres xargs -0 $pytest -m postgres
step "the main journeys in a browser"
# A journey waits for its page and for the worker half of the time: more of them than cores.
$pytest -n 3 -m browser tests/browser
step "done"
