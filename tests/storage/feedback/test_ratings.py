"""The newest rating event decides a rating; when it is withdrawn, the one before decides again."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.catalogue import films
from storage.database.engine import Database
from storage.feedback import cards, ratings, reactions
from storage.feedback.emoji import normalise_emoji
from storage.feedback.ratings import RatingChange
from storage.people import profiles
from tests.storage.samples import (
    ANN,
    BEN,
    CARD,
    CAT,
    DM_CARD,
    GUILD,
    NOW,
    OTHER_CARD,
    SCALE,
    later,
    set_stage,
)


class Hand:
    """One person's rating events, a minute apart, each in its own transaction."""

    def __init__(self, db: Database, person_id: int = ANN) -> None:
        self.db = db
        self.person_id = person_id
        self.minutes = 0

    def _common(self) -> dict[str, object]:
        self.minutes += 1
        return {"person_id": self.person_id, "at": later(self.minutes), "scale": SCALE}

    async def react(self, emoji: str, message_id: int = CARD) -> RatingChange | None:
        async with self.db.write() as conn:
            return await reactions.add(conn, message_id=message_id, emoji=emoji, **self._common())

    async def unreact(self, emoji: str, message_id: int = CARD) -> RatingChange | None:
        async with self.db.write() as conn:
            return await reactions.remove(
                conn, message_id=message_id, emoji=emoji, **self._common()
            )

    async def state(
        self, film_id: int, stars: float | None, source: str = "command"
    ) -> RatingChange:
        async with self.db.write() as conn:
            return await ratings.state(
                conn, film_id=film_id, stars=stars, source=source, **self._common()
            )

    async def withdraw(self, film_id: int, source: str = "command") -> RatingChange:
        async with self.db.write() as conn:
            return await ratings.withdraw(conn, film_id=film_id, source=source, **self._common())

    async def freeze(self, message_id: int = CARD, emoji: str | None = None) -> int:
        self.minutes += 1
        async with self.db.write() as conn:
            return await reactions.freeze(
                conn, message_id=message_id, emoji=emoji, at=later(self.minutes)
            )

    async def reconcile(
        self, standing: dict[str, list[int]], message_id: int = CARD, at: float | None = None
    ) -> tuple[RatingChange, ...]:
        """Reconciles with what was listed at the minute `at`; None for now."""
        self.minutes += 1
        async with self.db.write() as conn:
            listed = None if at is None else await newest_event(conn, at)
            return await reactions.reconcile(
                conn,
                message_id=message_id,
                reactions=standing,
                at=later(self.minutes if at is None else at),
                scale=SCALE,
                newest_event_listed=listed,
            )

    async def stars(self) -> dict[int, float]:
        async with self.db.read() as conn:
            return {row.film_id: row.stars for row in await ratings.of_person(conn, self.person_id)}


async def newest_event(conn: AsyncConnection, minutes: float) -> int:
    """Returns the id of the newest event until then."""
    events = schema.rating_events.c
    query = select(func.max(events.id)).where(events.at <= later(minutes))
    return int((await conn.execute(query)).scalar_one() or 0)


async def count(db: Database, table: object) -> int:
    async with db.read() as conn:
        return (await conn.execute(select(func.count()).select_from(table))).scalar_one()


async def test_a_reaction_rates_and_taking_it_away_unrates(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    assert await hand.react("❤️") == RatingChange(ANN, first, None, 5.0)
    assert await hand.stars() == {first: 5.0}
    assert await hand.unreact("❤️") == RatingChange(ANN, first, 5.0, None)
    assert await hand.stars() == {}


async def test_of_two_standing_reactions_the_newest_counts(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    assert await hand.react("👎") == RatingChange(ANN, first, 5.0, 1.5)
    assert await hand.unreact("👎") == RatingChange(ANN, first, 1.5, 5.0)


async def test_taking_the_older_away_changes_nothing(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    await hand.react("👎")
    assert await hand.unreact("❤️") == RatingChange(ANN, first, 1.5, 1.5)
    assert await hand.unreact("👎") == RatingChange(ANN, first, 1.5, None)


async def test_the_newest_act_wins_over_cards_and_sources(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    assert (await hand.state(first, 2.5)).after == 2.5
    assert (await hand.react("👍", OTHER_CARD)).after == 4.0
    assert (await hand.state(first, 0.5, "button")).after == 0.5
    assert (await hand.withdraw(first, "button")).after == 4.0
    assert (await hand.unreact("👍", OTHER_CARD)).after == 2.5
    assert (await hand.withdraw(first)).after == 5.0
    assert (await hand.unreact("❤️")).after is None


async def test_a_newer_statement_of_a_source_replaces_the_older(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.state(first, 3)
    await hand.state(first, 4.5)
    assert await hand.withdraw(first) == RatingChange(ANN, first, 4.5, None)


async def test_unrating_beats_what_came_before_and_not_what_comes_after(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    assert await hand.state(first, None) == RatingChange(ANN, first, 5.0, None)
    assert (await hand.react("😐", OTHER_CARD)).after == 3.0
    assert (await hand.unreact("😐", OTHER_CARD)).after is None
    assert (await hand.withdraw(first)).after == 5.0


async def test_hearing_of_a_reaction_twice_changes_nothing(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    await hand.react("👎")
    again = await hand.react("❤️")
    assert again is not None
    assert (again.before, again.after) == (1.5, 1.5)
    assert await count(db, schema.rating_events) == 2


async def test_taking_away_what_never_stood_is_no_act(db: Database) -> None:
    first, _ = await set_stage(db)
    stranger = Hand(db, CAT)
    assert await stranger.unreact("❤️") == RatingChange(CAT, first, None, None)
    assert await stranger.withdraw(first) == RatingChange(CAT, first, None, None)
    assert await count(db, schema.rating_events) == 0
    async with db.read() as conn:
        assert await profiles.get(conn, CAT) is None


async def test_other_peoples_messages_are_ignored(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    assert await hand.react("❤️", 1) is None
    assert await hand.unreact("❤️", 1) is None
    assert await hand.freeze(1) == 0
    assert await hand.reconcile({"❤️": [ANN]}, 1) == ()


async def test_a_skin_tone_is_the_same_vote_and_another_reaction(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    assert (await hand.react("👍🏽")).after == 4.0
    assert (await hand.react("👍")).after == 4.0
    assert (await hand.unreact("👍")).after == 4.0
    assert (await hand.unreact("👍🏽")).after is None


async def test_a_heart_with_and_without_its_selector_is_one_reaction(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    assert (await hand.unreact("❤")).after is None


@pytest.mark.parametrize(
    ("emoji", "plain"),
    [("❤️", "❤"), ("👍🏻", "👍"), ("👍🏿", "👍"), ("😐", "😐"), ("film:123456", "film:123456")],
)
def test_normalised_emoji(emoji: str, plain: str) -> None:
    assert normalise_emoji(emoji) == plain


async def test_an_emoji_outside_the_scale_is_kept_and_says_nothing(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("👍")
    assert (await hand.react("🦆")).after == 4.0
    async with db.write() as conn:
        changes = await ratings.rebuild(conn, scale=SCALE | {"🦆": 2.0})
    assert changes == (RatingChange(ANN, first, 4.0, 2.0),)
    async with db.write() as conn:
        assert await ratings.rebuild(conn, scale={"❤️": 5.0}) == (
            RatingChange(ANN, first, 2.0, None),
        )
        assert await ratings.rebuild(conn, scale=SCALE) == (RatingChange(ANN, first, None, 4.0),)
        assert await ratings.rebuild(conn, scale=SCALE) == ()


async def test_a_moderator_clearing_reactions_unrates_nobody(db: Database) -> None:
    first, _ = await set_stage(db)
    ann, ben = Hand(db), Hand(db, BEN)
    await ann.react("❤️")
    await ben.react("👎")
    assert await ann.freeze() == 2
    assert await ann.stars() == {first: 5.0}
    assert await ann.reconcile({}) == ()
    assert await ann.stars() == {first: 5.0}
    assert await ben.stars() == {first: 1.5}
    assert await ann.freeze() == 0


async def test_clearing_one_emoji_freezes_only_that_one(db: Database) -> None:
    first, _ = await set_stage(db)
    ann, ben = Hand(db), Hand(db, BEN)
    await ann.react("❤️")
    await ben.react("👎")
    assert await ann.freeze(emoji="❤") == 1
    assert await ann.reconcile({}) == (RatingChange(BEN, first, 1.5, None),)


async def test_after_a_clearing_the_same_reaction_is_a_new_act(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    await hand.react("👎")
    await hand.freeze()
    assert (await hand.react("❤️")).after == 5.0
    assert (await hand.unreact("❤️")).after == 1.5


async def test_reconciling_adds_and_withdraws_what_happened_meanwhile(db: Database) -> None:
    first, _ = await set_stage(db)
    ann, ben = Hand(db), Hand(db, BEN)
    await ann.react("❤️")
    await ben.react("👍")
    standing = {"❤️": [BEN, CAT], "👍": [BEN]}
    ann.minutes = 10
    assert await ann.reconcile(standing) == (
        RatingChange(ANN, first, 5.0, None),
        RatingChange(BEN, first, 4.0, 5.0),
        RatingChange(CAT, first, None, 5.0),
    )
    events = await count(db, schema.rating_events)
    assert await ann.reconcile(standing) == ()
    assert await count(db, schema.rating_events) == events


async def test_where_the_order_is_unknown_the_legends_first_wins(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    came: dict[str, list[int]] = {"👎": [ANN], "👍": [ANN], "🦆": [ANN]}
    for standing in (came, dict(reversed(came.items()))):
        await hand.reconcile({})
        assert (await hand.reconcile(standing))[0].after == 4.0


async def test_what_came_while_away_is_newer_than_what_was_known(db: Database) -> None:
    await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    assert (await hand.reconcile({"❤️": [ANN], "👎": [ANN]}))[0].after == 1.5


async def test_a_frozen_reaction_that_stands_again_is_new(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    await hand.react("👎")
    await hand.freeze()
    assert await hand.reconcile({"❤️": [ANN]}) == (RatingChange(ANN, first, 1.5, 5.0),)
    assert await hand.reconcile({"❤️": [ANN]}) == ()
    assert await hand.reconcile({}) == (RatingChange(ANN, first, 5.0, 1.5),)


async def test_what_we_heard_since_the_listing_began_is_left_alone(db: Database) -> None:
    first, _ = await set_stage(db)
    ann, ben, cat = Hand(db), Hand(db, BEN), Hand(db, CAT)
    await ben.react("👍")
    await cat.react("👎")
    # The listing begins at minute 2 and finds Ben and Cat. After it all three react.
    ann.minutes = ben.minutes = cat.minutes = 5
    await ann.react("❤️")
    await ben.unreact("👍")
    await cat.freeze(emoji="👎")
    assert await cat.reconcile({"👍": [BEN], "👎": [CAT]}, at=2) == ()
    assert (await ann.stars(), await ben.stars(), await cat.stars()) == (
        {first: 5.0},
        {},
        {first: 1.5},
    )
    assert await cat.reconcile({}, at=20) == (RatingChange(ANN, first, 5.0, None),)


async def test_a_deleted_card_keeps_its_ratings(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    async with db.write() as conn:
        assert await cards.mark_card_deleted(conn, CARD, 5, at=later(2)) == 1
    assert await hand.reconcile({}) == ()
    assert await hand.stars() == {first: 5.0}


async def test_ratings_know_their_server(db: Database) -> None:
    first, second = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    await hand.react("👍", DM_CARD)
    async with db.write() as conn:
        third = (await films.all_films(conn))[2].id
        for guild_id, person_id in ((GUILD, BEN), (None, CAT)):
            await ratings.state(
                conn,
                person_id=person_id,
                film_id=third,
                source="button",
                stars=2,
                at=later(7),
                guild_id=guild_id,
                scale=SCALE,
            )
    async with db.read() as conn:
        there = await ratings.recent(conn, since=NOW, guild_id=GUILD)
        assert [(row.person_id, row.film_id) for row in there] == [(ANN, first), (BEN, third)]
        assert len(await ratings.recent(conn, since=NOW)) == 4
        assert len(await ratings.recent(conn, since=NOW, until=later(6))) == 2
        assert [row.person_id for row in await ratings.recent(conn, since=later(7))] == [BEN, CAT]
        everything = await ratings.snapshot(conn)
        assert [(row.person_id, row.film_id, row.stars) for row in everything] == [
            (ANN, first, 5.0),
            (ANN, second, 4.0),
            (BEN, third, 2.0),
            (CAT, third, 2.0),
        ]
        assert await ratings.counts(conn) == ratings.RatingCounts(ratings=4, people=3, films=3)
    # Withdrawing the newer statement restores the server together with the stars.
    await hand.state(first, 1)
    await hand.withdraw(first)
    async with db.read() as conn:
        assert (await ratings.snapshot(conn))[0].guild_id == GUILD
        assert await ratings.first_at(conn) == min(row.at for row in everything)
        assert await ratings.count_since(conn, later(6), until=later(9000)) == 2
        assert await ratings.count_since(conn, later(6), until=later(6)) == 0
    # Ratings of people who opted out shape nothing, but they are still stored.
    async with db.write() as conn:
        await profiles.set_shapes_others(conn, ANN, False, now=NOW)
        assert {row.person_id for row in await ratings.snapshot(conn)} == {BEN, CAT}
        assert {row.person_id for row in await ratings.recent(conn, since=NOW)} == {BEN, CAT}
        assert len(await ratings.of_person(conn, ANN)) == 2
        await profiles.set_shapes_others(conn, ANN, True, now=NOW)
        assert ANN in {row.person_id for row in await ratings.snapshot(conn)}


async def test_every_act_is_in_the_log_as_it_came(db: Database) -> None:
    first, _ = await set_stage(db)
    hand = Hand(db)
    await hand.react("❤️")
    await hand.freeze()
    await hand.react("👍🏽")
    await hand.unreact("👍🏽")
    await hand.state(first, 2.5)
    await hand.reconcile({"❤️": [ANN]})
    async with db.read() as conn:
        rows = (
            await conn.execute(select(schema.rating_events).order_by(schema.rating_events.c.id))
        ).all()
    told = [(row.action, row.source, row.emoji and row.emoji[0], row.origin) for row in rows]
    assert told == [
        ("set", "reaction", "❤", "live"),
        ("freeze", "reaction", "❤", "live"),
        ("set", "reaction", "👍", "live"),
        ("withdraw", "reaction", "👍", "live"),
        ("set", "command", None, "live"),
        ("set", "reaction", "❤", "reconciled"),
    ]
    assert (rows[0].emoji, rows[2].emoji, rows[4].stars) == ("❤️", "👍🏽", 2.5)
    assert [row.at for row in rows] == [later(minute) for minute in range(1, 7)]
    assert await count(db, schema.standing_events) == 2


@pytest.mark.parametrize("stars", [0.0, 5.5, -1.0, float("nan")])
async def test_stars_out_of_range_are_refused(db: Database, stars: float) -> None:
    first, _ = await set_stage(db)
    with pytest.raises(ValueError, match="stars"):
        await Hand(db).state(first, stars)
    with pytest.raises(ValueError, match="message"):
        await Hand(db).state(first, 3.0, "reaction")
    assert await count(db, schema.rating_events) == 0


async def test_those_who_loved_a_film_and_agreed_to_say_so_here(db: Database) -> None:
    film, other = await set_stage(db)
    async with db.write() as conn:
        for person, one, stars, minutes in (
            (ANN, film, 4.5, 1), (BEN, film, 5.0, 2), (CAT, film, 4.0, 3), (ANN, other, 5.0, 4),
        ):  # fmt: skip
            await profiles.ensure(conn, person, now=NOW)
            await ratings.state(
                conn, person_id=person, film_id=one, source="command", stars=stars,
                at=later(minutes), scale=SCALE,
            )  # fmt: skip
        assert await ratings.lovers(conn, film, GUILD, stars=4.5, limit=9) == ()
        for person, guild in ((ANN, GUILD), (BEN, GUILD), (CAT, GUILD), (CAT, GUILD + 1)):
            await profiles.show_taste(conn, person, guild, shown=True, now=NOW)
        assert await ratings.lovers(conn, film, GUILD, stars=4.5, limit=9) == (BEN, ANN)
        assert await ratings.lovers(conn, film, GUILD, stars=4.5, limit=1) == (BEN,)
        assert await ratings.lovers(conn, film, GUILD + 1, stars=4.0, limit=9) == (CAT,)
