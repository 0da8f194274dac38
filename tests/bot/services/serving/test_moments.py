"""Picks follow the hour of the day, as learned from answers to cards by a real fit."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console

from bot.cli import models
from bot.services.app import App
from bot.services.catalogue.arrays import Facts, query
from bot.services.localtime import LocalHour
from bot.services.people import erasure
from bot.services.picks import recommend
from bot.services.serving import evidence
from bot.services.training import retrain, versions
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.operations import training
from recommender.pipeline.recommend import recommend as pick_films
from storage.database.address import Address
from storage.people import preferences
from tests.bot.fitted import Time, rate
from tests.direct import direct
from tests.house import FEW_FILMS, stocked

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PEOPLE, CARDS = 40, 80
FIRST_PERSON = 5001
PARTS = ("morning", "afternoon", "evening", "late night")


def store_answered_cards(database: Address, films: list[int], comic: set[int]) -> None:
    """Stores months of one-film cards, kept or refused.

    Comedies are kept in the evening and refused in the morning. FIRST_PERSON does the opposite and
    keeps their ratings out of others' picks.
    """
    rng = np.random.default_rng(4)
    stamp = "%Y-%m-%d %H:%M:%S.%f"
    shown, acts = [], []
    for person in range(FIRST_PERSON, FIRST_PERSON + PEOPLE):
        for card in range(CARDS):
            film = int(films[rng.integers(len(films))])
            part = int(rng.integers(4))
            at = NOW - timedelta(days=float(rng.uniform(2, 100)))
            effect = {2: 1.3, 0: -1.3}.get(part, 0.0) * (film in comic)
            effect = -effect if person == FIRST_PERSON else effect
            kept = rng.random() < 1 / (1 + np.exp(0.3 - effect))
            message = person * 1000 + card
            shown.append((at.strftime(stamp), person, film, message, PARTS[part]))
            if kept:
                later = (at + timedelta(minutes=3)).strftime(stamp)
                acts.append((person, film, message, "later", later))
    with direct(database) as conn:
        everyone = range(FIRST_PERSON, FIRST_PERSON + PEOPLE)
        zero = NOW.strftime(stamp)
        conn.execute_many(
            "insert into people (id, shapes_others, created_at, updated_at) values (?, ?, ?, ?)",
            [(person, person != FIRST_PERSON, zero, zero) for person in everyone],
        )
        conn.execute_many(
            "insert into impressions (shown_at, person_id, film_id, message_id, daypart, day_kind, "
            "surface, position, reason, model_version, private, score) "
            "values (?, ?, ?, ?, ?, 'weekday', 'recommend', 0, '', 'v', false, 0.0)",
            shown,
        )
        conn.execute_many(
            "insert into card_acts (person_id, film_id, message_id, kind, at) "
            "values (?, ?, ?, ?, ?)",
            acts,
        )


def comedies(app: App, hour: int, *, editorial: bool = False) -> int:
    """Returns the number of comedies among twenty picks for a newcomer at an hour."""
    served = app.live.served
    world = served.model.catalogue
    facts = Facts(ratings={}, local=LocalHour(hour, 1), editorial=editorial)
    picks = pick_films(served.model, query(world, facts), 20).picks
    ids = world.films.ids([pick.film for pick in picks]).tolist()
    return sum("Comedy" in served.library.films[film].genres for film in ids)


async def test_the_hour_is_learned_from_answers_and_forgotten_with_the_people(
    tmp_path: Path,
) -> None:
    clock, settings = Time(NOW), Settings(data=tmp_path / "data")
    await stocked(settings.database, FEW_FILMS)
    async with open_app(settings, clock) as app:
        library = app.live.served.library
        films = sorted(library.films)[:200]
        assert comedies(app, 8) == comedies(app, 20)
    store_answered_cards(
        settings.database, films, {f for f in films if "Comedy" in library.films[f].genres}
    )
    async with open_app(settings, clock) as app:
        clock.pass_(hours=2)
        outcome = await retrain.refit(app)
        assert outcome.promoted, outcome.why
        lift = app.live.served.model.lift
        assert lift.active
        assert lift.events == (PEOPLE - 1) * CARDS, "the person who opted out teaches nothing"
        assert comedies(app, 20) > comedies(app, 8) + 2
        learned = (await versions.find_version(app, outcome.version)).record.lift
        assert learned is not None
        assert learned.events == lift.events
        assert "everyone × daypart" in [support.level for support in learned.supports]
        out = io.StringIO()
        models.print_version(
            await versions.find_version(app, outcome.version), Console(file=out, width=200)
        )
        assert training.learned(learned) in out.getvalue()
        card = await recommend.recommend(
            app, Requester(FIRST_PERSON + 1, None, 1, NOW + timedelta(hours=8))
        )
        assert "often-now" in str([x.reason for x in (card.headline, *card.further)])
        async with app.db.write() as conn:
            await preferences.set_values(conn, FIRST_PERSON + 2, "clock", ["off"], now=NOW)
        hours = [
            await recommend.recommend(
                app,
                Requester(FIRST_PERSON + 2, None, 1, NOW + timedelta(days=40 * n, hours=7 * n)),
            )
            for n in range(1, 4)
        ]
        assert len({str((c.heading, c.headline.film_id, c.headline.reason)) for c in hours}) == 1
        for person in range(FIRST_PERSON, FIRST_PERSON + PEOPLE):
            await erasure.erase(app, person)
        async with app.db.read() as conn:
            left = await evidence.read_evidence(conn, clock.now)
        assert not left.showings, "the next fit learns nothing from them"
        assert not left.card_events


async def test_an_operator_can_do_without_the_editorial_tilt(tmp_path: Path) -> None:
    """Nothing is learned yet, so without the tilt the hour changes only the greeting."""
    found: dict[bool, set[tuple[tuple[int, str], ...]]] = {}
    await stocked(Settings(data=tmp_path / "data").database, FEW_FILMS)
    for tilted, start in ((True, NOW), (False, NOW + timedelta(days=70))):
        settings = Settings(data=tmp_path / "data", editorial_tilt=tilted, cooldown_days=0)
        async with open_app(settings, Time(NOW)) as app:
            await rate(app, FIRST_PERSON, 40)
            cards = [
                await recommend.recommend(
                    app, Requester(FIRST_PERSON, None, 1, start + timedelta(hours=3 * n))
                )
                for n in range(1, 8, 2)
            ]
        shown = [[card.headline, *card.further] for card in cards]
        found[tilted] = {tuple((x.film_id, str(x.reason)) for x in lines) for lines in shown}
    assert len(found[True]) > 1
    assert len(found[False]) == 1
