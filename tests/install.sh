#!/usr/bin/env bash
# What the tests need beside the product: a Learning Record Store (Ralph, in an environment of its own), PostgreSQL,
# Redis, nginx, and a Chromium; each the one that is there, or Debian's. Says plainly what is missing.
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

install_from_debian() { # PACKAGE NAME: as root on Debian, or say what is missing
  local log; log=$(mktemp)
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    echo "Installing $2 for the tests ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    if { apt-get install -y -q $1 || { apt-get update -q && apt-get install -y -q $1; }; } >"$log" 2>&1; then return 0; fi
    tail -20 "$log" >&2
  fi
  echo "$2 was not found. The tests need it; mend it with:  apt-get install $1  (Debian, as root), then make test again." >&2
  echo "What staff use does not need it on this machine." >&2
  return 1
}

playground=@microsoft/m365agentsplayground@0.2.28 # Teams' own client for tests: evaluation licence, never passed on
if [ "$(cat .venv-node/.installed 2>/dev/null)" != "$playground" ]; then
  command -v npm >/dev/null || install_from_debian npm "npm (for Microsoft's Agents Playground)"
  echo "Installing the Agents Playground for the tests ..." >&2
  mkdir -p .venv-node
  npm install --silent --no-fund --no-audit --no-save --prefix .venv-node "$playground" >&2
  echo "$playground" > .venv-node/.installed
fi
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || install_from_debian postgresql PostgreSQL
command -v redis-server >/dev/null || install_from_debian redis-server Redis
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || install_from_debian nginx-light nginx
command -v cc >/dev/null || command -v gcc >/dev/null || install_from_debian "gcc libc6-dev" "a C compiler (for a clock that can be set)"
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  install_from_debian chromium Chromium
