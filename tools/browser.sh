#!/usr/bin/env bash
# A browser for the browser tests: an installed Chromium, else Debian's package, else playwright's own download.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
else
    .venv/bin/playwright install chromium
fi
