"""The sentences of the command line."""

import pytest

from bot.services.notes import Note, note
from bot.wording.cli import backups, catalogue, experiments, health, models
from bot.wording.errors.said import said
from recommender.experiments.assignment import Arm, Experiment

ARMS = (Arm("as-it-is"), Arm("more-variety"))


def test_what_a_restored_copy_forgets() -> None:
    assert (
        backups.deleted_again(1)
        == "1 person had asked me to delete their data, so I've deleted it from the "
        "restored database too."
    )
    assert (
        backups.deleted_again(12)
        == "12 people had asked me to delete their data, so I've deleted it from the "
        "restored database too."
    )


@pytest.mark.parametrize(
    ("films", "problems", "told"),
    [
        (0, 0, "I've checked 0 films. There's nothing to fix."),
        (1, 0, "I've checked 1 film. There's nothing to fix."),
        (1, 1, "I've checked 1 film and found 1 thing to fix."),
        (1204, 17, "I've checked 1,204 films and found 17 things to fix."),
    ],
)
def test_a_checked_list(films: int, problems: int, told: str) -> None:
    assert catalogue.checked(films, problems) == told


def test_an_imported_list() -> None:
    counts = {"added": 1, "changed": 0, "same": 2, "left": 3, "tags": 1}
    told = "1 film added, 0 changed, 2 unchanged, 3 skipped, and 1 new tag"
    assert catalogue.imported(**counts, rehearsed=True) == (
        f"If you import this list, here's what you'll get: {told}. I haven't changed anything "
        "yet. To import it, run this again without --dry-run."
    )
    assert catalogue.imported(**counts, rehearsed=False) == (
        f"I've imported your list: {told}. I'll use it once I've trained again. Run "
        "`matinee train` now, or wait until I train tonight."
    )


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (
            Experiment("night", ARMS, metric="stars", guardrails=("refused", "seconds"), share=0.5),
            "night: running\nEach person sees one variant. 50% of people take part.\n"
            "I compare the variants by “stars”, and I also keep an eye on refused and seconds.",
        ),
        (
            Experiment("night", ARMS, unit="server", metric="stars", guardrails=()),
            "night: running\nEach server sees one variant. 100% of servers take part.\n"
            "I compare the variants by “stars” and nothing else.",
        ),
        (
            Experiment("night", ARMS, kind="interleave", metric="stars", guardrails=()),
            "night: running\nEach card has picks from both variants. 100% of people take "
            "part.\nI compare the variants by “stars” and nothing else.",
        ),
    ],
    ids=["people", "servers", "interleaved"],
)
def test_a_definition(one: Experiment, told: str) -> None:
    assert experiments.definition(one, "running") == told


def test_served_experiments() -> None:
    assert experiments.all_served(1, "x.toml") == ("x.toml has 1 experiment, and I can run it.")
    assert experiments.all_served(2, "x.toml") == (
        "x.toml has 2 experiments, and I can run them all."
    )


def test_narrow_tastes() -> None:
    shares = {"new": 0.3123, "live": 0.25, "tags alone": 0.2}
    assert models.tastes(0, {}, {}).startswith("Tastes: I couldn't test these")
    assert models.tastes(12, shares, {"live": ("heists", "anime"), "tags alone": ()}) == (
        "Tastes: I tried this model on simulated people with narrow tastes. Here's how "
        "many of the picks suited them: 31.2% for this model, 25.0% for the model in use, "
        "and 20.0% for tags alone. This model does worse on heists and anime than the "
        "model in use."
    )


def test_the_people_who_judged() -> None:
    assert models.judged_headings(1, ("new",)) == ("tested on 1 person", "this model")
    assert models.judged_headings(40, ("live",)) == ("tested on 40 people", "the model in use")


def test_health() -> None:
    assert health.not_writing("a.sqlite3", 0.2) == (
        "I haven't been able to save anything to a.sqlite3 for 0.2 seconds. Another program "
        "may be locking it, "
        "or the disk may be slow."
    )


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (note("clock-off", seconds=181.6, ahead=True), "clock is 182 seconds ahead of Discord's."),
        (note("clock-off", seconds=3.0, ahead=False), "clock is 3 seconds behind Discord's."),
        (note("gateway-open", servers=1), "I'm in 1 server."),
        (note("gateway-open", servers=0), "I'm in 0 servers."),
        (note("commands-registered", count=29), "All 29 of my commands on Discord are up to date."),
        (
            note("commands-outdated", commands=["/rate"]),
            "are missing or out of date: /rate.",
        ),
        (note("token-works", name=None), "The token works."),
        (note("token-works", name="Matinee"), "The token works. It belongs to Matinee."),
    ],
    ids=lambda value: value.key if isinstance(value, Note) else "",
)
def test_findings_at_discords_end(found: Note, told: str) -> None:
    assert said(found).endswith(told)
