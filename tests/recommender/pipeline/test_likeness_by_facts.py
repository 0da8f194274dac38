"""Likeness by all facts: what adds to it, and what is not known of a film."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.content.blocks import ContentConfig, content_blocks
from recommender.content.likeness import WORTH, likeness_by_facts
from recommender.data import Catalogue, FactBlock
from recommender.models.neighbours import Neighbours
from recommender.models.tags import fit_tags
from recommender.numeric.arrays import Array64, sparse
from tests.recommender.worlds import catalogue
from tests.starter import starter

FILMS = 40


def world() -> Catalogue:
    """Returns films of which every second is Korean and by one director; film 4 has no facts."""
    korean = np.zeros((FILMS, 2), np.float32)
    korean[::2, 0] = korean[1::2, 1] = 1.0
    korean[4] = 0.0
    facts = tuple(
        FactBlock(name, ("one", "other"), sparse(korean)) for name in ("language", "director")
    )
    return replace(catalogue(FILMS), facts=facts)


def alike(films: Catalogue, film: int) -> Array64:
    return likeness_by_facts(content_blocks(films, ContentConfig()), film)


def test_shared_facts_add_and_other_facts_take_away_and_unknown_ones_do_neither() -> None:
    before = WORTH["tags"] + WORTH["genre"] + WORTH["era"]
    after = before + WORTH["language"] + WORTH["director"]
    gain = alike(world(), 2) * after - alike(replace(world(), facts=()), 2) * before
    assert (gain[[6, 8, 10]] > 0).all()
    assert (gain[[1, 3, 5]] < 0).all()
    assert gain[4] == pytest.approx(0.0)


def test_a_film_without_tags_neither_vanishes_nor_floods() -> None:
    films = starter().world
    bare = np.arange(0, len(films), 2)
    tags = films.tags.tolil()
    tags[bare] = 0
    half = replace(films, tags=sparse(tags))
    near = Neighbours(half, fit_tags(half), content_blocks(half, ContentConfig()))
    tagged = np.setdiff1d(np.arange(len(films)), bare)
    shown = 0
    for film in tagged[::100].tolist():
        likeness, by = near.likeness(film)
        assert by == "tags"
        assert (likeness[bare] > 0).any()
        shown += int(np.isin(np.argsort(-likeness)[1:9], bare).sum())
    assert shown <= 8 * len(tagged[::100]) / 4  # half of the films are bare
    assert near.likeness(int(bare[0]))[1] == "facts"


def test_praise_and_occasions_do_not_make_films_alike() -> None:
    films = starter().world
    loud = [facet in ("praise", "occasion") for facet in films.tag_facets]
    tags = films.tags.tolil()
    tags[:, np.flatnonzero(loud)] = 0
    assert alike(replace(films, tags=sparse(tags)), 7) == pytest.approx(alike(films, 7))


def test_a_year_alone_says_too_little() -> None:
    films = replace(catalogue(FILMS), genres=sparse(np.zeros((FILMS, 4), np.float32)))
    assert not alike(films, 0).any()  # it has no tags
    assert alike(films, 1).any()
