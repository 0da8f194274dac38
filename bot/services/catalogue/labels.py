"""The names of films as people see them. Equal names get an addition that tells them apart."""

from collections import defaultdict
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
        films: film id -> film.
    """

    films: Mapping[int, Film]

    def label(self, film_id: int) -> str:
        """Returns "Title (Year)", with an addition if other films have the same title and year.

        The addition tells them apart: "Emma (1996) · Douglas McGrath". A long title is cut.
        """
        film = self.films[film_id]
        told = self._told_apart.get(film_id, "")
        end = (f" ({film.year})" if film.year else "") + (f" · {told}" if told else "")
        end = shorten(end, MAX_LABEL // 2)
        return shorten(film.title, MAX_LABEL - len(end)) + end

    @cached_property
    def by_label(self) -> Mapping[str, int]:
        """Name in lower case -> film id, for films that share title and year with another film."""
        return {self.label(film_id).casefold(): film_id for film_id in self._told_apart}

    @cached_property
    def _told_apart(self) -> Mapping[int, str]:
        """Film id -> the addition that tells it from films of the same title and year."""
        groups: dict[tuple[str, int | None], list[Film]] = defaultdict(list)
        for film in self.films.values():
            groups[film.title.casefold(), film.year].append(film)
        found: dict[int, str] = {}
        for group in groups.values():
            if len(group) > 1:
                found |= _told_apart(group)
        return found


def _told_apart(twins: Sequence[Film]) -> dict[int, str]:
    """Returns film id -> a fact that no other of these films has.

    That is the director, country, runtime or genres. If no such fact is known, it is a number: the
    order in which the films entered the catalogue.

    twins: films with the same title and year.
    """
    facts = {
        "directors": [", ".join(film.directors[:2]) for film in twins],
        "countries": [", ".join(film.countries) for film in twins],
        "runtime": [f"{film.runtime} min" if film.runtime else "" for film in twins],
        "genres": [", ".join(film.genres) for film in twins],
    }
    for noun, column in facts.items():
        if len(set(column)) == len(twins):
            return {
                film.id: text or f"{noun} unknown" for film, text in zip(twins, column, strict=True)
            }
    ordered = sorted(twins, key=lambda film: film.id)
    return {film.id: f"no. {at}" for at, film in enumerate(ordered, start=1)}
