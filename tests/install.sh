#!/usr/bin/env bash
# Makes sure that a Chromium is there for the browser tests: takes the one in PATH, or Debian's, or says what is missing.
set -euo pipefail
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
