#!/usr/bin/env bash
# Make .venv, or bring it up to date: `setup.sh run` for running, `setup.sh dev` for developing and testing too.
set -euo pipefail
cd "$(dirname "$0")/.."
kind=${1:-run}
python=${PYTHON:-python3}

if [ ! -x .venv/bin/python ]; then
    echo "Making .venv"
    if ! "$python" -m venv .venv 2>/dev/null; then
        rm -rf .venv
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        else
            echo "Python cannot make a virtual environment: install the package python3-venv, then try again." >&2
            exit 1
        fi
        "$python" -m venv .venv
    fi
fi
"./.venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Abonent needs Python 3.11 or newer." >&2
    exit 1
}

lock=requirements/$kind.txt
stamp=.venv/.installed-$kind
if [ ! -f "$stamp" ] || ! cmp -s "$lock" "$stamp"; then
    echo "Installing $lock"
    # What developing needs is large, and most of it is never imported: Python compiles what is, when it is.
    [ "$kind" = dev ] && compile=--no-compile || compile=--compile
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "$compile" --require-hashes -r "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
    cp "$lock" "$stamp"
fi
.venv/bin/python tools/catalogs.py compile

if [ "$kind" = dev ]; then
    tools/browser.sh
fi
