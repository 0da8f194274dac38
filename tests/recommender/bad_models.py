"""Bad models for the tests of the judge: wrong ratings, wrong settings, damaged scores.

They learn from the small server of `tests.recommender.servers`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np

from recommender.content.blocks import ContentConfig
from recommender.data import Interactions, Query, interactions
from recommender.evaluation.taste.people import famous_films
from recommender.hybrid.config import RankingConfig
from recommender.hybrid.model import Blend, RankingModel
from recommender.models.als import AlsConfig
from recommender.numeric.arrays import sparse
from recommender.pipeline.diversity import VarietyConfig
from recommender.pipeline.long_tail import LongTailConfig
from recommender.pipeline.recommender import Config, Recommender
from recommender.training.fit import fit
from tests.recommender.servers import rows_of, server, small_catalogue
from tests.recommender.worlds import NOW

RANKING = RankingConfig(als=AlsConfig(rounds=6), sizes=(16,))
CONFIG = Config(ranking=RANKING, tail=LongTailConfig(people=20))
PEOPLE = 90
SEED = 1
Spoil = Callable[[Recommender], Recommender]


@cache
def good() -> Interactions:
    """Returns the ratings of the good model."""
    return server(PEOPLE)


def same(model: Recommender) -> Recommender:
    """Returns the same model."""
    return model


@dataclass(frozen=True)
class Bad:
    """A bad model.

    Attributes:
        name: what is wrong with it.
        because: the key of the judge's reason, or the keys that are possible.
        ratings: returns the ratings that it learns from.
        config: its settings.
        spoil: changes the fitted model.
    """

    name: str
    because: str | tuple[str, ...]
    ratings: Callable[[], Interactions] = good
    config: Config = CONFIG
    spoil: Spoil = same


def ranking(**settings: Any) -> Config:
    """Returns the good settings with other settings of the blend."""
    return replace(CONFIG, ranking=replace(RANKING, **settings))


# Ratings that are wrong.


def shuffled() -> Interactions:
    """Returns the good ratings with the films exchanged among them."""
    return replace(good(), film=np.random.default_rng(9).permutation(good().film)).newest()


def inverted() -> Interactions:
    """Returns the good ratings with the best stars for the worst films."""
    return replace(good(), stars=5.5 - good().stars)


def random_stars() -> Interactions:
    """Returns the good ratings with the stars exchanged among them."""
    return replace(good(), stars=np.random.default_rng(9).permutation(good().stars))


def half_inverted() -> Interactions:
    """Returns the good ratings, half of the people with the best stars for the worst films."""
    return replace(good(), stars=np.where(good().person % 2 == 0, 5.5 - good().stars, good().stars))


def people_permuted() -> Interactions:
    """Returns the good ratings, each given by somebody else."""
    drawn = np.random.default_rng(9).permutation(good().person)
    return replace(good(), person=drawn).newest()


def joined(person: np.ndarray, film: np.ndarray, stars: np.ndarray) -> Interactions:
    """Returns the good ratings together with others, given by new people."""
    films = small_catalogue().films
    ours = good()
    return interactions(
        np.concatenate([ours.person + 1, person + 1000]),
        np.concatenate([films.ids(ours.film), films.ids(film)]),
        np.concatenate([ours.stars, stars]),
        np.concatenate([ours.when, np.full(len(person), float(PEOPLE))]),
        films=films,
    )


def crowd(people: int, taste: str, each: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns people, films and stars of a crowd that loves one taste and hates everything else."""
    catalogue = small_catalogue()
    (loved,) = rows_of((taste,), catalogue)
    others = np.setdiff1d(np.arange(len(catalogue)), loved)
    rng = np.random.default_rng(9)
    rows = [
        (person, film, stars)
        for person in range(people)
        for of, stars in ((loved, 5.0), (others, 0.5))
        for film in rng.choice(of, min(each, len(of)), replace=False)
    ]
    person, film, stars = np.array(rows).T
    return person.astype(int), film.astype(int), stars


def one_loud_person() -> Interactions:
    """Returns the ratings of one person, who loves horror and hates all other films."""
    person, film, stars = crowd(1, "horror", 400)
    films = small_catalogue().films
    return interactions(person + 1, films.ids(film), stars, films=films)


def another_taste() -> Interactions:
    """Returns the good ratings and those of a hundred people who love musicals alone."""
    return joined(*crowd(100, "musicals", 20))


def copies_of_one_person() -> Interactions:
    """Returns the ratings of one person as those of everybody. Beside the good ratings, copies of
    one person do no harm."""
    own = np.flatnonzero(good().person == good().person[0])
    person = np.repeat(np.arange(PEOPLE), len(own))
    films, stars, when = (
        np.tile(each[own], PEOPLE) for each in (good().film, good().stars, good().when)
    )
    vocabulary = small_catalogue().films
    return interactions(person + 1, vocabulary.ids(films), stars, when, films=vocabulary)


def few_people_left() -> Interactions:
    """Returns the ratings of the first ten people, as if the others' were lost."""
    return server(10)


def everybody_the_same() -> Interactions:
    """Returns the ratings of people who all give five stars to the same forty famous films."""
    catalogue = small_catalogue()
    films = np.tile(famous_films(catalogue, ~catalogue.adult, 40), PEOPLE)
    person = np.repeat(np.arange(PEOPLE), 40)
    when = np.tile(np.arange(40.0), PEOPLE)
    ids = catalogue.films.ids(films)
    return interactions(person + 1, ids, np.full(len(films), 5.0), when, films=catalogue.films)


# Models that are wrong.


class SpoiledRanking(RankingModel):
    """A ranking model with other scores."""

    def blend(self, query: Query) -> Blend:
        """Returns the blend with the replaced scores."""
        found = super().blend(query)
        return replace(found, score=np.asarray(self.replacement(found.score)))

    def replacement(self, score: np.ndarray) -> np.ndarray:
        """Returns (films,) the scores in place of those given."""
        return score


class NegatedRanking(SpoiledRanking):
    """The worst film comes first."""

    def replacement(self, score: np.ndarray) -> np.ndarray:
        return -score


class ConstantRanking(SpoiledRanking):
    """Every film is as good as any other."""

    def replacement(self, score: np.ndarray) -> np.ndarray:
        return np.zeros(len(score))


class RandomRanking(SpoiledRanking):
    """Films come in any order."""

    def replacement(self, score: np.ndarray) -> np.ndarray:
        return np.random.default_rng(5).random(len(score))


class ShiftedRanking(SpoiledRanking):
    """Every film has the score of the film before it."""

    def replacement(self, score: np.ndarray) -> np.ndarray:
        return np.roll(score, 1)


class NanRanking(SpoiledRanking):
    """The scores are no numbers."""

    def replacement(self, score: np.ndarray) -> np.ndarray:
        return score * np.nan


def with_ranking(kind: type[RankingModel]) -> Spoil:
    """Returns a function that puts another kind of ranking model into a recommender."""

    def spoil(model: Recommender) -> Recommender:
        return replace(model, ranking=kind(**vars(replace(model.ranking))))

    return spoil


def films_permuted(model: Recommender) -> Recommender:
    """Returns a model that has learned the ratings of each film as those of another film."""
    order = np.random.default_rng(9).permutation(len(model.catalogue)).astype(good().film.dtype)
    return fit(model.catalogue, replace(good(), film=order[good().film]), CONFIG, SEED, NOW)


def facts_of_other_films(model: Recommender) -> Recommender:
    """Returns a model whose content model has the facts of other films."""
    catalogue = small_catalogue()
    order = np.random.default_rng(9).permutation(len(catalogue))
    mixed = replace(
        catalogue,
        tags=sparse(catalogue.tags[order]),
        genres=sparse(catalogue.genres[order]),
        facts=tuple(replace(each, matrix=sparse(each.matrix[order])) for each in catalogue.facts),
    )
    content = fit(mixed, None, Config(), SEED, NOW).ranking.content
    return replace(model, ranking=replace(model.ranking, content=content))


DEAF = ContentConfig(tags=0.0)  # hears every fact but the tags
SILENT = ranking(content=0.0, alone=0.0, tag_weight=0.0, tastes=0.0)
FAME_ALONE = replace(
    SILENT,
    ranking=replace(
        SILENT.ranking,
        item_weight=0.0,
        factor_weight=0.0,
        newcomer_people=1e9,
        popular=9.0,
        popular_half=1e9,
    ),
)
DAMAGED, WORSE, SANITY = "lead-lost", "worse-than-live", "fails-sanity"
TASTES = ("tastes-worse", "tastes-worse-together")
ANY_LOSS = (*TASTES, "some-tastes-worse", WORSE, DAMAGED)
"""Which loss is the reason depends on the settings."""
LOST = ("people-missing", "too-few-people-left")
BAD = (
    Bad("shuffled ratings", DAMAGED, shuffled),
    Bad("random stars", DAMAGED, random_stars),
    Bad("half of the people inverted", LOST, half_inverted),
    Bad("copies of one person", LOST, copies_of_one_person),
    Bad("ratings lost", LOST, few_people_left),
    Bad("a corpus of another taste that silences the tags", TASTES, another_taste, SILENT),
    Bad("popularity only", TASTES, config=FAME_ALONE),
    Bad("the unknown first", WORSE, config=ranking(popularity_penalty=30.0)),
    Bad("variety above all", TASTES, config=replace(CONFIG, variety=VarietyConfig(strength=30.0))),
    Bad("films permuted", ANY_LOSS, spoil=films_permuted),
    Bad("facts of other films", TASTES, spoil=facts_of_other_films),
    Bad("the worst first", SANITY, spoil=with_ranking(NegatedRanking)),
    Bad("all films equal", SANITY, spoil=with_ranking(ConstantRanking)),
    Bad("random scores", SANITY, spoil=with_ranking(RandomRanking)),
    Bad("films shifted by one", SANITY, spoil=with_ranking(ShiftedRanking)),
    Bad("scores that are no numbers", SANITY, spoil=with_ranking(NanRanking)),
)

MORE_BAD = (
    Bad("people permuted", DAMAGED, people_permuted),
    Bad("everybody the same", (*TASTES, *LOST), everybody_the_same),
    Bad("stars inverted", LOST, inverted),
    Bad("one loud person", LOST, one_loud_person),
    Bad("tags dropped", TASTES, config=ranking(content_facts=DEAF)),
    Bad("fame first", ANY_LOSS, config=ranking(popularity_penalty=-30.0)),
    Bad("evidence never heard", TASTES, config=ranking(gate_bias=-50.0)),
)
"""More ways to be bad, each near to one of BAD. The long tests judge them."""
