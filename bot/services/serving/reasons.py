"""Says in one line why a film is recommended. The reasons are the facts that really raised the
score. A part is what one fact adds to the score: a rating, a tag, popularity, the time or the mood.
The reason names another film only if that film raised the score much and resembles the recommended
film; it then says in what way. Otherwise it names what the film has in common with the person's
films, or says how well people like it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.services.notes import Note, enumerated, note
from bot.services.serving.film_words import (
    MAX_TAGS,
    FilmTags,
    common_tags,
    described,
    first_columns,
    genres_of,
    moods_of,
    praise_of,
    tag_columns,
    tag_note,
    tags_of,
)
from bot.services.serving.live_model import Served
from bot.services.serving.moments import CONTEXT_PARTS, with_moment
from recommender.data import MIN_PEOPLE, Part, Pick
from recommender.pipeline.alike import ALIKE

REASON_LOVED_STARS = 4.5
"""If the person gave a film at least these stars, a reason says that they loved it."""

REASON_LIKED_STARS = 3.5
"""If the person gave a film at least these stars, a reason may name it as a film they liked."""

NAMED_SHARE = 0.1
"""A reason may name a film that the person rated if this rating adds at least this share of all
that raises the score.
"""

PERSONAL_SHARE = 0.2
"""The reason is about the person's taste if taste adds at least this share of all that raises the
score. The rest is added by popularity.
"""

MIN_SHARING = 2
"""A reason names a tag of the person's taste if at least this number of their films have it."""

COMMON_TAGS = 2
"""A reason that names another film names this number of tags that describe both films."""


@dataclass(frozen=True)
class Audience:
    """The readers of a reason.

    Attributes:
        server: True if the people of a server gave the ratings, False if the reader did.
        named: ids of the rated films that a reason may name; None for all but `unnamed`.
        unnamed: ids of the rated films that a reason must not name.
        adult_ok: True if a reason may name films flagged adult.
        surprised: True if the films are chosen to be unlike the reader's taste. A reason then says
            nothing about their taste.
    """

    server: bool = False
    named: Collection[int] | None = None
    unnamed: Collection[int] = ()
    adult_ok: bool = False
    surprised: bool = False


PERSON = Audience()
"""The audience of an answer to one person."""

SURPRISED = Audience(surprised=True)
"""The audience of films that are chosen to be unlike a person's taste."""


def server_audience(named: Collection[int]) -> Audience:
    """Returns the readers of a server's post.

    named: ids of the films that enough people in the server rated; reasons may name these.
    """
    return Audience(server=True, named=named)


def reason(
    served: Served, pick: Pick, rated: Mapping[int, float], *, audience: Audience = PERSON
) -> Note:
    """Returns one line that says what raised this film's score most.

    If the time or mood raised the score, the line says that too.

    pick: the film and the parts of its score.
    rated: by film id, the stars that this person gave, or the mean of the stars given in this
        server.
    """
    return reasons(served, (pick,), rated, audience=audience)[0]


def reasons(
    served: Served,
    picks: Sequence[Pick],
    rated: Mapping[int, float],
    *,
    audience: Audience = PERSON,
) -> list[Note]:
    """Returns for each film of an answer what `reason` returns.

    It takes less time than one call for each film.

    picks: the films and the parts of their scores.
    rated: the stars by film id.
    """
    world = served.model.catalogue.films
    named = [film for film, stars in rated.items() if stars >= REASON_LIKED_STARS]
    others = world.rows(named)
    others = others[others >= 0]
    films = np.array([pick.film for pick in picks], np.int64)
    alike = served.model.likeness.between(films, others).tolist()
    tags = tags_of(served, np.concatenate([films, others]))
    found = []
    for pick, near in zip(picks, alike, strict=True):
        likeness = dict(zip(others.tolist(), near, strict=True))
        main = _main(served, tags, pick, rated, likeness, audience)
        said = with_moment(served, main, pick.parts) if pick.lifted > 0 else main
        found.append(note("wild-card", reason=said) if pick.wild else said)
    return found


def _main(
    served: Served,
    tags: FilmTags,
    pick: Pick,
    rated: Mapping[int, float],
    alike: Mapping[int, float],
    audience: Audience,
) -> Note:
    """Returns the reason without the words about the time and mood.

    tags: the tags of this film and of the films that the person liked.
    rated: the stars by film id.
    alike: how alike this film and each film that the person liked are, by the other film's row.
    audience: who reads the reason, which decides whether a film may be named.
    """
    positive = [part for part in pick.parts if part.amount > 0 and part.kind not in CONTEXT_PARTS]
    raised = sum(part.amount for part in positive)
    by_rating = [part for part in positive if part.kind == "rating"]
    by_tag = _chosen_tags(served, pick, positive)
    personal = sum(part.amount for part in positive if part.kind in ("rating", "look", "tag"))
    if personal and personal >= PERSONAL_SHARE * raised and not audience.surprised:
        best, common = _named_film(served, tags, pick, by_rating, raised, rated, alike, audience)
        if best is not None and (not by_tag or best.amount >= by_tag[0].amount):
            return _because(served, best, common, rated, audience)
        names = [tag_note(served, part.ref) for part in by_tag[:MAX_TAGS]]
        names = names or _shared_tags(served, tags, pick, by_rating, rated)
        moods = [mood for mood in moods_of(served, pick.film) if mood not in names]
        if len(names) > 1 or (names and praise_of(served, pick.film) is None):
            moods = moods if len(names) == 1 else []
            key = "their-taste" if audience.server else "your-taste"
            return note(key, tags=enumerated(names), moods=enumerated(moods))
        raters = served.model.popularity.count[pick.film]
        if by_rating and served.model.factors is not None and raters >= MIN_PEOPLE:
            if served.model.well_loved[pick.film]:
                return note("loved-by-their-peers" if audience.server else "loved-by-your-peers")
            return note("liked-by-their-peers" if audience.server else "liked-by-your-peers")
        if by_rating:
            key = "near-their-films" if audience.server else "near-your-films"
            return note(key, moods=enumerated(moods_of(served, pick.film)))
    praise = praise_of(served, pick.film)
    chosen = any(part.kind == "chosen" for part in positive)
    if praise or not rated or chosen:
        return described(praise, moods_of(served, pick.film), genres_of(served, pick.film))
    return note("unlike-their-films" if audience.server else "unlike-your-films")


def _because(
    served: Served,
    best: Part,
    common: Sequence[Note],
    rated: Mapping[int, float],
    audience: Audience,
) -> Note:
    """Returns the reason that names a film that the person, or people of the server, liked.

    best: the part of the score that comes from that film.
    common: the names of the tags that it shares with the recommended film.
    rated: the stars by film id.
    """
    film = film_id_of(served, best)
    loved = rated[film] >= REASON_LOVED_STARS
    title = served.library.films[film].title
    if audience.server:
        key = "they-loved" if loved else "they-liked"
    else:
        key = "you-loved" if loved else "you-liked"
    return note(key, title=title, tags=enumerated(common[:COMMON_TAGS]))


def _named_film(
    served: Served,
    tags: FilmTags,
    pick: Pick,
    by_rating: Sequence[Part],
    raised: float,
    rated: Mapping[int, float],
    alike: Mapping[int, float],
    audience: Audience,
) -> tuple[Part | None, list[Note]]:
    """Returns the part of the score that comes from the liked film to name in the reason, and the
    names of the tags that it shares with the recommended film.

    None, and no names, if no liked film both raised the score much and resembles the recommended
    film.

    by_rating: the parts that come from ratings and raised the score.
    raised: the sum of all parts that raised it.
    rated: the stars by film id.
    alike: how alike the film and each liked film are, by the liked film's row."""
    liked = [
        part
        for part in by_rating
        if part.amount >= NAMED_SHARE * raised
        and rated.get(film := film_id_of(served, part), 0) >= REASON_LIKED_STARS
        and (audience.named is None or film in audience.named)
        and film not in audience.unnamed
        and (audience.adult_ok or not served.model.catalogue.adult[part.ref])
    ]
    fitting = [part for part in liked if alike[part.ref] >= ALIKE]
    for part in sorted(fitting, key=lambda part: -part.amount * alike[part.ref]):
        common = common_tags(served, tags, pick.film, part.ref)
        if len(common) >= COMMON_TAGS:
            return part, common
    return None, []


def _chosen_tags(served: Served, pick: Pick, positive: Sequence[Part]) -> list[Part]:
    """Returns the parts of the score from the film's tags that the person chose, largest first.

    positive: the parts that raised the score."""
    chosen = [part for part in positive if part.kind == "tag"]
    if not chosen:
        return []
    has = tag_columns(served, pick.film, 1)
    return sorted((part for part in chosen if part.ref in has), key=lambda part: -part.amount)


def _shared_tags(
    served: Served,
    tags: FilmTags,
    pick: Pick,
    by_rating: Sequence[Part],
    rated: Mapping[int, float],
) -> list[Note]:
    """Returns the names of tags that the film shares with the films that raised its score.

    There are at most MAX_TAGS names, those that say most about the films first. Each tag belongs to
    at least MIN_SHARING of the films that the person liked; if they liked fewer films, to all of
    these films.

    by_rating: the parts of the score that come from ratings.
    rated: the stars by film id."""
    liked = [p for p in by_rating if rated.get(film_id_of(served, p), 0) >= REASON_LIKED_STARS]
    liked = sorted(liked, key=lambda part: -part.amount)[:50]
    if not liked:
        return []
    own, others = tags.place[pick.film], [tags.place[part.ref] for part in liked]
    strong = tags.strong[others]
    shared = tags.strong[own] & (strong.sum(axis=0) >= min(MIN_SHARING, len(liked)))
    amounts = np.array([part.amount for part in liked])
    worth = tags.worth[own] * (amounts @ (strong * tags.worth[others]))
    return [tag_note(served, column) for column in first_columns(np.where(shared, worth, 0.0))]


def film_id_of(served: Served, part: Part) -> int:
    """Returns the id of the film that a part of kind "rating" or "unseen" refers to."""
    return int(served.model.catalogue.films.ids_array[part.ref])
