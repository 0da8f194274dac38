"""The content model hears what a person likes from the facts of their films, and can say why."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.sparse import vstack

from recommender.content.blocks import ContentConfig
from recommender.content.learned import with_learned_tags
from recommender.content.model import MAX_HEARD, ContentModel, fit_content
from recommender.data import Catalogue, Query, Vocabulary
from recommender.hybrid.components import content_gate, trust
from recommender.hybrid.config import RankingConfig
from recommender.numeric.arrays import Sparse, sparse
from tests.starter import starter

KOREAN = ("A Tale of Two Sisters", "Memories of Murder", "The Handmaiden", "Burning", "Parasite")
HEISTS = ("Rififi", "The Killing", "Victoria", "Inside Man", "Reservoir Dogs")
WESTERNS = ("Rio Bravo", "High Noon", "Shane", "Unforgiven")
ANIME = ("Akira", "Spirited Away", "Paprika", "Princess Mononoke")


def world() -> Catalogue:
    """Returns the starter catalogue."""
    return starter().world


@cache
def title_rows() -> dict[str, int]:
    """Returns title -> row of the starter catalogue's films."""
    return {title: row for row, title in enumerate(world().titles)}


@pytest.fixture(scope="module")
def model() -> ContentModel:
    return fit_content(world(), ContentConfig())


def loved(*titles: str, stars: float = 5.0) -> Query:
    rows = np.array([title_rows()[title] for title in titles])
    return Query(films=rows, stars=np.full(len(rows), stars))


def best(model: ContentModel, query: Query, n: int = 10) -> list[int]:
    scores = model.score(query)
    scores[query.films] = -np.inf
    return np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")[:n].tolist()


def facts(kind: str, value: str) -> np.ndarray:
    block = world().fact(kind)
    assert block is not None
    return block.matrix[:, [block.values.index(value)]].toarray().reshape(-1) > 0


def test_parts_add_up_to_the_score(model: ContentModel) -> None:
    rng = np.random.default_rng(1)
    for n in (0, 1, 5, 30, 150):
        rows = rng.choice(len(world()), n, replace=False)
        query = Query(films=rows, stars=rng.choice([1, 2, 3, 4, 5.0], n), liked_tags=[3, 40, 100])
        taste = model.taste(query)
        films = rng.choice(len(world()), 40, replace=False)
        parts = model.rating_parts(taste, films).sum(axis=1)
        parts += model.tag_parts(taste, films).sum(axis=1)
        np.testing.assert_allclose(parts, model.score(query, taste)[films], atol=1e-5)


def test_a_lover_of_korean_films_is_heard_by_the_language(model: ContentModel) -> None:
    at = [block.name for block in model.blocks].index("language")
    heard, heists = (model.taste(loved(*films)).interests[0].weights for films in (KOREAN, HEISTS))
    assert heard[at] > 2 * heists[at]
    korean = facts("language", "ko")
    assert korean[best(model, loved(*KOREAN))].mean() >= 0.8


def test_evidence_tells_a_taste_from_films_at_random(model: ContentModel) -> None:
    rng = np.random.default_rng(2)
    chance = []
    for _ in range(20):
        rows = rng.choice(len(world()), 5, replace=False)
        chance.append(model.taste(Query(films=rows, stars=np.full(5, 5.0))).evidence)
    assert np.mean(chance) < 0.65
    assert model.taste(loved(*KOREAN)).evidence > np.mean(chance) + 0.15
    assert model.taste(Query()).evidence == 0.5
    assert model.taste(loved("Burning")).evidence == 0.5, "no other film could find it"


def test_two_tastes_are_two_interests_and_both_are_served(model: ContentModel) -> None:
    query = loved(*WESTERNS, *ANIME)
    taste = model.taste(query)
    assert len(taste.interests) == 2
    sides = {tuple(np.flatnonzero(interest.gains)) for interest in taste.interests}
    assert sides == {(0, 1, 2, 3), (4, 5, 6, 7)}
    shown = best(model, query)
    anime = world().tags[:, [world().tag_names.index("anime")]].toarray().reshape(-1) > 0
    western = world().genres[:, [world().genre_names.index("Western")]].toarray().reshape(-1) > 0
    assert anime[shown].sum() >= 3
    assert western[shown].sum() >= 3
    assert len(model.taste(loved(*KOREAN)).interests) == 1


def test_interests_are_equally_loud_whatever_their_sizes(model: ContentModel) -> None:
    taste = model.taste(loved(*WESTERNS[:3], *ANIME, "Ghost in the Shell", "Perfect Blue"))
    best_of_each = [np.sort(scores[model.described > 0])[-30:].mean() for scores in taste.scores]
    assert len(best_of_each) == 2
    assert max(best_of_each) < 1.25 * min(best_of_each)


def test_a_hit_that_everybody_loves_counts_for_less_among_films_of_a_taste(
    model: ContentModel,
) -> None:
    query = loved(*KOREAN[:4], "The Shawshank Redemption")
    gains = model.taste(query).interests[0].gains
    assert gains[4] < 0.7 * gains[:4].min()
    korean = facts("language", "ko")
    assert korean[best(model, query)].mean() >= 0.8


def test_what_all_loved_films_share_says_more_than_what_one_of_them_has() -> None:
    """Films 0 to 4 are loved. Each has tag 0 and a second tag. Film 5 has tag 0 among nine tags;
    film 6 has nothing but four tags that one of the loved films has each."""
    cells = [(film, tag) for film in range(5) for tag in (0, film + 1)]
    cells += [(5, tag) for tag in (0, *range(6, 14))] + [(6, tag) for tag in range(1, 5)]
    cells += [(film, 1 + (film + more) % 13) for film in range(7, 60) for more in (0, 3, 7)]
    films, tags = zip(*cells, strict=True)
    made = sparse((np.full(len(cells), 3.0), (films, tags)), world().tags.shape)
    facets = ("theme",) * len(world().tag_names)
    plain = replace(world(), tags=made, tag_facets=facets, facts=())
    plain = replace(plain, genres=sparse(world().genres.shape), years=np.full(len(world()), np.nan))
    model = fit_content(plain, ContentConfig())
    assert best(model, Query(films=np.arange(5), stars=np.full(5, 5.0)), 2) == [5, 6]


def test_what_is_not_known_of_a_film_is_missing_and_not_zero() -> None:
    """A film with nothing but genres neither floods the lists of its genre nor sinks below all."""
    rows = np.arange(0, len(world()), 5)
    tags = world().tags.toarray()
    tags[rows] = 0
    bare = replace(
        world(),
        tags=sparse(tags),
        facts=tuple(
            replace(
                fact,
                matrix=sparse(
                    np.where(
                        np.isin(np.arange(len(world())), rows)[:, None], 0, fact.matrix.toarray()
                    )
                ),
            )
            for fact in world().facts
        ),
    )
    model = fit_content(bare, ContentConfig())
    horror = [
        title
        for title in ("The Shining", "Suspiria", "Halloween", "The Thing", "Hereditary")
        if title_rows()[title] % 5
    ]
    shown = best(model, loved(*horror), 50)
    unknown = np.isin(shown, rows).mean()
    assert unknown < 0.1
    scores = model.score(loved(*horror))
    assert np.isfinite(scores[rows]).all()
    others = np.delete(scores, rows)
    assert scores[rows].mean() > np.quantile(others, 0.25)


def with_more_films(tag: str | None) -> Catalogue:
    """Returns the starter catalogue with one more film for each of its films.

    tag: the only tag of every tenth new film. The other new films have no facts. With None, no new
    film has any.
    """
    count = len(world())
    tags = np.zeros((count, len(world().tag_names)))
    if tag is not None:
        tags[::10, world().tag_names.index(tag)] = 1.0

    def twice(matrix: Sparse) -> Sparse:
        return sparse(vstack([matrix, sparse(matrix.shape)]))

    return replace(
        world(),
        films=Vocabulary(np.concatenate([world().films.ids_array, 1_000_000 + np.arange(count)])),
        titles=world().titles + tuple(f"Film {at}" for at in range(count)),
        years=np.concatenate([world().years, np.full(count, np.nan)]),
        runtimes=np.tile(world().runtimes, 2),
        genres=twice(world().genres),
        tags=sparse(vstack([world().tags, sparse(tags)])),
        audience=np.tile(world().audience, 2),
        adult=np.tile(world().adult, 2),
        facts=tuple(replace(fact, matrix=twice(fact.matrix)) for fact in world().facts),
    )


def test_films_without_facts_change_no_picks(model: ContentModel) -> None:
    more = fit_content(with_more_films(None), ContentConfig())
    for titles in (KOREAN, HEISTS, WESTERNS, ANIME):
        assert best(more, loved(*titles), 50) == best(model, loved(*titles), 50)


def test_a_film_with_one_tag_does_not_flood_the_lists_of_that_tag(model: ContentModel) -> None:
    heists = loved(*HEISTS)
    more = fit_content(with_more_films("heist"), ContentConfig())
    shown = np.array(best(more, heists, 20))
    assert (shown < len(world())).all()
    assert len(np.intersect1d(shown, best(model, heists, 30))) > 15
    scores = more.score(heists)
    assert scores[len(world())] > np.nanmedian(scores), "what is known of it still counts"


def test_praise_occasions_and_warnings_do_not_make_films_alike(model: ContentModel) -> None:
    tags = world().tags.toarray()
    silent = np.isin(world().tag_facets, ["praise", "occasion", "sensitive"])
    tags[:, silent] = np.random.default_rng(3).permutation(tags[:, silent])
    other = fit_content(replace(world(), tags=sparse(tags)), ContentConfig())
    query = loved(*KOREAN)
    np.testing.assert_allclose(other.score(query), model.score(query), atol=1e-6)


def test_only_the_most_decided_of_many_ratings_are_heard(model: ContentModel) -> None:
    rng = np.random.default_rng(4)
    rows = rng.choice(len(world()), 200, replace=False)
    stars = np.where(np.arange(200) < MAX_HEARD, 5.0, 3.0)
    taste = model.taste(Query(films=rows, stars=stars))
    assert taste.heard.tolist() == list(range(MAX_HEARD))
    parts = model.rating_parts(taste, np.arange(10))
    assert parts.shape == (10, 200)
    assert not parts[:, MAX_HEARD:].any()


def test_guessed_tags_are_for_untagged_films_only(model: ContentModel) -> None:
    rng = np.random.default_rng(5)
    tags = world().tags.toarray()
    hidden = np.arange(0, len(world()), 4)
    tags[hidden] = 0
    bare = fit_content(replace(world(), tags=sparse(tags)), ContentConfig())
    vectors = model.blocks[0].rows.toarray()
    factors = (vectors @ rng.normal(size=(vectors.shape[1], 24))).astype(np.float32)
    guessed = with_learned_tags(bare, factors, np.ones(len(world()), np.bool_))
    before, after = bare.blocks[0].rows.toarray(), guessed.blocks[0].rows.toarray()
    rest = np.setdiff1d(np.arange(len(world())), hidden)
    np.testing.assert_array_equal(after[rest], before[rest])
    assert (after[hidden] > 0).any(axis=1).mean() > 0.95
    columns = {column: at for at, column in enumerate(bare.blocks[0].columns.tolist())}
    right = []
    for row in hidden.tolist():
        own = {columns[c] for c in world().tags[[row]].indices.tolist() if c in columns}
        right.append(len(own & set(np.argsort(-after[row])[:5].tolist())) / 5)
    assert np.mean(right) > 0.25, "chance is about 0.05"


def test_the_gate_opens_with_evidence_and_closes_with_fame_and_many_ratings() -> None:
    config = RankingConfig()
    assert content_gate(0.8, 0.5, 5, config) > 0.8
    assert content_gate(0.6, 0.95, 5, config) < 0.2
    assert content_gate(0.8, 0.5, 5, config) > content_gate(0.8, 0.9, 5, config)
    assert content_gate(0.8, 0.5, 5, config) > content_gate(0.8, 0.5, 500, config)
    assert trust(0, 20.0) == 0.0
    assert trust(20, 20.0) == 0.5
    assert trust(600, 20.0) > 0.99


def test_a_catalogue_without_facts_is_no_error() -> None:
    none = replace(
        world(),
        years=np.full(len(world()), np.nan),
        genres=sparse(world().genres.shape),
        tags=sparse(world().tags.shape),
        facts=(),
    )
    model = fit_content(none, ContentConfig())
    query = loved(*KOREAN)
    assert np.isnan(model.score(query)).all()
    assert model.taste(query).evidence == 0.5
    assert not model.rating_parts(model.taste(query), np.arange(5)).any()


def small_world(films: int) -> Catalogue:
    """Returns the first films that are westerns or anime, so that two tastes are nearly all."""
    anime = world().tags[:, [world().tag_names.index("anime")]].toarray().reshape(-1) > 0
    western = world().genres[:, [world().genre_names.index("Western")]].toarray().reshape(-1) > 0
    rows = np.concatenate(
        [np.flatnonzero(anime)[: films // 2], np.flatnonzero(western)[: films // 2]]
    )
    return replace(
        world(),
        films=Vocabulary(np.arange(len(rows))),
        titles=tuple(world().titles[row] for row in rows),
        years=world().years[rows],
        runtimes=world().runtimes[rows],
        genres=sparse(world().genres[rows]),
        tags=sparse(world().tags[rows]),
        audience=world().audience[rows],
        adult=world().adult[rows],
        facts=tuple(replace(fact, matrix=sparse(fact.matrix[rows])) for fact in world().facts),
    )


@pytest.mark.parametrize("films", [12, 20, 30, 60])
def test_in_a_small_catalogue_loved_films_still_count_for_their_like(films: int) -> None:
    world = small_world(films)
    model = fit_content(world, ContentConfig())
    half = len(world) // 2
    rows = np.array([0, 1, 2, 3, half, half + 1, half + 2, half + 3])
    taste = model.taste(Query(films=rows, stars=np.full(8, 5.0)))
    for interest in taste.interests:
        gains = interest.gains[interest.gains != 0]
        assert (gains > 0).all()
        assert gains.max() < 5


def test_the_parts_of_all_films_in_another_order_add_up() -> None:
    world = small_world(8)
    model = fit_content(world, ContentConfig())
    query = Query(liked_tags=np.arange(0, 300, 3), disliked_tags=np.array([1, 4]))
    taste = model.taste(query)
    order = np.array([5, 0, 7, 2, 1, 6, 3, 4])[: len(world)]
    parts = model.tag_parts(taste, order).sum(axis=1)
    np.testing.assert_allclose(parts, model.score(query, taste)[order], atol=1e-6)


def test_a_tag_that_says_nothing_or_is_named_twice_weakens_no_other(model: ContentModel) -> None:
    names = world().tag_names
    heist, date = names.index("heist"), names.index("date-night")
    alone = model.taste(Query(liked_tags=[heist]))
    both = model.taste(Query(liked_tags=[heist, date], mood=np.array([heist])))
    assert both.columns.tolist() == alone.columns.tolist() == [heist]
    assert both.tag_gains.tolist() == alone.tag_gains.tolist() == [2.0]


def test_films_are_compared_with_films_of_all_ids(model: ContentModel) -> None:
    chosen = world().films.ids_array[model.sample_films]
    assert chosen.min() < 50
    assert chosen.max() > len(world()) - 50
