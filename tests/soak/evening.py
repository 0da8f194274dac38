"""An evening of four members and a bot that is killed, and what must hold after each kill."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.playground import LocalDiscord, start
from storage.database.address import DatabaseUrl
from tests.clock import club_world
from tests.house import until
from tests.soak import ledger
from tests.soak.crowd import Crowd, Witness, gathered, watch
from tests.soak.ledger import Key, Logged, Ratings
from tests.soak.process import BotProcess, attached, thinned
from tests.traffic import recorded

SEED = 2


@dataclass
class Evening:
    """One run.

    Attributes:
        bot: the bot's process.
        local: its local Discord.
        witness: the record of what people did.
        crowd: the people.
        rng: random numbers of the run.
        kills: what was killed, and when -> number of kills.
    """

    bot: BotProcess
    local: LocalDiscord
    witness: Witness
    crowd: Crowd
    rng: Random
    kills: Counter[str] = field(default_factory=Counter)

    async def stream(self) -> None:
        """Makes everybody act, until a random moment."""
        await self.crowd.begin()
        target = len(self.local.world.interactions) + self.rng.randint(1, 12)
        await until(lambda: len(self.local.world.interactions) >= target, "people act", patience=30)
        await asyncio.sleep(self.rng.uniform(0, 0.3))

    async def kill(self, when: str) -> None:
        """Kills the process at whatever point it is. People can then only react."""
        await self.bot.kill()
        self.kills[when] += 1
        self.witness.max_cards += 3
        await self.crowd.begin(quietly=True, pause=(0.1, 0.8))
        await asyncio.sleep(self.rng.uniform(0, 0.3))

    async def start(self) -> None:
        """Starts the process and waits until it is online."""
        # A real start has minutes to compare its cards with Discord.
        self.local.limits.enabled = False
        await self.bot.start()
        await until(lambda: self.local.world.bot_online, "the bot is online", patience=90)

    def stored(self) -> tuple[list[Logged], Ratings]:
        """Returns the stored events and the stored ratings, read in one transaction."""
        return ledger.stored(self.bot.database)

    def differences(self, log: list[Logged]) -> tuple[set[Key], set[Key]]:
        """Returns the reactions that are only on Discord, and those that are only in the log.

        Emoji that rate nothing are left out, since they are not reconciled.
        """
        logged = {key for key in ledger.standing(log) if key.source == "reaction"}
        logged = {key for key in logged if ledger.value(key.emoji) is not None}
        on_discord = {x for x in self.witness.reactions() if ledger.value(x.emoji) is not None}
        return on_discord - logged, logged - on_discord


@asynccontextmanager
async def evening(folder: Path, database: DatabaseUrl | None = None) -> AsyncIterator[Evening]:
    """Yields a run with the people and with the bot online for the first time.

    database: where its rows are; None for SQLite.
    """
    world = club_world()
    settings = {} if database is None else {"database_url": database.text}
    record = folder / "traffic.jsonl"
    async with (
        start(world, record=record, rate_limits=False) as local,
        attached(folder, local, tick_seconds=1, cooldown_days=0, **settings) as bot,
        watch(world) as witness,
        gathered(witness, local.page_url, SEED) as crowd,
    ):
        found = Evening(bot, local, witness, crowd, Random(SEED))
        await found.start()
        await bot.reconciled()
        await crowd.members[0].person.command("films", "recommend")  # the first card, never killed
        yield found
    assert world.unsupported == []
    recorded(thinned(record))


async def assert_all_is_there(found: Evening, patience: float = 20.0) -> None:
    """Asserts what must hold when nobody acts and the bot has read everything.

    patience: seconds until it has.
    """
    log: list[Logged] = []

    async def at_rest() -> bool:
        nonlocal log
        await asyncio.sleep(0.3)
        before = len(log)
        log, _ = await asyncio.to_thread(found.stored)  # the local Discord goes on meanwhile
        return before == len(log) and found.differences(log) == (set(), set())

    try:
        await until(at_rest, "the log has the reactions that stand, and no others", patience)
    except AssertionError as error:
        lost, ghosts = found.differences(log)
        known = [row for row in log if row.key in lost | ghosts]
        acts = [act for act in found.witness.done() if act.key in lost | ghosts]
        raise AssertionError(
            f"{error}; only on Discord: {lost}; only here: {ghosts}; stored: {known}; done: {acts}"
        ) from None
    done = found.witness.done()  # read before the log, which must hold every confirmed act
    log, stored = found.stored()
    assert stored == ledger.ratings(log, found.witness.reactions())
    for errors in (
        ledger.unsaved(log, done),
        ledger.out_of_order(log),
        ledger.overruled(log, done),
    ):
        assert not errors, "\n".join(map(str, errors))
    _assert_cards_are_known(found)


def _assert_cards_are_known(found: Evening) -> None:
    bot = found.bot
    if not isinstance(bot.database, DatabaseUrl):
        assert bot.rows("pragma integrity_check") == [("ok",)]
        assert bot.rows("pragma foreign_key_check") == []
    assert dict(bot.rows("select message_id, film_id from cards")) == found.witness.cards()
    doubled = bot.rows(
        "select message_id, position from impressions where message_id is not null"
        " group by message_id, shown_at, position having count(*) > 1"
    )
    assert doubled == []
    strangers = bot.rows(
        "select message_id from impressions left join cards using (message_id)"
        " where message_id is not null and position = 0"
        " and cards.film_id is distinct from impressions.film_id"
    )
    assert not {message for (message,) in strangers} - _changed(found)


def _changed(found: Evening) -> set[int]:
    """Returns the ids of the messages that show other films now than at first."""
    channels = found.local.world.channels.values()
    return {x.id for channel in channels for x in channel.messages.values() if x.edited}


async def assert_old_cards_work(found: Evening) -> None:
    """Asserts that reactions and buttons work on the oldest cards, which earlier processes sent."""
    member = found.crowd.members[0]
    person = int(member.person.id)
    in_dms = {x for c in found.local.world.channels.values() if not c.guild_id for x in c.messages}
    old = [card for card in found.witness.cards().items() if card[0] not in in_dms][:3]
    assert old
    for message, film in old:
        card = member._as_json(message)
        assert card is not None

        def stars(film: int = film) -> list[tuple[float]]:
            return found.bot.rows(
                "select stars from ratings where person_id = ? and film_id = ?", person, film
            )

        for emoji in (x["emoji"]["name"] for x in card.get("reactions", ()) if x["me"]):
            await member.person.unreact(card, emoji)
        await member.person.react(card, "👎")
        await until(lambda stars=stars: stars() == [(1.5,)], "a reaction on an old card counts")
        seen = await member.person.click(card, "Seen it")
        assert seen.message is not None, seen.error
        saved = await member.person.click(seen.message, "Loved")
        assert "Got it:" in saved.text
        assert stars() == [(5.0,)]
        why = await member.person.click(card, "Why?")
        assert "what counted most" in why.text


def report(found: Evening) -> None:
    """Prints what happened."""
    (log, _), done = found.stored(), found.witness.done()
    answers = Counter(x.state for x in found.local.world.interactions.values())
    print(
        f"\nkills: {found.kills.total()} ({dict(found.kills)}); {len(found.witness.cards())} cards,"
        f" {len(done)} acts by four members, {sum(x.confirmed for x in done)} of them confirmed in"
        f" words; {len(log)} stored events, {sum(x.origin == 'reconciled' for x in log)} of them"
        f" reconciled; interactions {dict(answers)}"
    )
