"""The favourites of members, shown with their name if they agreed to that in this server."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.errors import Sorry
from bot.services.app import App
from bot.services.picks.consent import FindMember, MemberNotKnown, named_member
from bot.services.serving.live_shelves import Shelving
from bot.services.view_models import Requester
from recommender.shelves.rows import SHELF_LIKED_STARS
from recommender.shelves.words import Word
from storage.feedback import ratings
from storage.people import profiles

MIN_FAVOURITES = 3  # a member with fewer favourites to show gets no row


@dataclass(frozen=True)
class MemberFavourites:
    """Favourites of one member that have the same mood.

    Attributes:
        name: the member's display name in the server.
        mood: the mood, as a word that names of shelves are made of.
        films: row numbers in the catalogue, the best film for the requester first.
    """

    name: str
    mood: Word
    films: tuple[int, ...]


async def set_taste_shown(app: App, requester: Requester, *, shown: bool) -> None:
    """Stores whether the person agrees to be named in this server.

    shown: True if they agree.

    Raises Sorry outside of a server.
    """
    if requester.guild_id is None:
        raise Sorry("nobody-to-show-taste-to")
    async with app.write_for(requester) as conn:
        await profiles.show_taste(
            conn, requester.person_id, requester.guild_id, shown=shown, now=requester.now
        )


async def is_taste_shown(app: App, requester: Requester) -> bool:
    """True if the requester agreed that others in this server may see their taste and name."""
    async with app.db.read() as conn:
        at = (await profiles.showing_taste(conn, requester.guild_id or 0)).get(requester.person_id)
    return at is not None and (requester.member_since is None or at >= requester.member_since)


async def set_compared(app: App, requester: Requester, *, compared: bool) -> None:
    """Stores whether members of this server may see the person's profile and compare tastes.

    It changes nothing if the person does not show their taste here. Raises Sorry outside of a
    server.

    compared: True if they may.
    """
    if requester.guild_id is None:
        raise Sorry("nobody-to-show-taste-to")
    async with app.write_for(requester) as conn:
        await profiles.set_comparable(
            conn, requester.person_id, requester.guild_id, comparable=compared
        )


async def is_compared(app: App, requester: Requester) -> bool:
    """True if members of this server may see the requester's profile and compare tastes."""
    async with app.db.read() as conn:
        comparing = await profiles.comparing_taste(conn, requester.guild_id or 0)
    return requester.person_id in comparing and await is_taste_shown(app, requester)


async def find_favourites(
    app: App,
    requester: Requester,
    shelving: Shelving,
    scores: npt.NDArray[np.float64],
    allowed: npt.NDArray[np.bool_],
    shown: set[int],
    find_member: FindMember,
    count: int,
) -> MemberFavourites | None:
    """Returns the favourites of one other member: the one whose favourites suit the requester most.

    Only members who agreed to be named are considered. Returns None if none of these members has
    enough favourites that may be shown.

    scores: (films,) the requester's scores.
    allowed: (films,) True where a film may be shown.
    shown: ids of films on the screen's other rows; they are left out.
    find_member: asks Discord for a member of the server.
    count: the largest number of films returned.
    """
    async with app.db.read() as conn:
        agreed = await profiles.showing_taste(conn, requester.guild_id or 0)
        rated = {
            person: await ratings.of_person(conn, person, for_others=True) for person in agreed
        }
    rows = shelving.served.model.catalogue.films
    found: list[tuple[float, int, Word, list[int]]] = []
    for person, stars in rated.items():
        if person == requester.person_id:
            continue
        loved = rows.rows([rating.film_id for rating in stars if rating.stars >= SHELF_LIKED_STARS])
        mood, films = _distinctive_mood(shelving, [int(film) for film in loved if film >= 0])
        films = [film for film in films if allowed[film] and int(rows.ids_array[film]) not in shown]
        if mood is not None and len(films) >= MIN_FAVOURITES:
            best = sorted(films, key=lambda film: -scores[film])[:count]
            found.append((float(scores[best].mean()), person, mood, best))
    for _, person, mood, films in sorted(found, key=lambda each: (-each[0], each[1])):
        try:
            member = await named_member(app, requester.guild_id or 0, person, find_member)
        except MemberNotKnown:
            continue
        if member is not None:
            return MemberFavourites(member.name, mood, tuple(films))
    return None


def _distinctive_mood(shelving: Shelving, loved: list[int]) -> tuple[Word | None, list[int]]:
    """Returns the mood that is most typical of a person's favourites, and the favourites with this
    mood.

    Its share among the favourites is higher than its share among all films, by more than for any
    other mood. Moods that the catalogue has no phrase for are left out. Returns (None, []) if there
    is no such mood.

    loved: the favourites.

    All films are row numbers in the catalogue.
    """
    world, tags = shelving.served.model.catalogue, shelving.served.library.tags
    weights = world.tags[loved].toarray() >= 2 if loved else np.zeros((0, len(world.tag_names)))
    count = weights.sum(axis=0)
    usual = np.bincount(world.tags.indices, minlength=len(world.tag_names)) / len(world)
    best, most = -1, 0.0
    for column, slug in enumerate(world.tag_names):
        tag = tags[slug]
        if tag.facet == "mood" and tag.phrase and count[column] >= MIN_FAVOURITES:
            excess = float(count[column] - len(loved) * usual[column]) / np.sqrt(usual[column])
            if excess > most:
                best, most = column, excess
    if best < 0:
        return None, []
    films = [film for film, fits in zip(loved, weights[:, best], strict=True) if fits]
    mood = tags[world.tag_names[best]]
    return Word(mood.slug, mood.facet, mood.phrase), films
