"""The same evening in two independent simulations of Discord: the local one, and SimCord.

Both drive the bot's real cogs. What the bot answered is compared step by step: whether there was an
answer, who sees it, and its components without ids. Titles and reasons of picks may differ, since
the clocks show other times; there only the form is compared. Where the two differ, Discord's
documentation decides, and `KNOWN_DIFFERENCES` says why.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.client.client import MatineeBot
from bot.playground.testing import Outcome
from bot.run import COGS
from bot.settings import Settings
from bot.wiring import open_app
from tests.house import FEW_FILMS, running, stocked

simcord = pytest.importorskip("simcord", reason="simcord, a development dependency, is missing")

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
"""When SimCord's clock begins."""

FILM = "Casablanca"

ROW = 1
"""Discord's type of a row of buttons."""

EXACT = ("help", "rate", "unrate", "unrate again", "privacy", "settings", "nonsense")
"""Steps whose texts must be equal too."""

KNOWN_DIFFERENCES = {
    "how cards are rated": (
        "SimCord 3.2.1 leaves `authorizing_integration_owners` empty. So the bot takes itself for"
        " an app that only the person has installed, and offers buttons instead of reactions."
        " Discord's interactions/receiving-and-responding puts the server's id there, as the local"
        " Discord does."
    ),
}
"""What differs between the two simulations, and which of Discord's documents decides."""

ID_OR_HOUR = re.compile(r"\d{15,20}|\b\d{1,2}:\d\d(?:\s[AP]M)?\b")
LEGEND = "-# React to rate"
RATING_BUTTONS = ("Loved", "Liked", "Fine", "Disliked")


@dataclass(frozen=True)
class Answer:
    """What the bot answered to one step.

    Attributes:
        kind: "message", "modal", or "none".
        private: True if only the person sees it.
        parts: its components from the outside in, each as (type, label or text).
        custom_ids: the actions of its buttons and menus, without their data.
    """

    kind: str
    private: bool = False
    parts: tuple[tuple[int, str], ...] = ()
    custom_ids: tuple[str, ...] = ()

    def form(self) -> tuple[str, bool, tuple[int, ...]]:
        """Returns the answer without its texts and without how its film is rated.

        That differs, see `KNOWN_DIFFERENCES`: a legend here, a row of buttons there.
        """
        kinds: list[int] = []
        for kind, text in self.parts:
            if text == RATING_BUTTONS[0]:
                assert kinds.pop() == ROW
            if not text.startswith(LEGEND) and text not in RATING_BUTTONS:
                kinds.append(kind)
        return self.kind, self.private, tuple(kinds)


def answer(kind: str, components: list[Any], *, private: bool = False) -> Answer:
    """Returns an answer with these components."""
    parts, ids = [], []

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            text = node.get("content") or node.get("label") or node.get("placeholder") or ""
            parts.append((int(node["type"]), ID_OR_HOUR.sub("#", str(text))))
            if node.get("custom_id"):
                ids.append(str(node["custom_id"]).split(":")[1:2])
            for key in ("components", "accessory", "component"):
                walk(node.get(key))

    walk(components)
    return Answer(kind, private, tuple(parts), tuple(x[0] for x in ids if x))


Use = Callable[..., Awaitable[Answer]]
"""Uses a command: its name and options."""


async def evening(use: Use) -> dict[str, Answer]:
    """Plays the script, and returns step -> answer."""
    return {
        "recommend": await use("recommend"),
        "private": await use("recommend", private=True),
        "help": await use("help"),
        "rate": await use("rate", film=FILM, stars=4.5),
        "similar": await use("similar", film=FILM),
        "unrate": await use("unrate", film=FILM),
        "unrate again": await use("unrate", film=FILM),
        "trending": await use("trending"),
        "browse": await use("browse"),
        "privacy": await use("privacy"),
        "settings": await use("settings"),
        "start": await use("start"),
        "nonsense": await use("similar", film="a film that nobody made"),
    }


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[Use]:
    """Yields what uses a command in the local Discord."""
    async with running(folder, max_films=FEW_FILMS) as house, house.member("june") as june:

        async def use(name: str, **options: Any) -> Answer:
            found: Outcome = await june.command("films", name, **options)
            if found.modal is not None:
                return answer("modal", found.modal["components"])
            message = found.message
            if message is None:
                return Answer("none")
            private = bool(message["flags"] & 64)
            return answer("message", message["components"], private=private)

        yield use


@asynccontextmanager
async def theirs(folder: Path) -> AsyncIterator[Use]:
    """Yields what uses a command in SimCord."""
    settings = Settings(data=folder / "data", keep_backups=0, zone="UTC")
    await stocked(settings.database, FEW_FILMS)
    envs: list[Any] = []
    async with open_app(settings, lambda: envs[0].now() if envs else BEGIN) as app:
        env = simcord.Env(MatineeBot(app, COGS), shard_count=1, settle_timeout=60.0)
        envs.append(env)
        await env.start()
        try:
            guild = env.create_guild(name="The Matinee Club")
            films = guild.create_text_channel("films")
            june = guild.add_member(env.create_user("june", global_name="June"))

            async def use(name: str, **options: Any) -> Answer:
                found = await june.slash(films, name, **options)
                if found.modal is not None:
                    return answer("modal", found.modal["components"])
                if found.response is None:
                    return Answer("none")
                private = found.response.ephemeral
                return answer("message", found.response.components, private=private)

            yield use
        finally:
            await env.shutdown()


async def test_both_simulations_see_the_same_bot(tmp_path: Path) -> None:
    async with ours(tmp_path / "ours") as use:
        here = await evening(use)
    async with theirs(tmp_path / "theirs") as use:
        there = await evening(use)
    for step, found in here.items():
        other = there[step]
        assert found.kind != "none", step
        if step in EXACT:
            assert found == other, step
        else:
            assert found.form() == other.form(), f"{step}:\n{found}\n{other}"
