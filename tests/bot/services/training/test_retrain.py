"""Retraining judges a new model, and promotes it or holds it back with a reason.

Whatever goes wrong, the last good model continues to serve. Every fit here is real and runs in its
own process.
"""

import asyncio
import io
import json
import logging
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.cli import models
from bot.errors import FitFailed, FitStopped, Sorry
from bot.jobs.cluster.following import follow_once
from bot.services.app import App
from bot.services.notes import Note, note
from bot.services.people import erasure, privacy
from bot.services.training import fit_job, retrain, summary, versions
from bot.services.training.fit_messages import StageProgress
from bot.services.training.fit_record import (
    FitRecord,
    LearnedContext,
    RecordedGain,
    RecordedJudgement,
    RecordedTastes,
    SettingsSearch,
)
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wording.errors.said import said_lines
from recommender.context.lift import LevelSupport
from storage import registry
from storage.database.sqlite import locks
from storage.feedback import ratings, scales
from storage.people import preferences
from storage.servers import guilds
from tests.bot.command import matinee
from tests.bot.fitted import START, Time, copied, made, opened, rate, shuffled

ANN, BEN, GUILD = 1001, 1002, 77
FILMS = 400


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A folder with two versions. Tests must not write to it."""
    folder = tmp_path_factory.mktemp("fitted")
    return (folder, *made(folder, max_films=FILMS))


@pytest.fixture
def world(fitted: tuple[Path, str, str], tmp_path: Path) -> tuple[Path, str, str, Time]:
    """A copy of the fitted folder, with the clock two days later."""
    folder, one, two = fitted
    return copied(folder, tmp_path), one, two, Time(START + timedelta(days=2))


World = tuple[Path, str, str, Time]


def why_of_last_fit(lines: tuple[Note, ...]) -> str:
    """Returns the key of the reason that `/lab models` gives for the end of the last fit."""
    (why,) = [line.data["why"] for line in lines if line.key == "last-fit"]
    assert isinstance(why, Note)
    return why.key


def folders(app: App) -> set[str]:
    return {path.name for path in app.settings.models.iterdir()}


async def registered(app: App) -> dict[str, bool]:
    async with app.db.read() as conn:
        return {one.version: one.is_live for one in await registry.versions(conn)}


async def test_a_model_of_shuffled_ratings_is_held_back_with_a_reason(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    folder, _, two, clock = world
    async with opened(folder, clock) as app:
        shuffled(app.settings.corpus)
        with caplog.at_level(logging.INFO, "bot.observability"):
            outcome = await retrain.refit(app)
        assert not outcome.promoted
        (event,) = [record.event for record in caplog.records if hasattr(record, "event")]
        assert (event["event"], event["outcome"]) == ("fit", "held")
        assert (event["version"], event["why"]) == (outcome.version, str(outcome.why))
        assert event["ratings"] > 0 < event["seconds"]
        assert app.live.served.version == two
        assert await registered(app) == {**dict.fromkeys(await registered(app), False), two: True}
        warned = [record for record in caplog.records if record.levelno >= logging.WARNING]
        (line,) = [record.getMessage() for record in warned]
        assert f"{outcome.version} was fitted and is held back: " in line
        assert str(outcome.why) in line
        told = await summary.models(app)
        assert note("small-print", text=outcome.why) in told
        assert "last-fit" not in [line.key for line in told], "it went well, as fits go"
        states = {
            line.data["version"]: line.data["state"] for line in told if line.key == "model-version"
        }
        assert (states[two], states[outcome.version]) == ("serves", "held")
        tastes = (await versions.find_version(app, outcome.version)).record.tastes
        assert tastes is not None
        assert tastes.people >= 100
        assert set(tastes.shares) == {"new", "live", "tags alone"}
        assert (
            f"{tastes.shares['new']:.1%} of this model's picks suit people with a narrow taste"
            in said_lines(told)
        )
        assert outcome.version in folders(app), "it is kept, to be looked at"
        assert await versions.promote(app, outcome.version) == outcome.version
        assert app.live.served.version == outcome.version, "by hand it may serve"
        assert await versions.rollback(app) == two


async def test_a_version_keeps_what_was_measured(world: World) -> None:
    folder, one, two, clock = world
    async with opened(folder, clock) as app:
        assert app.live.served.model.stars is not None
        first, second = [await versions.find_version(app, name) for name in (one, two)]
        manifest = json.loads((app.settings.models / two / "manifest.json").read_text("utf-8"))
    assert second.state == "serves"
    assert first.state == "kept"
    for version in (first, second):
        assert set(version.figures) == {"new", "live", "popularity"}
        assert {"ndcg@10", "coverage@10", "novelty", "calibration_error", "order"} <= set(
            version.figures["new"]
        )
        assert version.seconds > 0
    assert first.figures["new"]["ndcg@10"] > first.figures["popularity"]["ndcg@10"]
    for name in ("format", "config", "fingerprint", "vocabulary", "sha256", "record"):
        assert manifest[name], name
    assert manifest["record"]["judged"]["people"] >= 20
    assert {"fitting", "learning-stars"} <= set(manifest["record"]["seconds"])


@pytest.mark.parametrize("newer", [False, True])
async def test_a_damaged_or_newer_live_model_is_refused_and_the_one_before_serves(
    world: World, newer: bool
) -> None:
    folder, one, two, clock = world
    place = folder / "data" / "models" / two
    if newer:
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        (place / "manifest.json").write_text(json.dumps(manifest | {"format": 99}), "utf-8")
    else:
        victim = max(place.iterdir(), key=lambda path: path.stat().st_size)
        victim.write_bytes(victim.read_bytes()[:-100])
    async with opened(folder, clock) as app:
        assert app.live.served.version == one
        await versions.follow_registry(app)
        await versions.follow_registry(app)
        assert app.live.served.version == one
        (folder / "data" / "models" / one / "manifest.json").unlink()
    async with opened(folder, clock) as app:
        assert app.live.served.version not in (one, two)
        assert app.live.served.model.ratings == 0, "tags alone answer"


@pytest.mark.soak
async def test_a_full_disk_leaves_the_last_good_model(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No file of the worker may grow beyond 128 KiB, which is less than the model needs."""
    folder, _, two, clock = world
    limited = ("sh", "-c", 'ulimit -f 256; exec "$0" "$@"', *fit_job.COMMAND)
    monkeypatch.setattr(fit_job, "COMMAND", limited)
    async with opened(folder, clock) as app:
        before = folders(app)
        with caplog.at_level(logging.WARNING):
            assert await retrain.refit_if_due(app) is None
        assert f"{two} goes on serving: model-not-written" in caplog.text
        assert (app.live.served.version, folders(app)) == (two, before)
        assert await retrain.refit_if_due(app) is None
        assert caplog.text.count("model-not-written") == 1, "it is not tried again at once"
    async with opened(folder, clock) as app:  # after a restart too
        assert why_of_last_fit(await summary.models(app)) == "model-not-written"
    listed = io.StringIO()
    await models.table(app.settings, Console(file=listed, width=200))
    assert "failed. I couldn't save the model to" in listed.getvalue()


def started_processes(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.subprocess.Process]:
    """Returns a list that collects the processes started from now on."""
    started: list[asyncio.subprocess.Process] = []
    real = asyncio.create_subprocess_exec

    async def spy(*command: Any, **options: Any) -> asyncio.subprocess.Process:
        started.append(await real(*command, **options))
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", spy)
    return started


@pytest.mark.soak
async def test_a_killed_trainer_leaves_the_last_good_model(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _, two, clock = world
    started = started_processes(monkeypatch)

    def kill(at: StageProgress) -> None:
        if at.stage == "writing":
            os.kill(started[0].pid, signal.SIGKILL)

    async with opened(folder, clock) as app:
        before = folders(app)
        with pytest.raises(FitFailed, match="fit-killed \\(signal=SIGKILL"):
            await retrain.refit(app, kill)
        assert (app.live.served.version, folders(app)) == (two, before)
        assert not app.fitting.lock.locked()
        with locks.held(app.settings.fitting_lock) as free:
            assert free, "the lock of a killed process is gone"
        assert why_of_last_fit(await summary.models(app)) == "fit-killed"


async def test_a_fit_asked_to_stop_ends_at_once_and_leaves_no_files(world: World) -> None:
    folder, _, two, clock = world
    stop = asyncio.Event()

    def ask(at: StageProgress) -> None:
        if at.stage == "fitting-to-judge":
            stop.set()

    async with opened(folder, clock) as app:
        before = folders(app)
        with pytest.raises(FitStopped):
            await retrain.refit(app, ask, stop=stop)
        assert (app.live.served.version, folders(app)) == (two, before)
        assert why_of_last_fit(await summary.models(app)) == "fit-begins-anew-at-start"


async def test_a_fit_whose_process_died_is_reported(world: World) -> None:
    folder, _, _, clock = world
    reached = asyncio.Event()
    async with opened(folder, clock) as app:
        fit = asyncio.create_task(retrain.refit(app, lambda *_: reached.set()))
        await reached.wait()
        clock.pass_(minutes=5)
        assert "last-fit" not in [line.key for line in await summary.models(app)], "it is running"
        fit.cancel()  # like a killed process, it can record nothing
        await asyncio.gather(fit, return_exceptions=True)
        assert why_of_last_fit(await summary.models(app)) == "fit-begins-anew"


async def test_one_fit_at_a_time_across_processes(world: World) -> None:
    folder, _, two, clock = world
    async with opened(folder, clock) as app:
        with locks.held(app.settings.fitting_lock) as acquired:
            assert acquired
            with pytest.raises(FitFailed, match="fit-already-running"):
                await retrain.refit(app)
        assert app.live.served.version == two


async def test_kept_versions_leave_out_people_who_deleted_or_opted_out(world: World) -> None:
    folder, one, _, clock = world
    async with opened(folder, clock) as app:
        await rate(app, ANN, 12)
        await rate(app, BEN, 10)
        clock.pass_(hours=2)
        knows = await retrain.refit(app)
        assert knows.promoted, knows.why
        assert (
            app.live.served.model.ratings
            == (await versions.find_version(app, one)).record.ratings + 22
        )
        requester = Requester(BEN, None, 1, clock())
        assert not (await privacy.set_shapes_others(app, requester, False)).shapes_others
        await erasure.erase(app, ANN)
        clock.pass_(hours=2)
        new = await retrain.refit(app)
        assert new.promoted, new.why
        assert app.live.served.model.ratings == (await registered_ratings(app, new.version))
        assert set(await registered(app)) == {new.version}, "all others knew her"
        assert folders(app) == {new.version}
        async with app.db.read() as conn:
            assert await ratings.snapshot(conn) == []


async def registered_ratings(app: App, version: str) -> int:
    return (await versions.find_version(app, version)).record.ratings


async def test_versions_are_kept_rolled_back_and_pruned(world: World) -> None:
    folder, one, two, clock = world
    async with opened(folder, clock) as app:
        assert await versions.rollback(app) == one
        assert app.live.served.version == one
        with pytest.raises(Sorry, match="no-older-version"):
            await versions.rollback(app)
        with pytest.raises(Sorry, match="no-such-version"):
            await versions.promote(app, "x")
        with pytest.raises(Sorry, match="several-versions"):
            await versions.promote(app, "2")
        assert await versions.prune(app) == ()
    async with opened(folder, clock, keep_models=1) as app:
        assert app.live.served.version == one
        (app.settings.models / f".{two}.99.part").mkdir()
        assert await versions.prune(app) == (two,)
        assert folders(app) == {one, f".{two}.99.part"}
    async with opened(folder, clock) as app:
        assert folders(app) == {one}, "what a killed fit left is removed at the start"


async def test_a_running_bot_serves_the_version_that_another_process_chose(world: World) -> None:
    folder, one, two, clock = world
    async with opened(folder, clock) as app:
        assert app.live.served.version == two
        ended = await asyncio.to_thread(matinee, folder, "models", "rollback")
        assert (ended.code, ended.out) == (0, f"I'm using {one} again.\n"), ended.err
        await versions.follow_registry(app)
        assert app.live.served.version == one


async def test_models_on_the_command_line(world: World) -> None:
    folder, one, two, _ = world
    settings, out = Settings(data=folder / "data"), Console(file=io.StringIO(), width=200)

    def printed() -> str:
        assert isinstance(out.file, io.StringIO)
        text = out.file.getvalue()
        out.file.truncate(0)
        return text

    await models.table(settings, out)
    listed = printed()
    assert f"│ {two} │ in use" in listed
    assert f"│ {one} │ kept" in listed
    await models.show(settings, out, one)
    shown = printed()
    assert "ranking films by stars" in shown
    assert "model in use" in shown
    await models.prune(settings, out)
    assert "There was nothing to remove." in printed()
    await models.promote(settings, out, one)
    assert f"I'm using {one} now." in printed()


@pytest.mark.soak
@pytest.mark.clock
async def test_when_a_fit_is_due(world: World, tmp_path: Path) -> None:
    folder, _, _, clock = world
    due = retrain._due
    clock.now = START + timedelta(days=1, hours=1)  # an hour after the newest version
    async with opened(folder, clock, retrain_after=5) as app:
        assert not await due(app)
        await rate(app, ANN, 4)
        assert not await due(app)
        await rate(app, BEN, 1)
        clock.pass_(minutes=1)
        assert await due(app), "five ratings since"
        app.fitting.failed_at = clock()
        assert not await due(app), "the last one has just failed"
        clock.pass_(hours=1)
        assert await due(app)
    async with opened(folder, clock, retrain_after=0) as app:
        assert not await due(app)
        clock.now = (START + timedelta(days=2)).replace(hour=3, minute=59)
        assert not await due(app)
        clock.pass_(minutes=1)
        assert await due(app), "four in the morning"
    async with opened(tmp_path / "new", clock) as app:
        assert not await due(app), "there is nothing to fit to"
        await rate(app, ANN, 3)
        assert not await due(app)
        clock.pass_(days=1)
        assert await due(app)


def test_a_record_survives_json_and_a_damaged_one_is_unknown() -> None:
    searched = SettingsSearch(datetime(2026, 3, 1, 4, 0, tzinfo=UTC), 120)
    judged = RecordedJudgement(
        12, {"new": {"ndcg@10": 0.3}}, {"ndcg": RecordedGain(0.02, 0.01)}, {}, "since"
    )
    lift = LearnedContext(30, 0.5, (LevelSupport("everyone", "genre", 0.2, 3.0),))
    tastes = RecordedTastes(648, {"new": 0.8, "tags alone": 0.7}, {"live": ("horror",)})
    record = FitRecord(
        120, 22, 12, 300, 1, searched, lift, judged, tastes, "v1", True, False, "good", {"A": 1}
    )
    assert FitRecord.from_json(record.to_json()) == record
    assert FitRecord.from_json({}) == FitRecord()
    damaged = record.to_json() | {"searched": {"at": "yesterday"}, "people": "many", "more": 1}
    assert FitRecord.from_json(damaged) == replace(record, searched=None, people=0)


async def test_what_one_process_stores_counts_in_another_that_follows_it(world: World) -> None:
    folder, one, two, clock = world
    async with opened(folder, clock) as first, opened(folder, clock) as second:
        assert second.live.served.version == two
        assert await versions.promote(first, one) == one
        async with first.db.write() as conn:
            await guilds.setup(conn, GUILD, now=clock(), language="de")
            await preferences.set_values(conn, ANN, "language", ["de"], now=clock())
            scale = await scales.add(conn, GUILD, [("🔥", 5.0), ("🧊", 1.0)], now=clock())
            await guilds.setup(conn, GUILD, now=clock(), scale_id=scale.id)
        await erasure.erase(first, BEN)
        await follow_once(second)
        assert second.live.served.version == one
        assert second.languages.servers == {GUILD: "de"}
        assert second.languages.people == {ANN: "de"}
        assert [step.emoji for step in second.scales.of_server(GUILD).steps] == ["🔥", "🧊"]
        assert second.erasures.covers(BEN, clock())
        await erasure.erase(second, ANN)
        await follow_once(first)
        assert first.erasures.covers(ANN, clock())
        assert first.languages.people == {}
        async with first.db.write() as conn:
            await registry.retire(conn)
        await follow_once(second)
        assert second.live.served.version not in (one, two), "no fitted model may answer"
