"""Random reactions on a simulated Discord, received or missed: ratings equal a plain replay.

The replay does not use the code under test. For each person and film it keeps the statements in
the order in which they arrived, and the newest one with a meaning decides.
"""

import asyncio
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.engine import open_database
from storage.feedback import ratings, reactions
from tests.storage.samples import (
    ANN,
    BEN,
    CARD,
    DM_CARD,
    NOW,
    OTHER_CARD,
    SCALE,
    later,
    set_stage,
)

LEGEND = ["❤️", "👍", "😐", "👎"]
EMOJI = [*LEGEND, "👍🏽", "🦆"]
STARS = {"❤️": 5.0, "👍": 4.0, "👍🏽": 4.0, "😐": 3.0, "👎": 1.5}
PEOPLE = [ANN, BEN]
CARDS = [CARD, OTHER_CARD, DM_CARD]


@dataclass
class Replay:
    """The simulated Discord, and the statements that a listener has received from it.

    Attributes:
        film_of: card -> film.
        reactions: (card, person, emoji) of the reactions on Discord now.
        statements: (person, film) -> what the person stated, the newest last: stars, None for "no
            rating", or "nothing" for an emoji without a meaning.
        cleared: (card, person, emoji) of reactions that a moderator cleared.
    """

    film_of: dict[int, int]
    reactions: set[tuple[int, int, str]] = field(default_factory=set)
    statements: dict[tuple[int, int], dict[object, float | str | None]] = field(
        default_factory=dict
    )
    cleared: set[tuple[int, int, str]] = field(default_factory=set)

    def say(self, person: int, film: int, key: object, meaning: float | str | None) -> None:
        words = self.statements.setdefault((person, film), {})
        words.pop(key, None)
        words[key] = meaning  # dictionaries keep order: the last is the newest

    def unsay(self, person: int, film: int, key: object) -> None:
        self.statements.get((person, film), {}).pop(key, None)

    def heard(self, card: int, person: int, emoji: str) -> None:
        reaction = (card, person, emoji)
        words = self.statements.get((person, self.film_of[card]), {})
        if reaction not in words or reaction in self.cleared:
            self.say(person, self.film_of[card], reaction, STARS.get(emoji, "nothing"))
        self.cleared.discard(reaction)

    def caught_up(self, card: int) -> None:
        kept = self.reactions | self.cleared
        for words in self.statements.values():
            for key in list(words):
                if isinstance(key, tuple) and key[0] == card and key not in kept:
                    del words[key]
        order = ["🦆", "👎", "😐", "👍", "👍🏽", "❤️"]
        for emoji in order:
            for person in PEOPLE:
                if (card, person, emoji) in self.reactions:
                    self.heard(card, person, emoji)

    def ratings(self) -> dict[tuple[int, int], float]:
        found: dict[tuple[int, int], float] = {}
        for key, words in self.statements.items():
            meant = [meaning for meaning in words.values() if meaning != "nothing"]
            if meant and isinstance(meant[-1], float):
                found[key] = meant[-1]
        return found


Act = tuple[str, int, int, str, bool, float | None]

acts = st.lists(
    st.tuples(
        st.sampled_from(["react"] * 4 + ["unreact"] * 3 + ["clear", "clear one"])
        | st.sampled_from(["state", "withdraw", "reconcile", "again"]),
        st.sampled_from(PEOPLE),
        st.sampled_from(CARDS),
        st.sampled_from(EMOJI),
        st.booleans(),
        st.sampled_from([None, 0.5, 2.5, 4.0, 5.0]),
    ),
    max_size=40,
)


async def perform(conn: AsyncConnection, world: Replay, act: Act, minutes: int) -> None:
    """Do one step on the simulated Discord, in the replay and with the code under test."""
    what, person, card, emoji, listening, stars = act
    film, at, reaction = world.film_of[card], later(minutes), (card, person, emoji)
    about = {"message_id": card, "person_id": person, "emoji": emoji, "at": at, "scale": SCALE}
    if what == "react" and reaction not in world.reactions:
        world.reactions.add(reaction)
        if listening:
            world.heard(*reaction)
            await reactions.add(conn, **about)
    elif what == "again" and reaction in world.reactions:
        world.heard(*reaction)
        await reactions.add(conn, **about)
    elif what == "unreact" and reaction in world.reactions:
        world.reactions.discard(reaction)
        if listening:
            world.unsay(person, film, reaction)
            await reactions.remove(conn, **about)
    elif what in ("clear", "clear one"):
        # Received reactions keep counting, even those removed while nobody listened.
        world.cleared |= {
            key
            for words in world.statements.values()
            for key in words
            if isinstance(key, tuple) and key[0] == card and (what == "clear" or key[2] == emoji)
        }
        world.reactions = {
            (where, who, sign)
            for where, who, sign in world.reactions
            if where != card or (what == "clear one" and sign != emoji)
        }
        chosen = None if what == "clear" else emoji
        await reactions.freeze(conn, message_id=card, emoji=chosen, at=at)
    elif what == "state":
        world.say(person, film, "command", stars)
        await ratings.state(
            conn,
            person_id=person,
            film_id=film,
            source="command",
            stars=stars,
            at=at,
            scale=SCALE,
        )
    elif what == "withdraw":
        world.unsay(person, film, "command")
        await ratings.withdraw(
            conn, person_id=person, film_id=film, source="command", at=at, scale=SCALE
        )
    elif what == "reconcile":
        await reconcile(conn, world, card, minutes)


async def reconcile(conn: AsyncConnection, world: Replay, card: int, minutes: int) -> None:
    world.caught_up(card)
    standing = {
        emoji: {who for where, who, sign in world.reactions if (where, sign) == (card, emoji)}
        for emoji in EMOJI
    }
    for expected in (None, ()):  # the second time nothing is left to do
        changes = await reactions.reconcile(
            conn, message_id=card, reactions=standing, at=later(minutes), scale=SCALE
        )
        assert expected is None or changes == expected


async def check(template: Path, film_of: dict[int, int], script: list[Act]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matinee.sqlite3"
        shutil.copyfile(template, path)
        world = Replay(film_of)
        async with open_database(path, now=NOW) as db, db.write() as conn:
            for minutes, act in enumerate(script):
                await perform(conn, world, act, minutes)
                stored = {
                    (row.person_id, row.film_id): row.stars for row in await ratings.snapshot(conn)
                }
                assert stored == world.ratings()
            assert await ratings.rebuild(conn, scale=SCALE) == ()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, int]]:
    """Returns a database with the cards, to copy for each script, and card -> film."""
    path = tmp_path_factory.mktemp("stage") / "matinee.sqlite3"

    async def make() -> tuple[int, int]:
        async with open_database(path, now=NOW) as db:
            return await set_stage(db)

    first, second = asyncio.run(make())
    return path, {CARD: first, OTHER_CARD: first, DM_CARD: second}


@settings(max_examples=60)
@given(script=acts)
def test_ratings_equal_a_replay(stage: tuple[Path, dict[int, int]], script: list[Act]) -> None:
    template, film_of = stage
    asyncio.run(check(template, film_of, script))
