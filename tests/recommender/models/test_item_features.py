"""Features of films: tags, genres, eras and title words as rows for the item-item model."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import FREE_FACET, Catalogue, Vocabulary
from recommender.models.item_features import ItemFeaturesConfig, item_features
from recommender.numeric.arrays import sparse
from tests.recommender.worlds import FACETS, catalogue

NOTHING = ItemFeaturesConfig(tags=0, genres=0, era=0, words=0)


def titled(*titles: str) -> Catalogue:
    n = len(titles)
    return Catalogue(
        films=Vocabulary(np.arange(n)),
        titles=titles,
        years=np.full(n, np.nan),
        runtimes=np.full(n, np.nan),
        genres=sparse((n, 0)),
        genre_names=(),
        tags=sparse((n, 0)),
        tag_names=(),
        tag_facets=(),
        audience=np.full(n, -1, np.int8),
        adult=np.zeros(n, np.bool_),
    )


def test_each_block_has_columns_of_length_one_or_none() -> None:
    world = catalogue(60)
    world = replace(world, tag_facets=(FREE_FACET,) * len(world.tag_facets))
    side = item_features(world)
    assert set(side.blocks) == {"tags", "genres", "era", "words"}
    assert side.rows.shape == (sum(side.blocks.values()), 60)
    start = 0
    for rows in side.blocks.values():
        length = np.linalg.norm(side.rows[start : start + rows].toarray(), axis=0)
        assert (np.isclose(length, 1, atol=1e-5) | (length == 0)).all()
        start += rows
    assert np.isfinite(side.rows.data).all()


def test_weights_scale_their_blocks_and_zero_leaves_them_out() -> None:
    world = catalogue(60)
    one = item_features(world, replace(NOTHING, genres=1.0))
    two = item_features(world, replace(NOTHING, genres=2.5))
    assert list(one.blocks) == ["genres"]
    assert np.allclose(two.rows.toarray(), 2.5 * one.rows.toarray())
    assert item_features(world, NOTHING).rows.shape == (0, 60)


def test_years_lie_between_half_decades() -> None:
    world = replace(titled("a", "b", "c", "d"), years=np.array([1985, 1987, 1990, np.nan]))
    rows = item_features(world, replace(NOTHING, era=1.0)).rows.toarray()
    assert rows.shape == (2, 4)
    assert np.allclose(rows[:, 0], [1, 0])
    assert np.allclose(rows[:, 2], [0, 1])
    assert rows[0, 1] > rows[1, 1] > 0
    assert not rows[:, 3].any()


def test_words_that_titles_share() -> None:
    world = titled(
        "The Alien", "Aliens", "ALIEN: Covenant", "Alien³", "Covenant of the Wolf", "1984"
    )
    side = item_features(world, replace(NOTHING, words=1.0, least_words=2))
    rows = side.rows.toarray() > 0
    assert side.blocks == {"words": 2}
    assert rows[0].tolist() == [True, False, True, False, False, False] or rows.sum() >= 4
    shared = rows[:, 0] & rows[:, 2]
    assert shared.any()
    assert not rows[:, 5].any()


@pytest.mark.parametrize(
    ("facet", "tagged", "by_hand"),
    [
        ("mood", 20, True),
        ("mood", 3, True),
        ("mood", 2, True),
        ("mood", 1, False),
        ("mood", 0, False),
        (FREE_FACET, 20, False),
    ],
)
def test_films_with_tags_by_hand_have_no_words_if_they_are_a_tenth(
    facet: str, tagged: int, by_hand: bool
) -> None:
    weights = np.zeros((20, 2), np.float32)
    weights[:tagged] = 1
    world = replace(
        titled(*["Land", "Stake"] * 10),
        tags=sparse(weights),
        tag_names=("dark", "slow"),
        tag_facets=(facet, facet),
    )
    assert world.has_hand_tags == by_hand
    assert world.hand_tagged.sum() == (0 if facet == FREE_FACET else tagged)
    side = item_features(world, replace(NOTHING, words=1.0))
    with_words = np.diff(side.rows.tocsc().indptr) > 0
    assert with_words.tolist() == [not (by_hand and film < tagged) for film in range(20)]


def test_a_catalogue_without_films_has_no_tags_by_hand() -> None:
    assert not titled().has_hand_tags


def test_sensitive_tags_say_nothing() -> None:
    world = catalogue(60)
    rows = item_features(world, replace(NOTHING, tags=1.0, least_tags=1)).blocks["tags"]
    assert rows == sum(FACETS[at % len(FACETS)] != "sensitive" for at in range(20))


def test_rare_features_weigh_more() -> None:
    genres = np.zeros((10, 2))
    genres[:9, 0] = 1
    genres[8:, 1] = 1
    world = replace(titled(*"abcdefghij"), genres=sparse(genres), genre_names=("Usual", "Rare"))
    rows = item_features(world, replace(NOTHING, genres=1.0)).rows.toarray()
    assert rows[1, 8] > rows[0, 8] > 0


@pytest.mark.parametrize("films", [0, 1])
def test_a_catalogue_that_knows_nothing(films: int) -> None:
    side = item_features(titled(*"?"[:films]))
    assert side.rows.shape == (0, films)
