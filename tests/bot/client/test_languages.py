"""Languages: their rules are loaded before the first answer, and Discord gets the commands in them.

The bot speaks the pseudo-locale here, the only second language that it always has.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.client.translator import translator
from bot.playground.testing import text_of
from bot.wording.catalogues.extract import source_messages
from bot.wording.speech.places import limit_of
from bot.wording.speech.pseudo import OPEN, pseudo
from tests.house import FEWEST_FILMS, running

ENGLISH = {"en-US", "en-GB"}
LOADED = {"babel.dates", "babel.lists", "babel.numbers", "babel.units", "en"}


def babel() -> set[str]:
    """Returns the modules of Babel that are imported now, and the languages that it has read."""
    found = {name for name in sys.modules if name.split(".")[0] == "babel"}
    data = sys.modules.get("babel.localedata")
    return found | set(data._cache if data is not None else ())


def described(nodes: list[dict[str, Any]], place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields each command, option and choice, with its place in the catalogue of translations."""
    for node in nodes:
        yield place, node
        for option in node.get("options") or ():
            subcommand = option["type"] in (1, 2)
            yield from described([option], "command" if subcommand else "option")
        yield from described(node.get("choices") or [], "choice")


def in_english(text: str, place: str) -> dict[str, str]:
    """Returns the translations of a text that Discord should have: none if they are the same."""
    said = pseudo(text, limit_of(place))
    return {} if said == text else dict.fromkeys(ENGLISH, said)


async def test_a_second_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in babel() & set(sys.modules):
        monkeypatch.delitem(sys.modules, name)
    async with running(tmp_path, max_films=FEWEST_FILMS, locale="pseudo") as house:
        before = babel()
        async with house.member("mira") as mira:
            outcome = await mira.command("films", "recommend")
            assert OPEN in text_of(outcome.message)
        assert before >= LOADED
        assert babel() == before, "the first answer loads nothing"

        nodes = list(described(list(house.world.commands.values()), "command"))
        assert {place for place, _ in nodes} == {"command", "option", "choice"}
        marked = {(each.place, each.text) for each in source_messages()}
        for place, node in nodes:
            if place == "choice":
                prose = any(letter.isalpha() for letter in node["name"])
                assert not prose or ("choice", node["name"]) in marked
                assert (node["name_localizations"] or {}) == in_english(node["name"], place)
                continue
            assert not node["name_localizations"], "names keep to small letters"
            text = node["description"]  # empty for a command of a context menu
            assert (node["description_localizations"] or {}) == in_english(
                text, f"{place} description"
            )


def test_english_alone_needs_no_translations() -> None:
    assert translator("en") is None
    assert translator("pseudo") is not None
