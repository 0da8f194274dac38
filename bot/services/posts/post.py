"""Composes a scheduled post: a film for a whole server, chosen by the schedule's theme."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from bot.errors import Sorry
from bot.services.app import App
from bot.services.catalogue import arrays
from bot.services.catalogue.arrays import Facts
from bot.services.experiments.treatment import Treatment, assign
from bot.services.localtime import local_hour
from bot.services.notes import Note, note
from bot.services.picks.consent import FindMember
from bot.services.picks.impressions import CardContext, record_card
from bot.services.posts.claims import DuePost
from bot.services.posts.facts import ServerFacts, read_server_facts
from bot.services.posts.taste import server_taste
from bot.services.serving.lines import rank_lines
from bot.services.serving.live_model import Served
from bot.services.serving.live_shelves import Shelving
from bot.services.serving.reasons import server_audience
from bot.services.view_models import FilmCard, Line, Requester
from recommender.data import MIN_PEOPLE
from recommender.pipeline import filters
from recommender.pipeline.trending import trending as trending_films
from recommender.shelves.shelves import Shelf
from storage.servers.schedules import Schedule

TRENDING_DAYS = 7
FURTHER_FILMS = 3
CANDIDATE_FILMS = 40
"""Further films on the headline's shelf are looked for among this number of best picks."""
USUAL_ADVENTUROUSNESS = 0.5
WILD_ADVENTUROUSNESS = 1.0
EVENING_HOUR = 17
NO_TASTE_NOTE = note("no-common-taste")
"""The note of a post whose films follow nobody's taste."""


@dataclass(frozen=True)
class _Selection:
    """The films of a scheduled post.

    Attributes:
        heading: the first words of the message.
        lines: the main film, then at most FURTHER_FILMS further films.
        shelf: the shelf (micro-genre) that the message names; None if the main film is on no shelf,
            or if the shelves are not computed yet.
        notes: sentences about how the films were found.
        treatment: what ranked the films; None if no experiment is defined, or if the theme did not
            need a ranking for the whole server.
        seconds: how long the ranking took; 0 if it was not measured.
    """

    heading: Note
    lines: tuple[Line, ...]
    shelf: Shelf | None
    notes: tuple[Note, ...] = ()
    treatment: Treatment | None = None
    seconds: float = 0.0


async def compose(app: App, due: DuePost, find_member: FindMember, *, adult_ok: bool) -> FilmCard:
    """Returns the card (the message's content) of a scheduled post, and stores its films as shown.

    The films follow the schedule's theme. Films that were already posted in the server are chosen
    only if too few others are left. Raises Sorry, naming the reason, if the theme has no film.
    Raises MemberNotKnown if the theme is a member's favourites and Discord does not say whether
    they are still a member.

    find_member: asks Discord for a member of the server.
    adult_ok: True if Discord marks the channel for adults.
    """
    await app.shelving.get(app.db, app.live, app.settings.corpus)
    server = await read_server_facts(app, due.schedule, due.now, find_member)
    card, selection = await _draft(app, due.schedule, due.now, server, adult_ok=adult_ok)
    card = await record_card(
        app,
        _requester(due.schedule, due.now),
        card,
        CardContext(local_hour(due.now, server.zone)),
        selection.treatment,
        selection.seconds,
    )
    return card.with_note(note("next-post", timestamp=str(int(due.next_at.timestamp()))))


async def preview(
    app: App, schedule: Schedule, now: datetime, find_member: FindMember, *, adult_ok: bool
) -> FilmCard:
    """Returns the card (the message's content) that `schedule` would post at `now`.

    Nothing is stored. A person is waiting for the card, so it names no shelf (micro-genre) if the
    shelves are still being computed. Raises Sorry if the theme has no film to show. Raises
    MemberNotKnown if the theme is a member's favourites and Discord does not say whether they are
    still a member.
    """
    server = await read_server_facts(app, schedule, now, find_member)
    card, _ = await _draft(app, schedule, now, server, adult_ok=adult_ok)
    return card


def _requester(schedule: Schedule, now: datetime) -> Requester:
    """Returns the requester of a scheduled post: no person, only the server and channel."""
    return Requester(
        person_id=0, guild_id=schedule.guild_id, channel_id=schedule.channel_id or 0, now=now
    )


async def _draft(
    app: App, schedule: Schedule, now: datetime, server: ServerFacts, *, adult_ok: bool
) -> tuple[FilmCard, _Selection]:
    """Returns the content of a post and the selection of its films. Nothing is stored yet."""
    served = app.live.served
    shelving = app.shelving.ready(served)
    facts = Facts(
        excluded=_films_in_other_languages(served, schedule.language),
        local=local_hour(now, server.zone),
        server=schedule.guild_id,
        editorial=app.settings.editorial_tilt,
        family_safe=server.family_safe and not adult_ok,
        adult_ok=adult_ok,
    )
    selection = None
    if schedule.theme == "staff":
        selection = _favourites(served, shelving, schedule, server, facts)
    elif schedule.theme == "trending":
        selection = _trending(served, shelving, now, server, facts)
    if selection is None:
        selection = _ranking(app, served, shelving, schedule, now, server, facts)
    treatment = selection.treatment
    card = FilmCard(
        surface="post",
        heading=selection.heading,
        headline=selection.lines[0],
        further=selection.lines[1:],
        impressions=(),
        model_version=(treatment.served if treatment else served).version,
        guild_id=schedule.guild_id,
        shelf=selection.shelf,
        notes=selection.notes,
    )
    return card, selection


def _ranking(
    app: App,
    served: Served,
    shelving: Shelving | None,
    schedule: Schedule,
    now: datetime,
    server: ServerFacts,
    facts: Facts,
) -> _Selection:
    """Returns the films that the model ranks best for the server as a whole.

    They are ranked like those for a person with the server's taste (`server_taste`). If too few
    people of the server share a taste, they are ranked like those for an unknown person. Films that
    were rated in the server are left out.
    """
    taste = server_taste(served, server.recent_ratings)
    rated = {row.film_id for row in server.recent_ratings}
    is_wild = schedule.theme == "wild"
    facts = replace(
        facts,
        ratings=taste.ratings,
        excluded={*facts.excluded, *rated},
        adventurousness=WILD_ADVENTUROUSNESS if is_wild else USUAL_ADVENTUROUSNESS,
    )
    facts = _without_posted(served, facts, server.posted)
    treatment, audience = None, server_audience(taste.named)
    if app.experiments.definitions:
        treatment = assign(app, _requester(schedule, now), takes_part=True)
        ranked = treatment.rank(now, facts, CANDIDATE_FILMS, audience=audience)
    else:
        ranked = rank_lines(served, facts, CANDIDATE_FILMS, audience=audience)
    lines, shelf = _with_shelf(shelving, ranked.lines)
    is_evening = facts.local is not None and facts.local.hour >= EVENING_HOUR
    if is_wild:
        heading = note("tonights-wild-card" if is_evening else "todays-wild-card")
    else:
        heading = note("tonights-film" if is_evening else "todays-film")
    tasteless = None if taste.ratings or is_wild else NO_TASTE_NOTE
    notes = tuple(filter(None, (ranked.note, tasteless)))
    return _Selection(heading, lines, shelf, notes, treatment, ranked.seconds)


def _without_posted(served: Served, facts: Facts, posted: tuple[int, ...]) -> Facts:
    """Returns the facts with the films posted before excluded.

    If too few films are left (at most FURTHER_FILMS), the half that was posted longest ago is
    allowed again.

    posted: ids of the films posted before, the one posted longest ago first."""
    fresh = replace(facts, excluded={*facts.excluded, *posted})
    if len(_allowed_films(served, fresh)) > FURTHER_FILMS:
        return fresh
    allowed = _allowed_films(served, facts)
    repeatable = [film for film in posted if film in allowed]
    newer_half = repeatable[(len(repeatable) + 1) // 2 :]
    return replace(facts, excluded={*facts.excluded, *newer_half})


def _allowed_films(served: Served, facts: Facts) -> set[int]:
    """Returns the ids of the films that pass every filter."""
    world = served.model.catalogue
    rows = np.flatnonzero(filters.apply_filters(world, arrays.query(world, facts)).films)
    return set(world.films.ids(rows.tolist()).tolist())


def _films_in_other_languages(served: Served, language: str | None) -> set[int]:
    """Returns the ids of the films that are not in `language`; no ids if it is None."""
    if language is None:
        return set()
    films = served.library.films.values()
    return {film.id for film in films if language not in film.languages}


def _with_shelf(
    shelving: Shelving | None, candidates: tuple[Line, ...]
) -> tuple[tuple[Line, ...], Shelf | None]:
    """Returns the headline (the main film) with FURTHER_FILMS further films, and its shelf.

    A shelf is a micro-genre. The headline is the first candidate. Of its shelves, the one with the
    most other candidates is chosen. The further films are first candidates on that shelf and then
    other candidates, each in the given order."""
    shelf = _shelf_of(shelving, candidates)
    if shelving is None or shelf is None:
        return candidates[: 1 + FURTHER_FILMS], shelf
    films = shelving.served.model.catalogue.films
    on_shelf = set(films.ids(list(shelf.films)).tolist())
    further = sorted(candidates[1:], key=lambda line: line.film_id not in on_shelf)
    return (candidates[0], *further[:FURTHER_FILMS]), shelf


def _shelf_of(shelving: Shelving | None, lines: tuple[Line, ...]) -> Shelf | None:
    """Returns the shelf (micro-genre) of the first film; None if it is on no shelf.

    shelving: the shelves of the model; None if they are not computed yet, and then the result is
        None too."""
    if shelving is None:
        return None
    return shelving.best_of(lines[0].film_id, [line.film_id for line in lines[1:]])


def _trending(
    served: Served,
    shelving: Shelving | None,
    now: datetime,
    server: ServerFacts,
    facts: Facts,
) -> _Selection | None:
    """Returns the films that trend in the server within TRENDING_DAYS; None if no film does."""
    world = served.model.catalogue
    since = now - timedelta(days=TRENDING_DAYS)
    found = trending_films(
        served.model,
        arrays.ratings([row for row in server.recent_ratings if row.at >= since], world.films),
        now,
        arrays.query(world, replace(facts, excluded={*facts.excluded, *server.posted})),
        1 + FURTHER_FILMS,
        half_life_days=TRENDING_DAYS / 2,
        window_days=TRENDING_DAYS,
        min_raters=MIN_PEOPLE,
    )
    if not found:
        return None
    ids = world.films.ids([pick.film for pick in found]).tolist()
    reasons = [note("rated-here-this-week", people=pick.raters) for pick in found]
    lines = tuple(map(served.library.line, ids, reasons))
    return _Selection(note("rated-here"), lines, _shelf_of(shelving, lines))


def _favourites(
    served: Served,
    shelving: Shelving | None,
    schedule: Schedule,
    server: ServerFacts,
    facts: Facts,
) -> _Selection:
    """Returns films that one member loves and that were not posted in the server before.

    The schedule names the member. The film that suits the server best at this hour comes first.
    Raises Sorry if the member no longer agrees to show their taste, or if no such film is left that
    may be posted here."""
    if server.favourites is None:
        raise Sorry("favourites-hidden")
    films = served.library.films
    left = server.favourites & films.keys() - set(server.posted)
    others = {*facts.excluded, *(films.keys() - left)}
    facts = replace(facts, excluded=others)
    try:
        ranked = rank_lines(served, facts, 1 + FURTHER_FILMS, audience=server_audience(()))
    except Sorry as nothing:  # its hints are for a person who set filters
        raise Sorry("favourites-used-up") from nothing
    heading = note("a-favourite-of", member_id=str(schedule.staff_id))
    return _Selection(heading, ranked.lines, _shelf_of(shelving, ranked.lines))
