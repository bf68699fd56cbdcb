"""What whoever runs Whatnow can set, and what is refused."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings


def test_origins_are_read_from_a_list(monkeypatch) -> None:
    monkeypatch.setenv("WHATNOW_ORIGINS", "https://Intranet.school.uk, http://localhost:9999/")

    assert Settings().origins == ("https://intranet.school.uk", "http://localhost:9999")


@pytest.mark.parametrize(
    "text",
    ["*", "school.uk", "https://a.uk/path", "https://a.uk; script-src *", "javascript:alert(1)", "https://u@a.uk"],
)
def test_what_is_no_origin_never_reaches_a_security_header(text: str, monkeypatch) -> None:
    monkeypatch.setenv("WHATNOW_ORIGINS", text)

    with pytest.raises(ValidationError):
        Settings()


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_what_is_no_port_is_refused(port: str, monkeypatch) -> None:
    monkeypatch.setenv("WHATNOW_PORT", port)

    with pytest.raises(ValidationError):
        Settings()


def test_only_this_machine_is_listened_to_unless_set_otherwise() -> None:
    assert Settings().host == "127.0.0.1"
