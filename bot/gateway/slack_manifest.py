"""Write the manifest by which a school's IT person creates the Slack app: `make slack-manifest`. It talks to nobody.

Asked for is what the channel uses and no more: docs/slack.md says why for each.
"""

import json
import sys
from typing import Any

from bot.settings import Settings

SCOPES = ("app_mentions:read", "chat:write", "commands", "im:history", "im:read", "im:write", "users:read")
EVENTS = ("app_home_opened", "app_mention", "message.im")


def manifest(home: str) -> dict[str, Any]:
    """Return the manifest for a gateway that Slack reaches at this address."""
    url = f"{home.rstrip('/')}/slack/events"
    what_now = {"name": "What should I do now?", "type": "message", "callback_id": "what_now"}
    # Unescaped, a command comes as it was typed, with no names made into ids: slack.py reads no markup in it.
    command = {"command": "/whatnow", "url": url, "usage_hint": "what has happened", "should_escape": False}
    return {
        "display_information": {
            "name": "Whatnow",
            "description": "What our social networking policy asks you to do, now.",
            "background_color": "#1d4f91",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Whatnow", "always_online": True},
            "shortcuts": [{**what_now, "description": "Asks Whatnow about a message; only you see the answer."}],
            "slash_commands": [{**command, "description": "Ask what the policy requires; only you see the answer."}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {"request_url": url, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, "request_url": url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def main() -> None:
    """Print the manifest, or say what must be set first."""
    home = Settings().home
    if not home.startswith("https://"):
        sys.exit("Set WHATNOW_HOME to the https address at which Slack reaches the gateway, then run this again.")
    print(json.dumps(manifest(home), indent=2))


if __name__ == "__main__":
    main()
