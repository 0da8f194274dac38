"""The texts for Discord's App Directory fit, and the papers for hosts hold what they must."""

import re
from pathlib import Path

import pytest

from bot.client.client import invite_link
from bot.run import COGS

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")


def listing(name: str) -> str:
    """Returns a text for the App Directory as one line."""
    found = re.search(rf"^> {name}: (.*(?:\n> .*)*)", DEPLOY, flags=re.M)
    assert found is not None
    return found[1].replace("\n> ", " ")


@pytest.mark.parametrize(("name", "limit"), [("Description", 400), ("Summary", 200)])
def test_the_texts_for_the_directory_fit(name: str, limit: int) -> None:
    assert limit / 2 < len(listing(name)) <= limit
    assert not re.search(r"[*_`#]", listing(name)), "plain text"


def test_the_tags_fit() -> None:
    tags = listing("Tags").split(", ")
    assert len(set(tags)) == len(tags) <= 5
    assert all(len(tag) <= 20 for tag in tags)


def test_the_invite_link_of_the_page_is_the_bots() -> None:
    link = invite_link(42).replace("client_id=42", "client_id=APPLICATION_ID")
    assert f"`{link}`" in DEPLOY


def test_no_command_is_age_restricted() -> None:
    commands = [command for cog in COGS for command in cog.__cog_app_commands__]
    assert commands
    assert not any(getattr(command, "nsfw", False) for command in commands)


@pytest.mark.parametrize("name", ["PRIVACY.md", "TERMS.md"])
def test_a_paper_says_what_the_host_fills_in(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    for blank in ("[NAME OF YOUR BOT]", "[YOUR NAME]", "[ADDRESS]", "[DATE]", "[PLACE]"):
        assert blank in text
    assert "`/privacy`" in text
    assert "age-restricted" in text
