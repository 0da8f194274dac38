"""The names of films as people see them. If two films have the same name, each gets an addition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.services.wording import shorten
from storage.catalogue.films import Film

MAX_LABEL = 100  # characters that Discord shows of a suggestion


@dataclass(frozen=True)
class LabelledFilms:
    """Gives each film a name for people. No two films have the same name.

    Attributes:
        films: the films by id.
    """

    films: Mapping[int, Film]

    def label(self, film_id: int) -> str:
        """Returns the name of a film, "Title (Year)". A long title is cut.

        If other films have the same title and year, the name has an addition, such as "Emma (1996)
        · Douglas McGrath".
        """
        film = self.films[film_id]
        told = self._told_apart.get(film_id, "")
        end = (f" ({film.year})" if film.year else "") + (f" · {told}" if told else "")
        end = shorten(end, MAX_LABEL // 2)
        return shorten(film.title, MAX_LABEL - len(end)) + end

    @cached_property
    def by_label(self) -> Mapping[str, int]:
        """The id of each film that shares title and year with another, by the film's name in lower
        case.
        """
        return {self.label(film_id).casefold(): film_id for film_id in self._told_apart}

    @cached_property
    def _told_apart(self) -> Mapping[int, str]:
        """The addition to the name of each film that shares title and year with another film, by
        film id. It is left out for a film if all others are only named.
        """
        first: dict[tuple[str, int | None], Film] = {}
        groups: dict[int, list[Film]] = {}
        for film in self.films.values():
            twin = first.setdefault((film.title.casefold(), film.year), film)
            if twin is not film:
                groups.setdefault(twin.id, [twin]).append(film)
        found: dict[int, str] = {}
        for group in groups.values():
            known = [film.id for film in group if not film.only_named]
            told = _told_apart(group)
            if len(known) == 1:  # its name stays as it is without the films that are only named
                del told[known[0]]
            found |= told
        return found


def _told_apart(twins: Sequence[Film]) -> dict[int, str]:
    """Returns for each film a fact that distinguishes it from the other given films, by film id.

    The fact is the director, country, runtime or genres. If these are equal or unknown, it is a
    number: the order in which the films entered the catalogue.

    twins: films with the same title and year.
    """
    facts = (
        [", ".join(film.directors[:2]) for film in twins],
        [", ".join(film.countries) for film in twins],
        [f"{film.runtime}′" if film.runtime else "" for film in twins],
        [", ".join(film.genres) for film in twins],
    )
    for column in facts:
        if len(set(column)) == len(twins):
            return {film.id: text or "?" for film, text in zip(twins, column, strict=True)}
    ordered = sorted(twins, key=lambda film: film.id)
    return {film.id: f"#{at}" for at, film in enumerate(ordered, start=1)}
