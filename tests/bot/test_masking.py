"""What is masked, in single messages and over the blind-written sets; what is not."""

import json
import subprocess

import pytest

from bot.masking import score
from bot.masking.mask import mask, mask_all
from bot.parts import RASA
from bot.settings import PROJECT

MASKED = {
    "Jade Smith in 9B added me": "[name] in 9B added me",
    "jayden smiths mum added me on fb": "[name] mum added me on fb",
    "Mr Okonkwo's lad is on my insta": "Mr [name]'s lad is on my insta",
    "a note from T. Okafor and T.J.": "a note from [name] and [name]",
    "ring her on 07700 900123 or 01225 713 000 ext 12": "ring her on [phone] or [phone]",
    "text came from +44 (0)7700-900-123": "text came from [phone]",
    "write to j.smith-3@gmail.com": "write to [email]",
    "its jo dot smith at gmail dot com": "its [email]",
    "he posted https://t.me/joinchat/abc?x=1 today": "he posted [link] today",
    "see tiktok.com/@jade.09, please": "see [link], please",
    "added by @jade_09x last night": "added by [handle] last night",
    "her snap is jadebear and she wants mine": "her snap is [handle] and she wants mine",
    "username: xX_kyle_Xx on roblox": "username: [handle] on roblox",
}
LEFT = [
    "Will you mark the books? I hope it may help",
    "A parent has added me on Facebook, should I accept?",
    "Clause 2.3.5 says at 8.30am on 12/03/2024, in Year 9, room 12b",
    "I have 1,250 followers and £2000.50, and 35 of them are pupils",
    "we meet @ 3pm in the hall, e.g. on Friday",
]


@pytest.mark.parametrize(("said", "kept"), MASKED.items())
def test_who_and_where_to_reach_them_is_masked(said, kept) -> None:
    assert mask(said) == kept


@pytest.mark.parametrize("said", LEFT)
def test_what_names_nobody_is_left_letter_for_letter(said) -> None:
    assert mask(said) == said


@pytest.mark.parametrize("said", MASKED)
def test_a_masked_text_stays_as_it_is(said) -> None:
    assert mask(mask(said)) == mask(said)


def test_every_text_in_a_json_value_is_masked() -> None:
    assert mask_all({"a": ["Jade Smith rang", 1, None]}) == {"a": ["[name] rang", 1, None]}


@pytest.mark.parametrize("run", ["a." * 3000, "0" * 6000, "@" * 6000, "a_" * 3000, "http://" * 900])
def test_a_run_of_signs_without_a_space_is_masked_whole(run) -> None:
    assert mask(f"he sent {run} twice") == "he sent [link] twice"


def test_rasas_python_masks_as_the_gateways_does() -> None:
    code = (
        "import json, sys; from bot.masking.mask import mask_all; json.dump(mask_all(json.load(sys.stdin)), sys.stdout)"
    )
    given = json.dumps([*MASKED, *LEFT])
    done = subprocess.run([str(RASA), "-c", code], input=given, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [*MASKED.values(), *LEFT]


@pytest.fixture(scope="module", params=["tuning", "test"])
def found(request) -> dict[str, float]:
    """The figures of a set: one was tuned on, the other never read."""
    return score.score(score.load(request.param))


def test_of_names_at_least_95_in_100_are_masked_whole(found) -> None:
    assert found["names_recall"] >= 0.95


def test_of_contact_details_at_least_99_in_100_are_masked_whole(found) -> None:
    assert found["contacts_recall"] >= 0.99


def test_of_what_is_masked_at_least_95_in_100_characters_are_marked(found) -> None:
    assert found["precision"] >= 0.95


def test_of_messages_with_nothing_to_mask_at_least_85_in_100_are_left(found) -> None:
    assert found["clean_untouched"] >= 0.85
