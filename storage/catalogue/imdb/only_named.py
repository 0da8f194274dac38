"""Which films are only named: people can find, name and rate them, and they are never picked."""

from sqlalchemy import exists, or_, select

from storage.people.profiles import shapes_others, shares_imports
from storage.schema import external_ids, film_tags, films, ratings

IMDB = "imdb"
"""The source of the films that IMDb's tables added, and of ids at IMDb."""

ONLY_NAMED = select(films.c.id).where(
    films.c.source == IMDB,
    ~exists().where(film_tags.c.film_id == films.c.id),
    ~exists().where(
        external_ids.c.film_id == films.c.id, external_ids.c.source.not_in((IMDB, "tmdb"))
    ),
    ~exists().where(
        ratings.c.film_id == films.c.id,
        shapes_others(ratings.c.person_id),
        or_(ratings.c.source != "import", shares_imports(ratings.c.person_id)),
    ),
)
"""The films of IMDb's tables that have no tags, that no data set has ratings of, and that nobody
rated whose ratings shape what others are shown.
"""
