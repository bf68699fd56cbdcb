"""The house's own rules: who imports whom, and that every check can be found."""

import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import PROJECT

BIN = Path(sys.executable).parent
NO_TESTS = (
    *("conftest.py", "__init__.py", "web_client.py", "slack_server.py", "teams_server.py", "drawn.py", "school.py"),
    *("alone.py", "speak.py"),
)
STARTED_BY_OTHERS = ("rasa_side", "empty_bot")  # run on Rasa's Python by a test, and by make bench


def test_no_room_imports_what_it_must_not() -> None:
    found = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=PROJECT, capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stdout


def test_a_forbidden_import_is_found(tmp_path: Path) -> None:
    for room in ("actions", "bot", "knowledge"):
        for file in (PROJECT / room).rglob("*.py"):
            copy = tmp_path / file.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(file.read_text(encoding="utf8"), encoding="utf8")
    (tmp_path / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text(encoding="utf8"), encoding="utf8")
    (tmp_path / "bot" / "settings.py").write_text("import knowledge.engine\n", encoding="utf8")
    found = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert found.returncode != 0
    assert "bot never imports actions" in found.stdout


def test_ruff_finds_nothing() -> None:
    found = subprocess.run([BIN / "ruff", "check", "."], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout


def test_mypy_finds_nothing() -> None:
    found = subprocess.run([BIN / "mypy"], cwd=PROJECT, capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stdout


def test_every_test_file_is_one_that_pytest_collects() -> None:
    files = [file for file in (PROJECT / "tests").rglob("*.py") if file.parent.name not in STARTED_BY_OTHERS]
    names = [file.name for file in files if file.name not in NO_TESTS]

    assert [name for name in names if not name.startswith("test_")] == []


def test_every_module_says_what_it_is_for() -> None:
    modules = [file for room in ("actions", "bot", "knowledge") for file in (PROJECT / room).rglob("*.py")]

    assert [file.name for file in modules if not file.read_text(encoding="utf8").startswith('"""')] == []


def test_no_module_is_over_two_hundred_lines() -> None:
    modules = [file for room in ("actions", "bot", "knowledge") for file in (PROJECT / room).glob("*.py")]

    assert [file.name for file in modules if len(file.read_text(encoding="utf8").splitlines()) > 240] == []


def test_no_policy_wording_stands_in_python(library) -> None:
    quotes = " ".join(" ".join(clause.quote.split()) for clause in library.policy.clauses.values())
    runs = set()
    for file in (file for room in ("actions", "bot", "knowledge") for file in (PROJECT / room).glob("*.py")):
        words = re.findall(r"[A-Za-z']+", file.read_text(encoding="utf8"))
        runs |= {" ".join(words[n : n + 8]) for n in range(len(words) - 7)}

    assert [run for run in runs if run in quotes] == []


def test_make_help_lists_every_command() -> None:
    listed = subprocess.run(["make", "-s", "help"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    wanted = ["run", "test", "chat", "ask", "ask-lines", "evaluate", "bench", "data-check", "lint", "types", "help"]

    assert [command for command in wanted if f"make {command} " not in listed] == []


def test_the_readme_s_commands_are_the_makefile_s() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf8")
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf8"), re.MULTILINE))

    assert set(re.findall(r"make (?:-s )?([a-z-]+)", readme)) <= targets
