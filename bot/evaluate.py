"""Run `make evaluate`: start Whatnow, score the engine alone and the same set through Rasa, stop it again.

The scoring is the engine's own room's; this only brings the running server to it.
"""

import subprocess
import sys

from bot.chat import begin
from bot.process import stop
from bot.settings import PROJECT, Settings


def main() -> None:
    """Start, score, stop."""
    settings = Settings()
    started = begin(settings)
    command = [sys.executable, "-m", "knowledge.cli", "evaluate", "--url", settings.webhook, *sys.argv[1:]]
    try:
        code = subprocess.run(command, cwd=PROJECT, check=False).returncode
    finally:
        stop([started] if started else [])
    sys.exit(code)


if __name__ == "__main__":
    main()
