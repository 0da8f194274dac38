"""What the operator reads: `/status`, `/lab models`, `matinee doctor`."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import AlreadyRunning, FitFailed, Sorry
from bot.services.imports.movielens import Licence, MovieLensImport
from bot.services.notes import Note, from_text, note, of_error, to_text
from bot.services.operations.mending import Mended
from bot.services.training.fit_record import LearnedContext
from bot.wording.errors.said import said
from bot.wording.operations import doctor, evaluate, imports, mending, training, units
from recommender.context.lift import LevelSupport
from recommender.errors import DataError

AT = datetime(2026, 3, 13, 20, 30, tzinfo=UTC)
HOURS = timedelta(hours=1)
SUPPORTS = (LevelSupport("everyone × day", "genre", 0.2, 3.0),)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (
            note("disk-room", free=3 << 29, folder="data"),
            "The disk that data is on has 1.5 GiB free.",
        ),
        (
            note("database-older", revision=None, newest="0042"),
            "The database isn't set up yet. It should be at revision 0042.",
        ),
        (
            note("database-older", revision="0041", newest="0042"),
            "The database is at revision 0041, but I need 0042.",
        ),
        (
            note("model-in-use", version="v1", age=30 * HOURS),
            "I'm using v1, which I trained 1 day ago.",
        ),
        (
            note("newest-backup", file="a.sqlite3", age=-HOURS),
            "I made the latest backup at a time in the future, in a.sqlite3.",
        ),
        (
            note(
                "clock-was-ahead",
                now=AT,
                rows=[note("later", what="ratings", n=1), note("later", what="copies", n=2)],
            ),
            "My clock says March 13, 2026, 8:30 PM UTC, so I'm ignoring 1 rating and 2 backups "
            "dated later than that.",
        ),
        (
            note("unsure-ratings", n=2, pairs=[note("film-for-film", n=2, id=1917, meant=7)]),
            "2 ratings from `/rate` may have gone to the wrong films (film no. 1917 instead of "
            "no. 7, 2 times). I can't tell.",
        ),
        (
            note("stopped-posts", n=1, ids=["7"], servers=1),
            "I stopped 1 scheduled post (server 7), but it may only have failed because Discord "
            "had a problem.",
        ),
        (
            note("stopped-posts", n=2, ids=["7", "8"], servers=2),
            "I stopped 2 scheduled posts (servers 7 and 8), but they may only have failed because "
            "Discord had a problem.",
        ),
        (
            note("folded-films", n=2, films=["Up", "Amélie"]),
            "2 films may each be two films mixed up, because I used to ignore accents and "
            "other marks in titles (Up and Amélie).",
        ),
        (
            note("model-version", state="held", version="v1", ratings=1, people=1, seconds=2.4),
            "`v1` · **not used** · 1 rating from 1 person · 2 s",
        ),
        (
            note(
                "tastes-judged",
                share=0.5,
                others=[note("share-of", ranker="tags alone", share=0.25)],
            ),
            "-# 50.0% of this model's picks suit people with a narrow taste (25.0% for tags alone)",
        ),
        (
            note(
                "experiment-size",
                arms=[note("arm-size", name=name, count=n) for name, n in (("a", 1), ("b", 0))],
                films=1,
            ),
            "-# 1 in a and 0 in b · 1 film shown",
        ),
        (
            note("interleaved-size", people=1, cards=2, films=0),
            "-# 1 person · 2 cards · 0 films shown",
        ),
        (
            Sorry("no-such-experiment", typed="c", choices=["a", "b"]),
            "There's no experiment called “c”. Try a or b.",
        ),
        (
            note("older-models", n=1),
            "-# There's 1 older version too. Run `matinee models` to see them all.",
        ),
        (
            FitFailed("fit-ended-early", status=3, last=None),
            "The training ended before it was done (exit status 3). To try again, run `matinee "
            "train`.",
        ),
        (
            Sorry("several-versions", typed="20", n=2),
            "2 versions start with “20”. Type more of the name.",
        ),
        (
            AlreadyRunning("already-running", folder="/data"),
            "Matinee is already running with the data folder /data. Stop it first, or set "
            "MATINEE_DATA to another folder to run a second bot.",
        ),
    ],
)
def test_sentences_for_the_operator(found: Note | Sorry, text: str) -> None:
    assert said(found) == text


@pytest.mark.parametrize(
    ("done", "sentences"),
    [
        (Mended(0, 0), ["There's nothing to repair. Your data is fine."]),
        (
            Mended(1, 2),
            [
                "I've moved 1 rating to the right film.",
                "I've resumed 2 scheduled posts.",
            ],
        ),
    ],
)
def test_what_was_mended(done: Mended, sentences: list[str]) -> None:
    assert mending.mended(done) == sentences


@pytest.mark.parametrize(
    ("learned", "text"),
    [
        (
            LearnedContext(0, 0.0),
            "I don't know yet whether time, day and mood matter, because nobody's responded "
            "to a pick so far.",
        ),
        (
            LearnedContext(1, 0.0),
            "Time, day and mood don't seem to matter in the 1 pick that people have responded "
            "to, so I ignore all three.",
        ),
        (
            LearnedContext(1200, 0.5, SUPPORTS),
            "Time, day and mood: I've learned from how people responded to 1,200 picks, "
            "and I count that at 50% of its full weight. It covers the day of the week for "
            "everyone.",
        ),
    ],
)
def test_what_a_fit_learned_about_moments(learned: LearnedContext, text: str) -> None:
    assert training.learned(learned) == text


def test_totals_and_lengths_of_time() -> None:
    assert [doctor.total(bad) for bad in (0, 1, 2)] == [
        "Nothing's wrong.",
        "There's 1 thing to fix.",
        "There are 2 things to fix.",
    ]
    lengths = (timedelta(seconds=40), HOURS, 25 * HOURS, 24 * HOURS + timedelta(minutes=2))
    assert [units.span(each) for each in lengths] == [
        "less than a minute",
        "1 hour",
        "1 day and 1 hour",
        "1 day and 2 minutes",
    ]


def test_a_reason_is_the_same_after_it_was_stored() -> None:
    inner = Sorry("no-such-version", typed="v")
    reason = of_error(FitFailed("new-model-unreadable", problem=inner))
    assert from_text(to_text(reason)) == reason
    assert said(reason) == (
        "I trained a new model, but now I can't open it. There's no version called “v”. Run "
        "`matinee models` to see the ones I have."
    )


@pytest.mark.parametrize(
    ("result", "first"),
    [
        (
            MovieLensImport(1, 0, 1, 1, 1, 1),
            "I've read 1 film (new: 0, already in your catalogue: 1, updated: 1).",
        ),
        (
            MovieLensImport(9742, 9700, 0, 42, 100836, 610),
            "I've read 9,742 films (new: 9,700, already in your catalogue: 42, updated: 0).",
        ),
    ],
)
def test_what_an_import_did(result: MovieLensImport, first: str) -> None:
    assert imports.imported(result, "corpus.npz").splitlines()[0] == first


def test_what_a_data_set_says_about_its_use() -> None:
    assert imports.licence(Licence(own="Do what you like.")).endswith("\n\nDo what you like.")
    assert imports.licence(Licence(terms="Only here.")).endswith("\n\nOnly here.")
    assert "You can read the terms in a." in imports.licence(Licence(readme=Path("a")))
    assert "There's no README" in imports.licence(Licence())


def test_what_an_evaluation_says() -> None:
    assert evaluate.interval(0.4314, 0.42, 0.4425) == "0.431 (0.420 to 0.442)"
    assert evaluate.shelf_sizes(1, 2, 1000, 1).startswith(
        "I've tested 1 shelf of 2 films on 1,000 ratings from 1 person."
    )
    assert evaluate.joined_with_starter(40, 1200).startswith(
        "The data set has 1,200 films. I know 40 of them from"
    )
    assert said(DataError("report-form", file="f.pdf", choices=[".html", ".md"])) == (
        "I can't save f.pdf in that format. Give it a name that ends in .html or .md."
    )
