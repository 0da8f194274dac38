"""Measures how much a group likes the films that it is shown together.

Some people's ratings of half of the films are held out, and everything is fitted on the rest. A
group is drawn from people who all rated enough of the same held-out films. Only these films may be
shown to the group. The stars that its members gave to the first few films of a ranking say how each
would have liked the evening. The bot's ranking is compared with the same ranking without a model
that predicts stars, which is what a server with few ratings has, on the same groups.

`recommender/evaluation/nights.py` measures movie nights on the same groups.

Groups of one fold may share members, so the intervals are a little too narrow.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.data import Interactions, Query
from recommender.datasets.folder import Folder
from recommender.errors import DataError
from recommender.evaluation.nights import (
    NightFigures,
    NightTrial,
    night_file,
    night_sections,
    summarise,
    try_nights,
)
from recommender.evaluation.ranking.candidates import NOW
from recommender.evaluation.significance import Estimate, Sample, difference
from recommender.evaluation.splits import matrix, part
from recommender.numeric.arrays import Array64, Bools, Rows
from recommender.numeric.progress import StudyProgress
from recommender.pipeline.groups.group import recommend_for_group
from recommender.pipeline.recommender import Config, Recommender
from recommender.reports.report import Report, Section, Table
from recommender.training.fit import fit
from recommender.training.served_stars import fit_served_stars

SHOWN = 3  # films of an evening that are measured
TRIES_PER_GROUP = 500

SERVING = "with predicted stars"  # the ranking that the bot uses
BASELINE = "without predicted stars"

MEANINGS = (
    "Held-out stars of the first three picks. worst-off: the mean of the member who liked them "
    "least; lowest: the fewest stars that any member gave to any of them; mean: of all members."
)


@dataclass(frozen=True)
class GroupStudyConfig:
    """Settings of the study of groups.

    Attributes:
        groups: number of groups.
        size: members of a group, at least 2.
        films: least number of held-out films that all members of a group must have rated.
        folds: number of parts into which the people are divided. For each part, the ratings of its
            people are held out and everything is fitted once.
        seed: seed of all random choices.
    """

    groups: int = 200
    size: int = 4
    films: int = 20
    folds: int = 5
    seed: int = 42

    def __post_init__(self) -> None:
        if self.groups < self.folds or self.size < 2 or self.films < SHOWN or self.folds < 1:
            raise DataError("study-too-small", least=self.folds, count=SHOWN)


@dataclass(frozen=True, eq=False)
class GroupFigures:
    """How n groups liked the films that one ranking showed them, in stars.

    Attributes:
        worst: (n,) the mean stars of the member who liked the films least.
        lowest: (n,) the fewest stars of any member for any of the films.
        mean: (n,) the mean of all members' stars.
    """

    worst: Array64
    lowest: Array64
    mean: Array64


@dataclass(frozen=True, eq=False)
class GroupStudy:
    """Two rankings for groups, measured side by side.

    Attributes:
        data: name of the data set.
        config: what was measured.
        candidates: films that could be shown to a group, mean over the groups.
        figures: for each ranking by name, how the groups liked it.
        nights: how the groups liked their movie nights.
    """

    data: str
    config: GroupStudyConfig
    candidates: float
    figures: dict[str, GroupFigures]
    nights: NightFigures

    def gain(self, figure: str) -> Estimate:
        """Returns by how much the bot's ranking is better than the other one, with its 95%
        interval.

        The figures are paired by group. figure: the name of an attribute of `GroupFigures`.
        """
        values = (getattr(self.figures[name], figure) for name in (BASELINE, SERVING))
        before, after = ([_sample(each)] for each in values)
        return difference(after, before)


def study_groups(
    folder: Folder,
    study: GroupStudyConfig = GroupStudyConfig(),
    config: Config | None = None,
    progress: StudyProgress | None = None,
) -> GroupStudy:
    """Returns how much groups like the films of two rankings, measured on a data set.

    study: the settings. config: settings of the recommender, None for the defaults. Raises
    DataError if too few people rated the same films.
    """
    ratings, films = folder.ratings, len(folder.catalogue)
    rng = np.random.default_rng(study.seed)
    fold_of = rng.permutation(len(ratings.people)) % study.folds
    shown: dict[str, list[Array64]] = {BASELINE: [], SERVING: []}
    candidates: list[int] = []
    trials: list[NightTrial] = []
    sizes = np.diff(np.arange(study.folds + 1) * study.groups // study.folds)
    for fold, wanted in enumerate(sizes.tolist()):
        if progress is not None:
            progress(fold, study.folds, f"fold {fold + 1}")
        held = (fold_of == fold)[ratings.person] & (rng.random(films) < 0.5)[ratings.film]
        train, test = part(ratings, ~held), matrix(part(ratings, held))
        people = np.flatnonzero(fold_of == fold)
        stars = test[people].toarray()
        groups = draw_groups(stars > 0, wanted, study, rng)
        model = _fitted(folder, train, config or Config(), study.seed)
        models = {BASELINE: replace(model, stars=None), SERVING: model}
        given = matrix(train)
        for group in groups:
            common = np.flatnonzero((stars[group] > 0).all(axis=0))
            candidates.append(len(common))
            others = np.setdiff1d(np.arange(films), common)
            queries = [_query(given, int(people[member]), others) for member in group]
            for name, each in models.items():
                picks = recommend_for_group(each, queries, SHOWN).picks
                rows = [pick.film for pick in picks]
                shown[name].append(stars[group][:, rows].astype(np.float64))
            given_stars = stars[group][:, common].astype(np.float64)
            trials.append(try_nights(model, queries, common, given_stars, SHOWN))
    figures = {name: _figures(each) for name, each in shown.items()}
    nights = summarise(trials)
    return GroupStudy(folder.name, study, float(np.mean(candidates)), figures, nights)


def draw_groups(
    rated: Bools, count: int, study: GroupStudyConfig, rng: np.random.Generator
) -> list[Rows]:
    """Returns different random groups of people who all rated enough of the same films.

    Members are drawn one after the other. Each new member must share enough films with all members
    before them. rated: (people, films) True for each held-out rating. count: number of groups.
    study: the size of a group and the number of films. Raises DataError if fewer groups can be
    found.
    """
    found: dict[tuple[int, ...], Rows] = {}
    for _ in range(TRIES_PER_GROUP * count):
        if len(found) == count:
            break
        common = np.ones(rated.shape[1], np.bool_)
        members: list[int] = []
        while len(members) < study.size:
            shared = rated[:, common].sum(axis=1)
            shared[members] = 0
            able = np.flatnonzero(shared >= study.films)
            if not len(able):
                break
            members.append(int(rng.choice(able)))
            common &= rated[members[-1]]
        else:
            group = np.sort(np.array(members))
            found.setdefault(tuple(group.tolist()), group)
    if len(found) < count:
        raise DataError("too-few-groups", count=study.films)
    return list(found.values())


def _fitted(folder: Folder, train: Interactions, config: Config, seed: int) -> Recommender:
    model = fit(folder.catalogue, train, config, seed, NOW)
    return replace(model, stars=fit_served_stars(folder.catalogue, train, seed))


def _query(given: Any, person: int, others: Rows) -> Query:
    """Returns the query of one member of a group.

    given: (people, films) the stars that models may use. person: the member's row. others: rows of
    the films that may not be shown.
    """
    own = slice(given.indptr[person], given.indptr[person + 1])
    return Query(films=given.indices[own], stars=given.data[own], excluded=others, allow_adult=True)


def _figures(shown: list[Array64]) -> GroupFigures:
    """Returns how much groups liked the films that they were shown.

    shown: for each group, (members, films) the stars of its members for these films.
    """
    return GroupFigures(
        np.array([stars.mean(axis=1).min() for stars in shown]),
        np.array([stars.min() for stars in shown]),
        np.array([stars.mean() for stars in shown]),
    )


def _sample(values: npt.NDArray[np.float64]) -> Sample:
    return Sample(np.arange(len(values)), values)


def group_file(study: GroupStudy) -> dict[str, Any]:
    """Returns the figures of a study as the content of a JSON file."""
    gains = {name: study.gain(name) for name in ("worst", "lowest", "mean")}
    return {
        "data": study.data,
        "groups": study.config.groups,
        "size": study.config.size,
        "seed": study.config.seed,
        "candidates": study.candidates,
        "models": {
            name: {figure: float(getattr(each, figure).mean()) for figure in gains}
            for name, each in study.figures.items()
        },
        "gains": {
            name: {"mean": gain.mean, "low": gain.low, "high": gain.high}
            for name, gain in gains.items()
        },
        "nights": night_file(study.nights),
    }


def group_report(study: GroupStudy) -> Report:
    """Returns a report on how much groups like the films of both rankings."""
    rows = []
    for name, each in study.figures.items():
        means = (each.worst.mean(), each.lowest.mean(), each.mean.mean())
        rows.append((name, *(f"{mean:.3f}" for mean in means)))
    gains = [study.gain(name) for name in ("worst", "lowest", "mean")]
    rows.append(("gain", *(f"{gain.mean:+.3f}" for gain in gains)))
    rows.append(("95%", *(f"{gain.low:+.3f} to {gain.high:+.3f}" for gain in gains)))
    share = gains[2].mean / float(study.figures[BASELINE].mean.mean())
    lead = (
        f"{study.data}: {study.config.groups} groups of {study.config.size} with "
        f"{study.candidates:.0f} films in common on average (seed {study.config.seed}). The bot "
        f"ranks by “{SERVING}”; the mean changes by {share:+.1%}."
    )
    columns = ("ranking", "worst-off", "lowest", "mean")
    stars = Section("Stars", MEANINGS, Table(columns, tuple(rows)))
    return Report("Groups", lead, (stars, *night_sections(study.nights)))
