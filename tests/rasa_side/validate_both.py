"""Run by test_validation.py on Rasa's Python: prints what stock and the project's own check say of each reply."""

import json
import sys

from bot import validation

ACTION = validation.RemoteAction("action_answer", None)


def verdict(check, reply) -> str:
    try:
        return str(check(ACTION, reply))
    except Exception as error:  # noqa: BLE001  (what kind it is, is the question)
        return type(error).__name__


replies = json.load(sys.stdin)
json.dump([[verdict(validation.STOCK, reply), verdict(validation.check, reply)] for reply in replies], sys.stdout)
