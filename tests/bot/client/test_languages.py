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
from bot.wording.speech import formats
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
    """Yields each command, also of menus, option and choice, with its place in the catalogue of
    translations.
    """
    for node in nodes:
        in_a_menu = place == "command" and node["type"] != 1
        yield "menu command" if in_a_menu else place, node
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
    for remembered in (formats._minutes, formats._list_of):
        remembered.cache_clear()  # what is remembered needs no module
    async with running(tmp_path, max_films=FEWEST_FILMS, locale="pseudo") as house:
        before = babel()
        async with house.member("mira") as mira:
            outcome = await mira.command("films", "recommend")
            assert OPEN in text_of(outcome.message)
        assert before >= LOADED
        assert babel() == before, "the first answer loads nothing"

        nodes = list(described(list(house.world.commands.values()), "command"))
        assert {place for place, _ in nodes} == {"command", "menu command", "option", "choice"}
        marked = {(each.place, each.text) for each in source_messages()}
        for place, node in nodes:
            named = place in ("choice", "menu command")
            shown, where = ("name", place) if named else ("description", f"{place} description")
            text = node[shown]
            assert (node[f"{shown}_localizations"] or {}) == in_english(text, where)
            prose = any(letter.isalpha() for letter in text)
            assert not prose or (where, text) in marked, "it can be translated"
            assert named or not node["name_localizations"], "the same in every language"


def test_english_alone_needs_no_translations() -> None:
    assert translator("en") is None
    assert translator("pseudo") is not None
