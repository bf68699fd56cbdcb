"""Start the action server: on this machine only, in one process, with the engine loaded before it says it is ready.

rasa_sdk's own start listens on every address and loads its actions in two processes; the engine is too large for that.
"""

import argparse

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions import quiet_log
from actions.guard import guard
from actions.standing import add_standing
from actions.training import whereabouts
from actions.wiring import engine

HOST = "127.0.0.1"


def main() -> None:
    """Load the engine, register the actions, serve until stopped."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=5055)
    port = parser.parse_args().port
    quiet_log.install()
    engine().answer("Is anybody there?")  # loads all that is lazy, so that the first person need not wait
    executor = ActionExecutor()
    executor.register_package("actions")
    app = create_app(executor, cors_origins="")
    guard(app)
    add_standing(app, whereabouts())
    app.run(host=HOST, port=port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
