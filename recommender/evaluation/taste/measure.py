"""Measures how many films of people's narrow tastes a model recommends (the taste test).

Every simulated person gets ten recommended films. The figure is the share of these films that are
of the person's taste, such as Korean films. A recommended film does not count if its facts do not
say whether it is of the taste.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.evaluation.taste.people import LOVED_COUNTS, TastePerson, famous_films
from recommender.evaluation.taste.tastes import NarrowTaste, TasteFilms, taste_films
from recommender.metrics import variety
from recommender.numeric.arrays import Array64, Bools, Ints
from recommender.pipeline.recommend import recommended_films
from recommender.pipeline.recommender import Recommender

PICKS = 10
TWO_TASTES = "two tastes"  # the people of two tastes, as their summary is named
WORST_SHARE = 0.25  # the share of tastes that count as the worst


@dataclass(frozen=True, eq=False)
class TasteFigures:
    """One model's figures on the taste test; one value for each simulated person.

    The picks are the films recommended to the person. A person loves films of one narrow taste or
    two.

    Attributes:
        people: the people, in the order of the arrays.
        taste: (people,) share of the picks that are of the person's taste; for people of two
            tastes, the smaller of the two shares. NaN if the facts of the picks do not say whether
            they are of the taste.
        famous: (people,) share of the picks that are famous films outside the taste.
        variety: (people,) variety of genres within the picks, 0 to 1.
        imported: (people,) share of the picks that have no tags.
        unknown: (people,) share of the picks whose facts do not say whether they are of the taste.
    """

    people: tuple[TastePerson, ...]
    taste: Array64
    famous: Array64
    variety: Array64
    imported: Array64
    unknown: Array64

    def among(
        self, loved: int | None = None, mixed: bool | None = None, two: bool = False
    ) -> Bools:
        """Returns (people,) True for the simulated people of the kind that the parameters describe.

        loved: the number of films that they loved; None for any. mixed: True for people who also
        rated famous films outside their taste, False for the others, None for both. two: True for
        people of two tastes, False for people of one.
        """
        return np.array(
            [
                (len(person.tastes) == 2) == two
                and (loved is None or person.loved == loved)
                and (mixed is None or person.mixed == mixed)
                for person in self.people
            ],
            np.bool_,
        )

    def by_taste(self, among: Bools | None = None) -> dict[int, float]:
        """Returns, for each taste, the mean share of recommended films that are of that taste.

        The keys are the positions of the tastes in the list of all tastes. among: (people,) True
        for the people who count; None for all people of one taste.
        """
        chosen = self.among() if among is None else among
        shares: dict[int, list[float]] = {}
        for at in np.flatnonzero(chosen).tolist():
            shares.setdefault(self.people[at].tastes[0], []).append(float(self.taste[at]))
        return {taste: float(np.nanmean(values)) for taste, values in shares.items()}

    def worst_quarter(self, among: Bools | None = None) -> float:
        """Returns the mean of `by_taste` over the quarter of the tastes with the lowest values.

        among: (people,) True for the people who count; None for all people of one taste.
        """
        means = np.sort(list(self.by_taste(among).values()))
        return float(means[: max(1, round(len(means) * WORST_SHARE))].mean())


@dataclass(frozen=True, slots=True)
class TasteSummary:
    """The means of a model's figures on the taste test for one kind of simulated people.

    Attributes:
        name: the kind of people, such as "5 loved".
        people: their number.
        taste, famous, variety, imported, unknown: means of the figures in `TasteFigures`.
        worst: the mean over the quarter of the tastes with the lowest `taste`; NaN for people of
            two tastes.
    """

    name: str
    people: int
    taste: float
    worst: float
    famous: float
    variety: float
    imported: float
    unknown: float


def measure_taste(
    model: Recommender, tastes: Sequence[NarrowTaste], people: Sequence[TastePerson]
) -> TasteFigures:
    """Returns how many films of people's narrow tastes a model recommends.

    tastes: all tastes, in the order in which the people refer to them. people: simulated people,
    whose films are all in the model's catalogue.
    """
    catalogue = model.catalogue
    films = [taste_films(taste, catalogue) for taste in tastes]
    tagged = model.tags.tagged
    famous = [famous_films(catalogue, tagged & ~each.members) for each in films]
    listed = [recommended_films(model, person.query(catalogue), PICKS) for person in people]
    shares = [
        min(_share(picks, films[at]) for at in person.tastes)
        for picks, person in zip(listed, people, strict=True)
    ]
    outside = [
        float(np.isin(picks, famous[person.tastes[0]]).mean()) if len(person.tastes) == 1 else 0.0
        for picks, person in zip(listed, people, strict=True)
    ]
    unknown = [
        float(np.mean([~films[at].known[picks] for at in person.tastes]))
        for picks, person in zip(listed, people, strict=True)
    ]
    full = np.array(
        [np.pad(picks, (0, PICKS - len(picks)), constant_values=-1) for picks in listed]
    )
    return TasteFigures(
        tuple(people),
        np.array(shares),
        np.array(outside),
        variety(full, catalogue.genres),
        np.array([float((~tagged[picks]).mean()) for picks in listed]),
        np.array(unknown),
    )


def summaries(figures: TasteFigures, within: Bools | None = None) -> tuple[TasteSummary, ...]:
    """Returns the means for each kind of simulated people.

    The kinds are people who loved three, five or eight films of one taste, people who also rated
    films outside it ("mixed"), and people of two tastes. within: (people,) True for the people who
    count; None for everybody.
    """
    everybody = np.ones(len(figures.people), np.bool_) if within is None else within
    kinds = [(f"{count} loved", figures.among(count, False)) for count in LOVED_COUNTS]
    kinds += [("mixed", figures.among(None, True)), (TWO_TASTES, figures.among(two=True))]
    chosen = [(name, among & everybody) for name, among in kinds]
    return tuple(_summary(name, figures, among) for name, among in chosen if among.any())


def _summary(name: str, figures: TasteFigures, among: Bools) -> TasteSummary:
    return TasteSummary(
        name,
        int(among.sum()),
        float(np.nanmean(figures.taste[among])),
        figures.worst_quarter(among) if name != TWO_TASTES else float("nan"),
        float(figures.famous[among].mean()),
        float(figures.variety[among].mean()),
        float(figures.imported[among].mean()),
        float(figures.unknown[among].mean()),
    )


def _share(picks: Ints, films: TasteFilms) -> float:
    known = films.known[picks]
    return float(films.members[picks][known].mean()) if known.any() else float("nan")
