#!/usr/bin/env bash
# Pin and hash the requirements. The files name no package host.
set -euo pipefail
cd "$(dirname "$0")/.."
for kind in run dev; do
    .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 \
        --custom-compile-command "make lock" "requirements/$kind.in" -o "requirements/$kind.txt"
done
