#!/usr/bin/env bash
# Make the two Python environments, side by side, where they are missing or their lock files have changed.
# .venv-rasa: Python 3.10 with Rasa. .venv: Python 3.11 with the engine, the action server and the tools.
# Finds each Python by PATH, pyenv or uv, and says plainly what is missing. Never touches anything outside the project.
set -euo pipefail
cd "$(dirname "$0")/.."

works() { # COMMAND... VERSION: does this command start that Python?
  local version=${*: -1} command=("${@:1:$#-1}")
  "${command[@]}" -c "import sys, venv; sys.exit(sys.version_info[:2] != tuple(map(int, '$version'.split('.'))))" >/dev/null 2>&1
}

find_python() { # VERSION: print the path of a Python of that version
  local version=$1 candidate
  for candidate in "python$version" python3 python; do
    if command -v "$candidate" >/dev/null && works "$candidate" "$version"; then
      "$candidate" -c 'import sys; print(sys.executable)'; return
    fi
  done
  for candidate in "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version"*/bin/python; do
    if [ -x "$candidate" ] && works "$candidate" "$version"; then echo "$candidate"; return; fi
  done
  if command -v uv >/dev/null && candidate=$(uv python find "$version" 2>/dev/null); then echo "$candidate"; return; fi
  cat >&2 <<EOF
Python $version was not found (looked in PATH, pyenv and uv).
Mend it with one of:  pyenv install $version    or    uv python install $version
or install it from your system's packages, with its venv module; then run make again.
EOF
  return 1
}

make_venv() { # FOLDER VERSION LOCK PIN...: an environment as its lock file says
  local folder=$1 version=$2 lock=$3; shift 3
  if fresh "$folder" "$lock"; then return; fi
  local python; python=$(find_python "$version")
  echo "Installing $folder (Python $version); this takes a few minutes the first time ..." >&2
  rm -rf "$folder"
  "$python" -m venv "$folder"
  # Torch first and by name: the CPU build, not the one with CUDA.
  if [ $# -gt 0 ]; then "$folder/bin/pip" install --quiet --disable-pip-version-check "$@" 2>&1 | { grep -v '^WARNING: Location' || true; } >&2; fi
  "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$lock" 2>&1 | { grep -v '^WARNING: Location' || true; } >&2
  sha256sum "$lock" | cut -d' ' -f1 > "$folder/.installed"
  echo "$folder is ready." >&2
}

tick() { # say every fifteen seconds that it is still at work
  local seconds=0
  while sleep 15; do seconds=$((seconds + 15)); echo "  still installing, $seconds seconds ..." >&2; done
}

fresh() { # FOLDER LOCK: is this environment as its lock file says?
  [ "$(cat "$1/.installed" 2>/dev/null)" = "$(sha256sum "$2" | cut -d' ' -f1)" ]
}

if fresh .venv-rasa bot/requirements.lock && fresh .venv actions/requirements.lock; then exit 0; fi
tick & ticking=$!
trap 'kill "$ticking" 2>/dev/null || true' EXIT
make_venv .venv-rasa 3.10 bot/requirements.lock & rasa=$!
make_venv .venv 3.11 actions/requirements.lock torch==2.13.0 & engine=$!
failed=0
wait "$rasa" || failed=1
wait "$engine" || failed=1
exit "$failed"
