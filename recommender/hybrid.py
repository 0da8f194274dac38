"""Several scorers, one score: calibrate, weigh by what is known, add up.

Every scorer's numbers are brought to mean 0 and spread 1 over the films it can speak of, and added
with weights that grow with what is known of the person: nothing known leaves popularity; shelves
alone speak through tags; many ratings let the factors lead. Where a scorer is silent (NaN) a film
gets part of that scorer's weight through the others. For one film the sum is linear in every fact,
so the parts of a score add up to it exactly.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.data import Part, PartKind, Query
from recommender.factorization import FactorModel, FoldIn
from recommender.popularity import Popularity
from recommender.tags import TagModel

Array64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class BlendConfig:
    """factors, tags, shelves, mood, popularity: the full weights; settled: what popularity fades
    to as ratings gather; ratings_to_half: ratings at which the factors carry half of theirs; dial:
    how strongly adventurousness counts against (or, for crowd-pleasers, for) well-known films;
    handed_on: the share of a silent scorer's weight that the others take over; alone: the tags'
    weight where there are no factors at all, half of it after `alone_to_half` ratings."""

    factors: float = 1.0
    tags: float = 0.25
    shelves: float = 0.8
    mood: float = 0.4
    popularity: float = 0.6
    settled: float = 0.1
    ratings_to_half: float = 8.0
    dial: float = 0.8
    handed_on: float = 0.5
    alone: float = 1.2
    alone_to_half: float = 1.5


@dataclass(frozen=True, eq=False)
class Voice:
    """One scorer's share in a blend: its raw scores (films,) with NaN for silence, their centre
    and spread, and its weight."""

    name: str
    raw: Array64
    centre: float
    spread: float
    weight: float

    @property
    def heard(self) -> npt.NDArray[np.bool_]:
        """(films,) where it speaks."""
        return ~np.isnan(self.raw)


@dataclass(frozen=True, eq=False)
class Blend:
    """score: (films,) never NaN; boost: (films,) factor on every weight, above 1 where a voice is
    silent; the voices; the dial's weight on reach; the person's place among the factors."""

    score: Array64
    boost: Array64
    voices: tuple[Voice, ...]
    dial: Voice
    place: FoldIn | None


def blend(
    query: Query,
    popularity: Popularity,
    tags: TagModel,
    factors: FactorModel | None,
    config: BlendConfig,
) -> Blend:
    """Score every film for one query."""
    n = len(query.films)
    familiar = n / (n + config.ratings_to_half)
    shelves = bool(len(query.liked_tags) or len(query.disliked_tags))
    crowd = config.popularity + (config.settled - config.popularity) * familiar
    voices = [_voice("popularity", popularity.score(query), crowd)]
    tag_weight = config.tags * familiar
    if factors is None:
        tag_weight = config.alone * n / (n + config.alone_to_half)
    if shelves:
        tag_weight += config.shelves * (1.0 - familiar)
    if len(query.mood):
        tag_weight += config.mood
    if tag_weight:
        voices.append(_voice("tags", tags.score(query), tag_weight))
    place = None
    if factors is not None and n:
        place = factors.fold_in(query)
        if len(place.known):
            raw = factors.score_place(place)
            voices.append(_voice("factors", raw, config.factors * familiar))
    films = len(popularity.count)
    speaking = np.zeros(films)
    total = np.zeros(films)
    for voice in voices:
        speaking += voice.weight * voice.heard
        total += voice.weight * np.nan_to_num((voice.raw - voice.centre) / voice.spread)
    whole = sum(voice.weight for voice in voices)
    missing = np.maximum(whole - speaking, 0.0)
    boost = 1.0 + config.handed_on * missing / np.maximum(speaking, 1e-12)
    towards_known = config.dial * (1.0 - 2.0 * query.adventurousness)
    dial = _voice("dial", _fame(popularity, 1.0 - familiar), towards_known)
    score = total * boost + dial.weight * (dial.raw - dial.centre) / dial.spread
    return Blend(score, boost, tuple(voices), dial, place)


def explain(
    blended: Blend,
    query: Query,
    films: npt.NDArray[np.int64],
    tags: TagModel,
    factors: FactorModel | None,
) -> list[tuple[Part, ...]]:
    """The parts of the scores of k films, popularity first, then ratings and tags with the
    greatest first; each film's parts add up to its score."""
    known = np.zeros(len(films))
    ratings = np.zeros((len(films), len(query.films)))
    columns, named = np.zeros(0, np.int64), np.zeros((len(films), 0))
    for voice in blended.voices:
        scale = blended.boost[films] * voice.weight / voice.spread * voice.heard[films]
        if voice.name == "popularity":
            known += scale * (voice.raw[films] - voice.centre)
        elif voice.name == "tags":
            ratings += scale[:, None] * tags.rating_parts(query, films)
            columns, amounts = tags.tag_parts(query, films)
            named = scale[:, None] * amounts
        elif factors is not None and blended.place is not None:
            own = factors.rating_parts(blended.place, films, len(query.films))
            ratings += scale[:, None] * own
    dial = blended.dial
    known += dial.weight * (dial.raw[films] - dial.centre) / dial.spread
    rating: PartKind = "rating"
    tag: PartKind = "tag"
    kinds = [rating] * len(query.films) + [tag] * len(columns)
    refs = np.concatenate([query.films, columns]).tolist()
    amounts = np.hstack([ratings, named])
    order = np.argsort(-amounts, axis=1, kind="stable").tolist()
    return [
        (
            Part("popularity", -1, float(known[row])),
            *(
                Part(kinds[at], refs[at], theirs[at])
                for theirs in (amounts[row].tolist(),)
                for at in order[row]
                if theirs[at]
            ),
        )
        for row in range(len(films))
    ]


def _fame(popularity: Popularity, strangeness: float) -> Array64:
    """(films,) how well known a film is, which the dial turns towards or away from. The less is
    known of the person (strangeness 1), the more liking counts against it, so that a stranger's
    deep cuts are films that few know and those few love."""
    reach = _voice("reach", popularity.reach, 1.0)
    liked = _voice("liked", popularity.damped_mean, 1.0)
    return np.asarray(
        (reach.raw - reach.centre) / reach.spread
        - strangeness * (liked.raw - liked.centre) / liked.spread / 2
    )


def _voice(name: str, raw: Array64, weight: float) -> Voice:
    """Calibrate raw scores over the films they speak of. A scorer that tells no two films apart
    has spread 1, so it says nothing rather than dividing by zero."""
    heard = raw[~np.isnan(raw)]
    centre = float(heard.mean()) if heard.size else 0.0
    spread = float(heard.std()) if heard.size else 1.0
    if not spread > 1e-9 * max(1.0, abs(centre)):
        spread = 1.0
    return Voice(name, raw, centre, spread, weight)
