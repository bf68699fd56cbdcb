"""The Teams app's package, held against Microsoft's published schema, and what is refused before one is made."""

import json
import os
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml
from jsonschema import Draft7Validator
from PIL import Image

from bot.gateway.teams_package import check, manifest, package
from tests.conftest import PROJECT

HOME, SCHOOL = "https://whatnow.school.uk", "Whitmore School"
APP, TENANT = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
SCHEMA = json.loads((PROJECT / "tests/contract/teams-manifest-1.17.schema.json").read_text(encoding="utf8"))
CHECK = Draft7Validator(SCHEMA)  # it calls itself draft 4, yet says `const`, which only later drafts know
MADE = manifest(HOME, APP, SCHOOL)


def opened(name: str) -> Image.Image:
    """Return a picture out of the package."""
    return Image.open(BytesIO(ZipFile(BytesIO(package(HOME, APP, SCHOOL))).read(name)))


def run(folder: Path, **changed: str) -> subprocess.CompletedProcess[str]:
    """Run the command with settings of which some are changed."""
    ids = {"WHATNOW_TEAMS_APP_ID": APP, "WHATNOW_TEAMS_TENANT": TENANT, "WHATNOW_TEAMS_SECRET": "never-to-be-packed"}
    env = {**os.environ, "WHATNOW_HOME": HOME, **ids, **changed}
    command = [sys.executable, "-m", "bot.gateway.teams_package", str(folder)]
    return subprocess.run(command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("school", ["", SCHOOL, "St " + "Bartholomew and All Saints " * 8 + "Academy"])
def test_the_manifest_is_valid_whatever_the_school_is_called(school: str) -> None:
    assert [error.message for error in CHECK.iter_errors(manifest(f"{HOME}/", APP, school))] == []


@pytest.mark.parametrize(
    "part",
    [{"manifestVersion": "1.0"}, {"id": "whatnow"}, {"name": {"short": "W" * 31}}, {"scopes": []}, {"bots": [{}]}],
)
def test_a_manifest_that_teams_does_not_know_is_found(part: dict) -> None:
    assert not CHECK.is_valid({**MADE, **part})


def test_the_package_holds_the_manifest_and_two_pictures_and_nothing_else() -> None:
    bundle = ZipFile(BytesIO(package(HOME, APP, SCHOOL)))

    assert sorted(bundle.namelist()) == ["color.png", "manifest.json", "outline.png"]
    assert json.loads(bundle.read("manifest.json")) == MADE


def test_the_large_picture_is_a_full_square_with_its_mark_clear_of_the_edges() -> None:
    picture = opened("color.png")
    mark = picture.convert("L").point(lambda light: 255 if light > 150 else 0).getbbox()

    assert (picture.size, picture.mode) == ((192, 192), "RGB")
    assert picture.getpixel((0, 0)) == (0x1D, 0x4F, 0x91)
    assert min(mark[:2]) >= 48
    assert max(mark[2:]) <= 144


def test_the_small_picture_is_white_on_nothing() -> None:
    picture = opened("outline.png")
    pixels = list(picture.getdata())

    assert (picture.size, picture.mode) == ((32, 32), "RGBA")
    assert {pixel[:3] for pixel in pixels} == {(255, 255, 255)}
    assert {pixel[3] for pixel in pixels} >= {0, 255}


def test_the_same_settings_give_the_same_bytes() -> None:
    assert package(HOME, APP, SCHOOL) == package(HOME, APP, SCHOOL)


def test_the_apps_own_id_follows_from_its_bots_and_is_another() -> None:
    other = manifest("https://elsewhere.school.uk", APP.upper(), "Another")

    assert other["id"] == MADE["id"] != APP
    assert manifest(HOME, TENANT, SCHOOL)["id"] != MADE["id"]


def test_nothing_is_asked_for_that_is_not_used() -> None:
    asked = {
        "permissions",
        "devicePermissions",
        "authorization",
        "webApplicationInfo",
        "composeExtensions",
        "staticTabs",
    }

    assert asked & set(MADE) == set()
    assert MADE["bots"][0]["scopes"] == ["personal", "team", "groupChat"]
    assert {key for key, value in MADE["bots"][0].items() if value is True} == set()
    assert MADE["validDomains"] == ["whatnow.school.uk"]


def test_each_command_is_a_wording_that_whatnow_is_trained_on() -> None:
    files = (PROJECT / "data" / "nlu" / "moves").glob("*.yml")
    nlu = [each for file in files for each in yaml.safe_load(file.read_text(encoding="utf8"))["nlu"]]
    known = set(re.findall(r"^- (.+)$", "\n".join(each["examples"] for each in nlu), re.MULTILINE))
    titles = {each["title"] for each in MADE["bots"][0]["commandLists"][0]["commands"]}

    assert titles
    assert titles - known == set()


@pytest.mark.parametrize(
    ("home", "app", "tenant", "named"),
    [
        ("", APP, TENANT, "WHATNOW_HOME"),
        ("http://whatnow.school.uk", APP, TENANT, "WHATNOW_HOME"),
        ("https://whatnow.school.uk/whatnow", APP, TENANT, "WHATNOW_HOME"),
        ("https://staff@whatnow.school.uk", APP, TENANT, "WHATNOW_HOME"),
        (HOME, "", TENANT, "WHATNOW_TEAMS_APP_ID"),
        (HOME, "whatnow", TENANT, "WHATNOW_TEAMS_APP_ID"),
        (HOME, APP, "", "WHATNOW_TEAMS_TENANT"),
        (HOME, APP, "school.onmicrosoft.com", "WHATNOW_TEAMS_TENANT"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(home: str, app: str, tenant: str, named: str) -> None:
    with pytest.raises(ValueError, match=f"^Set {named} to .+"):
        check(home, app, tenant)


def test_the_command_writes_the_package_and_says_where(tmp_path: Path) -> None:
    done = run(tmp_path / "new", WHATNOW_SCHOOL_NAME=SCHOOL)

    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "new" / "whatnow-teams.zip") in done.stdout
    assert (tmp_path / "new" / "whatnow-teams.zip").read_bytes() == package(HOME, APP, SCHOOL)


@pytest.mark.parametrize(
    "name", ["WHATNOW_HOME", "WHATNOW_TEAMS_APP_ID", "WHATNOW_TEAMS_TENANT", "WHATNOW_TEAMS_SECRET"]
)
def test_the_command_says_in_one_line_what_must_be_set(name: str, tmp_path: Path) -> None:
    done = run(tmp_path / "new", **{name: ""})

    assert done.returncode == 1
    assert name in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "new").exists()
