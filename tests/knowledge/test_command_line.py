"""The contract's line-by-line command, as a shell runs it."""

import json
import subprocess

from tests.conftest import PROJECT, Check


def ask_lines(text: str) -> list[dict]:
    found = subprocess.run(
        ["make", "-s", "ask-lines"], cwd=PROJECT, input=text.encode(), capture_output=True, check=True
    )
    return [json.loads(line) for line in found.stdout.decode().splitlines()]


def test_one_reply_a_line_in_order_and_nothing_else(check: Check) -> None:
    replies = ask_lines(
        "A pupil sent me a nude of herself, should I screenshot it?\n"
        '{"text": "someone asked to add me on facebook", "facts": {"who": "parent"}}\n'
        '{"facts": {}}\n'
        "\n"
        '{"not json\n'
    )

    assert [reply["type"] for reply in replies[:2]] == ["advice", "advice"]
    assert [reply["clauses"][0]["number"] for reply in replies[:2]] == ["2.7.4", "2.6.2"]
    assert replies[2] == {"type": "error", "error": "a JSON line needs a string 'text'"}
    assert len(replies) == 5
    check(replies[0])
    check(replies[3])


def test_a_line_that_is_not_utf8_gets_an_error_object() -> None:
    found = subprocess.run(
        ["make", "-s", "ask-lines"], cwd=PROJECT, input=b"\xff\xfe\n", capture_output=True, check=True
    )

    assert json.loads(found.stdout)["type"] == "error"


def test_ask_says_the_plain_text() -> None:
    told = subprocess.run(
        ["make", "-s", "ask", "Q=my phone was stolen, $(HOME) `id`"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "2.4.5" in told
    assert "uid=" not in told
