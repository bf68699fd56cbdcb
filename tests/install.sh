#!/usr/bin/env bash
# What the tests need beside the product: a Learning Record Store (Ralph, in an environment of its own), and a Chromium,
# the one in PATH or Debian's; says plainly what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

lock=$(sha256sum tests/lrs.lock | cut -d' ' -f1)
if [ "$(cat .venv-lrs/.installed 2>/dev/null)" != "$lock" ]; then
  echo "Installing the record store for the tests ..." >&2
  rm -rf .venv-lrs
  .venv/bin/python -m venv .venv-lrs
  .venv-lrs/bin/pip install --quiet --disable-pip-version-check -r tests/lrs.lock 2>&1 | { grep -v '^WARNING: Location' || true; } >&2
  echo "$lock" > .venv-lrs/.installed
fi

if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then exit 0; fi
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium for the browser tests ..." >&2
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  if { apt-get install -y -q chromium || { apt-get update -q && apt-get install -y -q chromium; }; } >"$log" 2>&1; then exit 0; fi
  tail -20 "$log" >&2
fi
cat >&2 <<'EOF'
Chromium was not found. The browser tests need it; mend it with one of:
  apt-get install chromium      (Debian, as root)      or      install Google Chrome
then run make test again. What staff use does not need it on this machine.
EOF
exit 1
