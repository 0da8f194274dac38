"""Scales of servers: stored once, kept while a card shows them, gone with the server."""

from datetime import timedelta

from storage.database.engine import Database
from storage.feedback import cards, scales
from storage.feedback.cards import Card
from storage.servers import guilds
from tests.storage.samples import CHANNEL, GUILD, NOW, set_stage

STEPS, OTHER, DRAFT = [("🔥", 5.0), ("👎", 1.0)], [("🔥", 1.0), ("👎", 5.0)], [("🙂", 4.0)]


async def test_a_scale_is_kept_while_something_shows_it(db: Database) -> None:
    film, _ = await set_stage(db)
    async with db.write() as conn:
        first = await scales.add(conn, GUILD, STEPS, now=NOW)
        assert await scales.add(conn, GUILD, STEPS, now=NOW) == first
        shown = await scales.add(conn, GUILD, OTHER, now=NOW)
        await scales.add(conn, GUILD, DRAFT, now=NOW)
        await guilds.setup(conn, GUILD, now=NOW, scale_id=first.id)
        card = Card(
            message_id=9,
            channel_id=CHANNEL,
            guild_id=GUILD,
            film_id=film,
            surface="recommend",
            posted_at=NOW,
            scale_id=shown.id,
        )
        await cards.add_card(conn, card)
        later = NOW + 2 * scales.MAX_DRAFT_AGE
        last = await scales.add(conn, GUILD, [("🙃", 2.0)], now=later)
        assert await scales.of_server(conn, GUILD) == (first, shown, last), "no old draft"
        assert await scales.of_card(conn, card) == dict(OTHER)
        assert await guilds.chosen_scales(conn) == {GUILD: first.id}
        await guilds.setup(conn, GUILD, now=NOW + timedelta(days=1), scale_id=0)
        assert await guilds.chosen_scales(conn) == {}
        await guilds.setup(conn, GUILD, now=NOW, scale_id=first.id)
        await guilds.erase(conn, GUILD)
        assert await scales.every(conn) == ()
