"""Start the real servers, with both chat platforms set up, take some turns and some training, and stop them again.

The last line of the output is what was answered, as JSON.
"""

import json
import sys
from pathlib import Path

import httpx

from tests.bot.slack_server import SECRET, TOKEN
from tests.bot.teams_server import APP, TENANT
from tests.bot.web_client import WebClient
from tests.conftest import free_settings, running

CHANNELS = {
    "slack_signing_secret": SECRET,
    "slack_bot_token": TOKEN,
    "teams_app_id": APP,
    "teams_tenant": TENANT,
    "teams_secret": "a word",
}
SAID = ("a parent added me on facebook last night, what should i do", "why?", "start training", "1", "Jo Bloggs")
PAGES = ("/", "/policy", "/ready", "/widget.js")
THEN = ("2", "2", "3", "I would say no and tell my manager at once")

if __name__ == "__main__":
    with running(free_settings(Path(sys.argv[1]), **CHANNELS)) as settings:
        web = WebClient(settings)
        replies = [web.say(text)["reply"] for text in (*SAID, *THEN)]
        pages = [
            httpx.get(settings.gateway_url + path).status_code for path in ("/", "/policy", "/ready", "/widget.js")
        ]
    print(json.dumps({"replies": replies, "pages": pages}), flush=True)  # noqa: T201  (the test reads it)
