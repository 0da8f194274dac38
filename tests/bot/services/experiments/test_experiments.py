"""Experiments over the wire: assignment to arms, its effects, and what is stored and reported."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import experiments
from bot.errors import Sorry
from bot.playground import Person
from bot.playground.testing import Outcome
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.experiments import findings
from bot.services.experiments.treatment import (
    VERSION_GONE,
    Treatment,
    assign,
    expose,
    load_arm_versions,
    read_definitions,
)
from bot.services.localtime import local_hour
from bot.services.notes import note
from bot.services.operations import doctor
from bot.services.training import versions
from bot.services.view_models import Requester
from bot.settings import Settings
from bot.wording.errors.said import said, said_lines
from recommender.data import Query
from recommender.errors import ExperimentError
from recommender.experiments.arm_settings import with_changes
from recommender.experiments.assignment import Arm, Experiment, arm_of
from recommender.experiments.verdict import verdict
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.recommend import recommend as recommend_films
from recommender.pipeline.recommender import Config
from recommender.training import artifacts, fit
from storage import registry
from storage.catalogue import films
from storage.feedback import impressions
from storage.feedback.impressions import NewImpression
from storage.people import privacy, profiles
from storage.registry import ModelVersion
from tests.bot.command import matinee
from tests.bot.fitted import Time, opened
from tests.clock import at as instant
from tests.clock import club_world
from tests.house import FEW_FILMS, House, running, stocked, until

ARM_DEFINITIONS = """
[[experiment.arm]]
name = "control"
[[experiment.arm]]
name = "bold"
set = { variety.unknown = 40 }
"""
IDS = {user.username: user.id for user in club_world().people()}
GUILD = next(iter(club_world().guilds))


def name_where(**wanted: str) -> str:
    """Returns a name of an experiment that puts these members into these arms."""
    for number in range(1000):
        one = Experiment(f"try-{number}", (Arm("control"), Arm("bold")))
        found = {who: arm_of(one, IDS[who]) for who in wanted}
        if all(arm is not None and arm.name == wanted[who] for who, arm in found.items()):
            return one.name
    raise AssertionError("no such name")


NAME = name_where(mira="control", june="control", tomas="bold", olek="bold")


def written(folder: Path, text: str) -> Path:
    path = folder / "data" / "experiments.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    written(
        tmp_path, f'[[experiment]]\nname = "{NAME}"\nguardrails = ["seconds"]\n{ARM_DEFINITIONS}'
    )
    async with running(tmp_path, max_films=FEW_FILMS) as found:
        yield found


async def card(person: Person) -> Outcome:
    outcome = await person.command("films", "recommend")
    assert outcome.error is None
    return outcome


def shown(house: House, name: str) -> tuple[list[int], set[str | None]]:
    """Returns the films of a member's newest card, and the arms that its impressions record."""
    rows = house.rows(
        "select film_id, arm from impressions where person_id = ? and shown_at ="
        " (select max(shown_at) from impressions where person_id = ?) order by position",
        IDS[name], IDS[name],
    )  # fmt: skip
    return [film for film, _ in rows], {arm for _, arm in rows}


def exposed_arms(house: House) -> dict[int, str]:
    return dict(house.rows("select unit_id, arm from exposures where experiment = ?", NAME))


async def films_with(house: House, unknown: float) -> list[int]:
    """Returns the films for a newcomer at the hour of the last card.

    unknown: the setting `variety.unknown`, the cost of similar films.
    """
    model = with_changes(house.app.live.served.model, {"variety.unknown": unknown})
    ((at,),) = house.rows("select max(shown_at) from impressions")
    hour = local_hour(datetime.fromisoformat(at).replace(tzinfo=UTC), house.settings.zone)
    query = Query(hour=hour.hour, weekday=hour.weekday, family_safe=False)
    picks = recommend_films(model, query, 5).picks
    return model.catalogue.films.ids([pick.film for pick in picks]).tolist()


async def test_an_arm_changes_its_members_picks_and_nobody_elses(house: House) -> None:
    async with (
        house.member("mira") as mira,
        house.member("june") as june,
        house.member("tomas") as tomas,
    ):
        outcomes = [await card(person) for person in (mira, june, tomas)]
        picks = {name: shown(house, name) for name in ("mira", "june", "tomas")}
        assert picks["mira"][0] == picks["june"][0]
        assert picks["tomas"][0] == await films_with(house, 40.0)
        assert picks["mira"][0] == await films_with(house, VarietyConfig().unknown)
        assert picks["tomas"][0] != picks["mira"][0]
        assert [picks[name][1] for name in picks] == [
            {f"{NAME}=control"}, {f"{NAME}=control"}, {f"{NAME}=bold"},
        ]  # fmt: skip
        assert exposed_arms(house) == {
            IDS["mira"]: "control", IDS["june"]: "control", IDS["tomas"]: "bold",
        }  # fmt: skip
        assert not any(NAME in str(one.message) for one in outcomes), "people never see it"
        why = await tomas.click(outcomes[2].message, "Why?")
        assert "for you right now" in why.text


async def test_restarts_and_renamings_change_no_arm(house: House) -> None:
    async with house.member("mira") as mira, house.member("olek") as olek:
        for person in (mira, olek):
            await card(person)
        before = (
            exposed_arms(house),
            house.rows("select first_at from exposures order by unit_id"),
        )
        house.world.guilds[GUILD].name = "Another Club"
        house.world.users[IDS["olek"]].global_name = "Somebody Else"
        await house.restart()
        for person in (mira, olek):
            await card(person)
        assert (
            exposed_arms(house),
            house.rows("select first_at from exposures order by unit_id"),
        ) == (before)
        assert shown(house, "olek")[1] == {f"{NAME}=bold"}


async def test_members_kept_out_of_others_picks_are_in_no_experiment(house: House) -> None:
    async with house.member("tomas") as tomas, house.member("mira") as mira:
        outcome = await tomas.command("films", "privacy")
        await tomas.click(outcome.message, "Keep my ratings out of others' picks")
        await card(tomas)
        await card(mira)
        assert shown(house, "tomas") == (shown(house, "mira")[0], {None})
        assert exposed_arms(house) == {IDS["mira"]: "control"}


@pytest.mark.clock
async def test_the_report_counts_what_was_shown_and_done(house: House, tmp_path: Path) -> None:
    async with house.member("mira") as mira, house.member("tomas") as tomas:
        message = (await card(mira)).message
        await card(tomas)
        await tomas.react(message, "❤️")  # not a card of his own, so it does not count for the arm
        await mira.react(message, "👍")
        await until(lambda: house.rows("select count(*) from ratings") == [(2,)], "rated")
        wanted = ("experiment", "report", NAME, "--json", "found.json", "--report", "r.html")
        ended = await asyncio.to_thread(matinee, tmp_path, *wanted)
        assert ended.code == 0, ended.err
        assert "too early to tell" in " ".join(ended.out.split())
        found = await findings.read_findings(house.app, findings.experiment_named(house.app, NAME))
        assert [arm.exposed for arm in found.arms] == [1, 1]
        assert [arm.outcomes.observations for arm in found.arms] == [5, 5]
        assert [arm.outcomes.mean for arm in found.arms] == [0.2, 0.0]
        assert [arm.guardrails["seconds"].units for arm in found.arms] == [1, 1]
        assert all(arm.guardrails["seconds"].mean > 0 for arm in found.arms)
        assert '"observations": 5' in (tmp_path / "found.json").read_text(encoding="utf-8")
        assert NAME in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.clock
async def test_the_command_line_shows_what_is_defined(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    settings = Settings(data=tmp_path / "data")
    await experiments.print_all(settings)
    assert "You don't have any experiments" in capsys.readouterr().out
    written(
        tmp_path, f'[[experiment]]\nname = "{NAME}"\nend = 2026-01-01T00:00:00Z\n{ARM_DEFINITIONS}'
    )
    await experiments.print_all(settings)
    assert NAME in capsys.readouterr().out
    await experiments.print_one(settings, NAME)
    outcome = capsys.readouterr().out
    assert "variety.unknown = 40.0" in outcome
    assert "ended January 1, 2026, 12:00 AM UTC" in outcome
    await experiments.check_arms(settings)
    assert "1 experiment, and I can run it" in capsys.readouterr().out
    with pytest.raises(Sorry, match="no-such-experiment"):
        await experiments.print_one(settings, "nothing")


async def test_deleting_everything_deletes_the_exposure(house: House) -> None:
    async with house.member("mira") as mira, house.member("june") as june:
        await card(mira)
        await card(june)
        outcome = await mira.command("films", "privacy")
        sure = await mira.click(outcome.message, "Delete everything")
        await mira.click(sure.message, "Yes, delete everything")
        await until(lambda: exposed_arms(house) == {IDS["june"]: "control"}, "it is gone")
        found = await findings.read_findings(house.app, findings.experiment_named(house.app, NAME))
        assert (found.arms[0].exposed, found.arms[0].gone) == (2, 1), "as a number alone"


async def test_only_the_owner_sees_the_experiments(house: House) -> None:
    async with house.member("mira") as mira, house.member("june") as june:
        house.world.application = replace(house.world.application, owner_id=IDS["mira"])
        await card(june)
        outcome = await mira.command("dm", "lab experiments")
        assert NAME in outcome.text
        assert "1 in control and 0 in bold · 5 films shown" in outcome.text
        refused = await june.command("dm", "lab experiments")
        assert "Only whoever runs this bot" in refused.text
        assert NAME not in refused.text


async def test_two_rankings_in_one_card(tmp_path: Path) -> None:
    text = f'[[experiment]]\nname = "both"\nkind = "interleave"\n{ARM_DEFINITIONS}'
    written(tmp_path, text)
    async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
        message = (await card(mira)).message
        rows = house.rows("select film_id, team, arm from impressions order by position")
        assert len({film for film, *_ in rows}) == 5
        assert {arm for *_, arm in rows} == {"both=both"}
        teams = [team for _, team, _ in rows]
        assert sorted(teams[:2]) == sorted(teams[2:4]) == [0, 1], "each picks in turn"
        chances = [chance for (chance,) in house.rows("select chance from impressions")]
        assert all(chance in {part / 32 for part in range(1, 33)} for chance in chances), chances
        await mira.react(message, "❤️")
        await until(lambda: house.rows("select count(*) from ratings") == [(1,)], "rated")
        found = await findings.read_findings(
            house.app, findings.experiment_named(house.app, "both")
        )
        assert found.duel is not None
        assert found.duel.won == ((1, 0) if teams[0] == 0 else (0, 1))
        assert (found.cards, found.showings) == (1, 5)


@pytest.mark.clock
async def test_a_servers_arm_decides_its_posts(tmp_path: Path) -> None:
    arms = (Arm("control"), Arm("bold"))
    name = next(
        f"posts-{number}"
        for number in range(100)
        if (arm := arm_of(Experiment(f"posts-{number}", arms, unit="server"), GUILD))
        and arm.name == "bold"
    )
    written(tmp_path, f'[[experiment]]\nname = "{name}"\nunit = "server"\n{ARM_DEFINITIONS}')
    async with running(tmp_path, max_films=FEW_FILMS) as house, house.member("mira") as mira:
        await mira.command("films", "setup post", channel=mira.channel("lounge"), time="19:00")
        house.world.clock.set(instant(1, "19:01"))

        def sent() -> bool:
            return house.rows("select count(*) from impressions where surface = 'post'") == [(4,)]

        await until(sent, "the post", patience=60.0)
        rows = house.rows("select distinct arm from impressions")
        assert rows == [(f"{name}=bold",)]
        kept = house.rows("select unit, unit_id, arm from exposures")
        assert kept == [("server", GUILD, "bold")]
        await mira.command("dm", "recommend")  # in no server
        assert house.rows("select count(*) from impressions where arm is null") == [(5,)]
        found = await findings.read_findings(house.app, findings.experiment_named(house.app, name))
        assert found.arms[1].outcomes.observations == 4


# Without Discord ---------------------------------------------------------------------------------


async def test_a_broken_assignment_is_reported_as_a_mismatch(tmp_path: Path) -> None:
    """Four hundred people take part. Then half of one arm is lost, as by a bug."""
    written(tmp_path, f'[[experiment]]\nname = "x"\n{ARM_DEFINITIONS}')
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    clock = Time()
    async with opened(tmp_path, clock) as app:
        one = findings.experiment_named(app, "x")
        async with app.db.write() as conn:
            for person_id in range(1, 401):
                found = assign(app, requester(person_id, clock.now), takes_part=True)
                await profiles.ensure(conn, person_id, now=clock.now)
                await expose(conn, found, 0.0, clock.now)
                await impressions.record(conn, [an_impression(found, person_id, clock.now)])
        clock.pass_(days=1)
        whole = await findings.read_findings(app, one)
        assert not whole.mismatched
        lost = [id for id in range(1, 401) if id % 2 and arm_of(one, id) == one.arms[1]]
        async with app.db.write() as conn:
            for person_id in lost:
                await privacy.erase(conn, person_id)  # this removal is not counted
        broken = await findings.read_findings(app, one)
        assert broken.mismatched
        assert verdict(broken, clock.now)[0].key == "sample-ratio-mismatch"
        assert "The variants aren't the sizes" in said_lines(await findings.summary(app))


def requester(person_id: int, now: datetime) -> Requester:
    return Requester(person_id=person_id, guild_id=GUILD, channel_id=1, now=now)


def an_impression(found: Treatment, person_id: int, now: datetime) -> NewImpression:
    return NewImpression(
        shown_at=now, surface="recommend", film_id=1, position=0, reason="", person_id=person_id,
        model_version=found.version(None), arm=found.label,
    )  # fmt: skip


CHALLENGER_DEFINITION = """
[[experiment]]
name = "champion"
end = 2026-04-01T00:00:00Z
[[experiment.arm]]
name = "control"
[[experiment.arm]]
name = "challenger"
set = {{ model = "{version}", clock = 0 }}
"""


async def kept_version(app: App, now: datetime) -> str:
    """Returns a version that is kept but does not serve."""
    async with app.db.read() as conn:
        world = arrays.catalogue(await films.all_films(conn), await films.all_tags(conn))
    model = fit.fit(world, None, Config(), seed=5, now=now)
    folder = artifacts.write(model, app.settings.models)
    version = ModelVersion(model.version, folder.name, "f", now, {})
    async with app.db.write() as conn:
        await registry.register(conn, version)
    return version.version


async def test_a_challenger_serves_while_it_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    clock = Time()
    async with opened(tmp_path, clock) as app:
        version = await kept_version(app, clock.now - timedelta(days=5))
    written(tmp_path, CHALLENGER_DEFINITION.format(version=version))
    async with opened(tmp_path, clock, keep_models=1) as app:
        one = findings.experiment_named(app, "champion")
        challenged = next(id for id in range(1, 50) if arm_of(one, id) == one.arms[1])
        unchanged = next(id for id in range(1, 50) if arm_of(one, id) == one.arms[0])
        live = app.live.served
        early = assign(app, requester(challenged, clock.now), takes_part=True)
        assert early.label is None, "nobody is counted before it can be served"
        await load_arm_versions(app)
        found = assign(app, requester(challenged, clock.now), takes_part=True)
        assert (found.label, found.version(None)) == ("champion=challenger", version)
        assert found.served.model.config.clock == 0
        same = assign(app, requester(unchanged, clock.now), takes_part=True)
        assert (same.label, same.served) == ("champion=control", live)
        assert not same.takes_wild_cards, "the challenger has films of its own"
        before = app.experiments.loaded[version]
        await load_arm_versions(app)
        assert app.experiments.loaded[version] is before, "it is read once"
        assert await versions.prune(app) == (), "it is needed, so it is kept"
        app.live.swap(await versions.unfitted_model(app))
        await load_arm_versions(app)
        assert app.experiments.loaded[version] is not before, "over the newest catalogue"

        async with app.db.write() as conn:
            await registry.remove(conn, version)
        with caplog.at_level(logging.WARNING):
            await load_arm_versions(app)
            await load_arm_versions(app)
        warnings = [line for line in caplog.messages if "an experiment waits" in line]
        assert len(warnings) == 1
        assert version in warnings[0]
        for person_id in (challenged, unchanged):
            now_served = assign(app, requester(person_id, clock.now), takes_part=True)
            assert (now_served.served, now_served.label) == (app.live.served, None)
        arm = note("arm-unserved", arm="challenger", version=version, reason=VERSION_GONE)
        assert note("experiment-waits", why=arm) in await findings.summary(app)
        clock.now = datetime(2026, 4, 2, tzinfo=UTC)
        assert app.experiments.needed_versions(clock.now) == frozenset()
        over = assign(app, requester(challenged, clock.now), takes_part=True)
        assert over.label is None


async def test_a_damaged_challenger_is_refused_in_words(tmp_path: Path) -> None:
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    clock = Time()
    async with opened(tmp_path, clock) as app:
        version = await kept_version(app, clock.now - timedelta(days=5))
        spoilt = app.settings.models / version / "models.npz"
    spoilt.write_bytes(b"nothing")
    written(tmp_path, CHALLENGER_DEFINITION.format(version=version).replace("2026-04", "2126-04"))
    with pytest.raises(Sorry) as refused:
        await experiments.check_arms(Settings(data=tmp_path / "data"))
    assert f"variant “challenger” needs the model {version}" in said(refused.value)
    assert "models.npz is damaged" in said(refused.value)
    written(tmp_path, CHALLENGER_DEFINITION.format(version="none").replace("2026-04", "2126-04"))
    with pytest.raises(Sorry, match="version-gone"):
        await experiments.check_arms(Settings(data=tmp_path / "data"))


async def test_a_broken_file_stops_the_start_and_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, f'[[experiment]]\nname = "x"\nshare = 3\n{ARM_DEFINITIONS}')
    sentence = matinee(tmp_path, "run", DISCORD_TOKEN="a.b.c").sentence
    assert (
        f"data{os.sep}{path.name}, experiment[1] (“x”), share: 3 doesn't work as a share"
        in sentence
    )
    with pytest.raises(ExperimentError, match="no-share"):
        await experiments.check_arms(Settings(data=tmp_path / "data"))
    path.unlink()
    assert read_definitions(Settings(data=tmp_path / "data")) == ()
    with pytest.raises(ExperimentError, match="experiments-missing"):
        read_definitions(Settings(data=tmp_path / "data", experiments=tmp_path / "no.toml"))


async def test_one_experiment_at_a_time_the_first_of_the_file(tmp_path: Path) -> None:
    first = f'[[experiment]]\nname = "first"\nshare = 0.5\n{ARM_DEFINITIONS}'
    written(tmp_path, f'{first}\n[[experiment]]\nname = "second"\n{ARM_DEFINITIONS}')
    await stocked(tmp_path / "data" / "matinee.sqlite3", FEW_FILMS)
    clock = Time()
    async with opened(tmp_path, clock) as app:
        names = []
        for person_id in range(1, 201):
            found = assign(app, requester(person_id, clock.now), takes_part=True)
            assert found.experiment is not None
            names.append(found.experiment.name)
        assert 70 < names.count("first") < 130
        assert names.count("first") + names.count("second") == 200
        with pytest.raises(Sorry, match="first; second"):
            findings.experiment_named(app, "third")


def test_the_doctor_names_what_is_wrong(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    path = written(tmp_path, f'[[experiment]]\nname = "x"\n{ARM_DEFINITIONS}')
    now = datetime(2026, 3, 1, tzinfo=UTC)
    finding = {one.part: one for one in doctor.check_machine(settings, now)}["experiments"]
    found = f"I can read the experiments in {path}: x."
    assert (finding.state, said(finding.found)) == ("good", found)
    path.write_text("[[experiment]]\nname = 4")
    finding = {one.part: one for one in doctor.check_machine(settings, now)}["experiments"]
    assert finding.state == "bad"
    assert "experiment[1], name" in said(finding.found)
    assert finding.fix == note("no-start-until-then")
