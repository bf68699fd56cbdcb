"""Start everything, say when and where it is ready, keep it running, and stop it all on Ctrl-C: `make run`.

Three processes: the action server (Python 3.11, with the engine) and Rasa (3.10), both on 127.0.0.1, and the gateway
(3.11), the only one that may listen beyond. It trains first what has changed, and answers no message itself.
"""

import subprocess
import sys
import time
from typing import List

from bot.parts import actions_part, gateway_part, rasa_part
from bot.process import LOG, refuse_taken
from bot.settings import PROJECT, Settings
from bot.supervise import Running, keep_running, stopped_at_last


def start_all(settings: Settings, running: List[Running]) -> None:
    """Start the three parts, add each to the list as soon as it runs, and wait until all answer."""
    print("Starting the engine ...", file=sys.stderr, flush=True)
    running.append(Running(actions_part(settings, settings.actions_port)))
    subprocess.run([sys.executable, "-m", "knowledge.publish"], cwd=PROJECT, check=True)
    rasa = rasa_part(settings, settings.rasa_port)
    print("Starting Rasa ...", file=sys.stderr, flush=True)
    running.append(Running(rasa))
    running.append(Running(gateway_part(settings, settings.port)))
    for each in running:
        each.wait()


def main() -> None:
    """Start, wait, keep running until stopped."""
    began = time.monotonic()
    with stopped_at_last(LOG) as running:
        settings = Settings()
        refuse_taken(settings)
        start_all(settings, running)
        print(
            f"Whatnow is ready after {time.monotonic() - began:.0f} seconds: open {settings.gateway_url}/\n"
            "make chat, in another terminal, to talk there; Ctrl-C to stop.",
            flush=True,
        )
        keep_running(running)


if __name__ == "__main__":
    main()
