"""Write the package by which a school's IT person adds Whatnow to Teams: `make teams-package`. It talks to nobody.

Asked for is what the channel uses and no more: docs/teams.md says why. No secret goes into the package.
"""

import json
import re
import sys
from functools import cache
from io import BytesIO
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml
from pydantic import ValidationError

from bot.gateway import teams_icons
from bot.settings import PROJECT, Settings

SCHEMA = "https://developer.microsoft.com/en-us/json-schemas/teams/v{0}/MicrosoftTeams.schema.json"
FORM = "1.17"
LONGEST_MAKER, LONGEST_NAME = 32, 100  # the schema's
APPS = UUID("9f35a354-fb6c-48d8-a95f-ef4480cb5bbd")  # ours, so that an app's own id follows from its bot's
ADDRESS = re.compile(r"https://(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?/?", re.IGNORECASE)
GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # every file's date, so that the same settings give the same bytes
READABLE = 0o644


@cache
def words() -> dict[str, Any]:
    """Return what people read about the app."""
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "teams_app.yml").read_text(encoding="utf8"))
    return found


def check(home: str, app_id: str, tenant: str) -> None:
    """Make sure that a package can be made.

    Raises:
        ValueError: a setting is missing or is not what it must be.
    """
    if not ADDRESS.fullmatch(home):
        raise ValueError("Set WHATNOW_HOME to the gateway's https address, no path, such as https://whatnow.school.uk.")
    if not GUID.fullmatch(app_id):
        raise ValueError("Set WHATNOW_TEAMS_APP_ID to the bot's application (client) ID, a GUID, as Entra shows it.")
    if not GUID.fullmatch(tenant):
        raise ValueError("Set WHATNOW_TEAMS_TENANT to the school's directory (tenant) ID, a GUID, as Entra shows it.")


def manifest(home: str, app_id: str, school: str) -> dict[str, Any]:
    """Return the manifest of the app whose bot this is, at an address that was checked."""
    url, bot = home.rstrip("/").lower(), app_id.lower()
    return {
        "$schema": SCHEMA.format(FORM),
        "manifestVersion": FORM,
        "version": words()["version"],
        "id": str(uuid5(APPS, bot)),
        "developer": {
            "name": shorten(school or "Whatnow", LONGEST_MAKER, placeholder=" …"),
            "websiteUrl": f"{url}/",
            "privacyUrl": f"{url}/privacy",
            "termsOfUseUrl": f"{url}/privacy#terms",
        },
        "name": {"short": "Whatnow", "full": shorten(f"Whatnow {school}", LONGEST_NAME, placeholder=" …")},
        "description": {"short": words()["short"], "full": words()["full"]},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": words()["accent"],
        "bots": [chatting(bot)],
        "validDomains": [urlsplit(url).hostname],
        "defaultBlockUntilAdminAction": True,
    }


def chatting(bot: str) -> dict[str, Any]:
    """Return where the bot can be used and what it offers there: no files, no calls."""
    scopes, commands = words()["scopes"], words()["commands"]
    lists = [{"scopes": scopes, "commands": commands}]
    return {"botId": bot, "scopes": scopes, "supportsFiles": False, "isNotificationOnly": False, "commandLists": lists}


def package(home: str, app_id: str, school: str) -> bytes:
    """Return the package; the same settings give the same bytes."""
    made = json.dumps(manifest(home, app_id, school), indent=2, ensure_ascii=False).encode()
    files = {
        "manifest.json": made,
        "color.png": teams_icons.color(words()["accent"]),
        "outline.png": teams_icons.outline(),
    }
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            entry = ZipInfo(name, LONG_AGO)
            entry.external_attr = READABLE << 16
            bundle.writestr(entry, content, ZIP_DEFLATED)
    return into.getvalue()


def main() -> None:
    """Write the package into a folder, or say what must be set first."""
    try:
        settings = Settings()
        check(settings.home, settings.teams_app_id, settings.teams_tenant)
    except ValidationError as error:
        sys.exit(error.errors()[0]["msg"].removeprefix("Value error, "))
    except ValueError as error:
        sys.exit(str(error))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / ".built"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "whatnow-teams.zip"
    file.write_bytes(package(settings.home, settings.teams_app_id, settings.school_name))
    print(f"{file}: upload it in the Teams admin centre (docs/teams.md)")


if __name__ == "__main__":
    main()
