"""Reasons are true: the films that they name, the tags, the praise and the words of the clock."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.services.catalogue.arrays import Facts, query
from bot.services.localtime import LocalHour
from bot.services.notes import Note, note
from bot.services.serving.reasons import NAMED_SHARE, PERSON, reason, server_audience
from bot.wording.errors.said import said
from recommender.context.editorial import TILTS
from recommender.data import Part, Pick
from recommender.pipeline.alike import ALIKE
from recommender.pipeline.recommend import explain_one, recommend
from recommender.pipeline.similar import similar
from tests.bot.services.serving import golden
from tests.bot.services.serving.golden import Pair, served

GOLDEN = Path(__file__).with_name("golden_reasons.csv")
MIN_TRUE = 0.95
NAMED = ("you-loved", "you-liked")
"""The keys of the reasons that name a film."""


def tags_of(film_id: int) -> dict[str, int]:
    """Returns name -> weight of a film's tags."""
    library = served().library
    return {library.tags[slug].name: weight for slug, weight in library.films[film_id].tags}


def strings(value: object) -> list[str]:
    """Returns the words of a note that is one or lists some; an empty list for None."""
    if not isinstance(value, Note):
        return []
    if value.key in ("tag", "genre"):
        return [str(value.data["name"])]
    return [word for part in value.data.values() for word in strings(part)]


def words_of(why: Note) -> list[str]:
    """Returns the tags that a reason names."""
    if why.key == "words":
        return strings(why)
    return [word for name in ("praise", "tags", "moods") for word in strings(why.data.get(name))]


def broken_rule(pair: Pair) -> str:
    """Returns what is untrue about a reason; empty if nothing is."""
    model, library = served().model, served().library
    films = model.catalogue.films
    own = tags_of(int(films.ids([pair.pick.film])[0]))
    raised = sum(p.amount for p in pair.pick.parts if p.amount > 0)
    if pair.why.key not in NAMED:
        missing = [word for word in words_of(pair.why) if not own.get(word)]
        if "lots of people love it" in pair.reason and not model.well_loved[pair.pick.film]:
            return "it is not widely loved"
        return f"it is not {missing}" if missing else ""
    title, tags = pair.why.data["title"], strings(pair.why.data["tags"])
    verb = "loved" if pair.why.key == "you-loved" else "liked"
    (film,) = [film for film in pair.stars if library.films[film].title == title][:1] or [None]
    if film is None or pair.stars[film] < (4.5 if verb == "loved" else 3.5):
        return f"{title} was not {verb}"
    row = films.row(film)
    share = sum(p.amount for p in pair.pick.parts if p.kind == "rating" and p.ref == row) / raised
    if share < NAMED_SHARE:
        return f"{title} is only {share:.0%} of what raised it"
    alike = model.likeness.between(np.array([pair.pick.film]), np.array([row]))[0, 0]
    if alike < ALIKE:
        return f"{title} is not like it: {alike:.2f}"
    other = tags_of(film)
    wrong = [tag for tag in tags if min(own.get(tag, 0), other.get(tag, 0)) < 2]
    return f"they do not share {wrong}" if wrong else ""


def read_golden() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_golden_reasons_are_unchanged_or_follow_the_rule() -> None:
    rows = read_golden()
    ids = {golden.name(film): film for film in served().library.films}
    checked, changed = 0, []
    for row in rows:
        loved = [part.rsplit(" ", 1) for part in row["loved"].split("; ")]
        if row["pick"] not in ids or any(name not in ids for name, _ in loved):
            continue  # the catalogue renamed a film
        stars = {ids[name]: float(given) for name, given in loved}
        film = served().model.catalogue.films.row(ids[row["pick"]])
        pair = golden.explained(stars, film)
        checked += 1
        if pair.reason != row["reason"]:
            changed.append(pair)
    assert checked >= 0.95 * len(rows)
    assert [problem for pair in changed if (problem := broken_rule(pair))] == []


def test_at_least_95_of_100_golden_reasons_are_judged_true() -> None:
    verdicts = [row["verdict"] for row in read_golden()]
    assert len(verdicts) >= 100
    assert set(verdicts) <= {"true", "false"}
    assert verdicts.count("true") >= MIN_TRUE * len(verdicts)


def test_fresh_pairs_follow_the_rule_and_most_name_a_film() -> None:
    pairs = golden.pairs(seed=1, count=60)
    assert [problem for pair in pairs if (problem := broken_rule(pair))] == []
    assert sum("because" in pair.reason for pair in pairs) >= 30


# Which film is named ------------------------------------------------------------------------------


def film(title: str, year: int) -> int:
    """Returns the row of a film."""
    world = served().model.catalogue
    return next(
        at
        for at, name in enumerate(world.titles)
        if name == title and abs(world.years[at] - year) < 1
    )


def told(parts: Mapping[str, float], popularity: float, **options: object) -> str:
    """Returns the reason for Aliens, with what each film (by title and year) adds to its score."""
    rows = {
        film(*name.rsplit("|", 1)[:1], int(name.rsplit("|", 1)[1])): x for name, x in parts.items()
    }
    ids = served().model.catalogue.films.ids_array
    rated = {int(ids[row]): 5.0 for row in rows}
    made = [
        Part("popularity", -1, popularity),
        *(Part("rating", row, x) for row, x in rows.items()),
    ]
    pick = Pick(film("Aliens", 1986), 1.0, tuple(made))
    return said(reason(served(), pick, rated, **options))  # type: ignore[arg-type]


def test_a_named_film_carried_the_score_and_is_like_the_pick() -> None:
    assert told({"Alien|1979": 1.0, "Amélie|2001": 0.2}, 0.5).startswith(
        "because you loved Alien · "
    )
    assert told({"Alien|1979": 0.2, "Amélie|2001": 1.0}, 0.5).startswith(
        "because you loved Alien · "
    )
    assert "because" not in told({"Alien|1979": 0.05, "Amélie|2001": 1.0}, 0.5), "no share"
    assert "because" not in told({"Amélie|2001": 1.0}, 0.5), "not like it"
    assert told({"Alien|1979": 0.1}, 2.0).startswith("lots of people love it"), (
        "its fame carried it"
    )


def test_a_post_names_only_films_that_enough_people_rated() -> None:
    ids = served().model.catalogue.films.ids_array
    alien = int(ids[film("Alien", 1979)])
    parts = {"Alien|1979": 1.0, "The Thing|1982": 0.5}
    known = told(parts, 0.5, audience=server_audience({alien}))
    assert known.startswith("because people here loved Alien · ")
    unknown = told(parts, 0.5, audience=server_audience(()))
    assert "because" not in unknown
    assert "you" not in unknown.split()


# The words of the clock ---------------------------------------------------------------------------

CONTRADICTIONS = {
    "laugh": {"bleak", "heartbreaking", "terrifying", "unsettling", "haunting", "angry"},
    "family": {"bleak", "heartbreaking", "terrifying", "unsettling", "sensual", "raw", "eerie"},
    "drama": {"hilarious", "madcap", "feel-good", "terrifying", "whimsical"},
    "gripping": {"cosy", "contemplative", "hilarious", "feel-good", "heartwarming", "whimsical"},
    "scare": {"cosy", "hilarious", "madcap", "charming", "feel-good", "heartwarming"},
    "thrills": {"contemplative", "cosy", "tender", "melancholy", "heartbreaking"},
    "friends": {"bleak", "heartbreaking", "melancholy", "contemplative"},
    "lazy": {"bleak", "heartbreaking", "terrifying", "unsettling", "frantic", "tense", "paranoid"},
    "made-for-late-at-night": {"cosy", "heartwarming"},
}
NEUTRAL = {
    "real-life-for-late-at-night",
    "short-for-a-weeknight",
    "short-for-late-at-night",
    "time-for-a-long-one",
}


@pytest.mark.parametrize("number", range(len(TILTS)))
def test_no_phrase_of_the_clock_contradicts_a_films_moods(number: int) -> None:
    tilt, films = TILTS[number], served().model.context.applies[number]
    if tilt.log_odds < 0:
        return  # it is never said
    moods = [bad for word, bad in CONTRADICTIONS.items() if word in tilt.key]
    assert moods or tilt.key in NEUTRAL, tilt.key
    world = served().model.catalogue
    columns = [world.tag_names.index(mood) for bad in moods for mood in bad]
    against = world.tags[:, columns].toarray().any(axis=1)
    assert not (films & against).any()
    assert films.sum() >= 30, "there is still something to say it of"


def test_the_clock_is_named_only_where_it_raised_the_film() -> None:
    phrases = {said(note(tilt.key)) for tilt in TILTS}
    model, count = served().model, 0
    for weekday in range(7):
        for hour in range(1, 24, 5):
            stars = golden.person(np.random.default_rng([hour, weekday]))
            facts = Facts(ratings=stars, local=LocalHour(hour, weekday))
            asked = query(model.catalogue, facts)
            for pick in recommend(model, asked, 5).picks:
                text = said(reason(served(), pick, stars, audience=PERSON))
                words = [phrase for phrase in phrases if phrase in text]
                plain = explain_one(model, replace(asked, hour=None, weekday=None), pick.film)
                assert not words or pick.score > plain.score, "the clock raised its score"
                assert bool(words) <= (pick.lifted > 0), "and its place"
                count += bool(words)
    assert count


def test_similar_films_name_the_clock_only_where_it_changed_their_order() -> None:
    model = served().model
    asked = query(model.catalogue, Facts(local=LocalHour(20, 1)))
    picks = similar(model, film("Alien", 1979), asked, 10)
    order = [pick.likeness for pick in picks]
    assert any(pick.context for pick in picks)
    for at, pick in enumerate(picks):
        if pick.lifted > 0:
            assert any(likeness > pick.likeness for likeness in order[at + 1 :]) or at >= 5
    assert any(pick.lifted <= 0 and pick.context for pick in picks)
