"""Measures how groups like the films of movie nights, once and over several nights.

Only films may be shown that every member of a group rated and whose ratings were held out. The
stars that the members gave say how each liked an evening.

For one evening, the bot's ranking is compared with averaging, by predicted stars and by the scores
of the ranking model, and with the list of the member who had rated most films.

Over ten nights, each with the film that the bot puts first, somebody is worst off on a night if
nobody else gave the film as few stars. The ranking that remembers this is compared with the same
ranking without memory. As with the bot, members rate the film after each night, and with both
rankings their ratings count from the next night on. On a server, people may vote for another film
of the shortlist than the first. The study leaves this out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from recommender.data import Query
from recommender.evaluation.significance import Estimate, Sample, difference
from recommender.numeric.arrays import Array64, Rows
from recommender.numeric.top_k import top_k
from recommender.pipeline.groups.group import recommend_for_group
from recommender.pipeline.groups.ranking import calibrate, fit_of, worst_off
from recommender.pipeline.recommender import Recommender
from recommender.reports.report import Section, Table

NIGHTS = 10
MOST_TIMES = 4  # on how many of the nights one member may be worst off

NIGHT = "movie night"  # the ranking that the bot uses
BY_STARS = "averaged stars"
BY_SCORES = "averaged scores"
ACTIVE = "most active member"
RIVALS = (BY_STARS, BY_SCORES, ACTIVE)

NIGHT_MEANINGS = (
    "Held-out stars of the first three picks, by the ranking of movie nights and by others. gain: "
    "by how much the worst-off member likes the films of a movie night better."
)
MEMORY_MEANINGS = (
    "One film a night, the best that is left. Members rate it, and the bot learns from that. A "
    "member is worst off on a night if nobody else gave the film as few stars."
)


@dataclass(frozen=True, eq=False)
class NightTrial:
    """What one group was shown.

    Attributes:
        lists: for each ranking by name, (members, films) the stars that the members gave to the
            first films of the ranking.
        most_times: with and without memory, on how many nights the member was worst off who was
            worst off most often.
        mean: with and without memory, the mean stars over the nights and members.
    """

    lists: dict[str, Array64]
    most_times: tuple[int, int]
    mean: tuple[float, float]


@dataclass(frozen=True, eq=False)
class NightFigures:
    """How n groups liked their movie nights.

    Attributes:
        worst: for each ranking by name, (n,) the mean stars of the member who liked its films
            least.
        mean: for each ranking by name, (n,) the mean of all members' stars.
        most_times: (n, 2) as in `NightTrial`.
        night_mean: (n, 2) the mean stars over all nights, with and without memory.
    """

    worst: dict[str, Array64]
    mean: dict[str, Array64]
    most_times: Array64
    night_mean: Array64

    def gain(self, rival: str) -> Estimate:
        """Returns by how many stars the worst-off member likes the bot's films better than those of
        another ranking, with its 95% interval.
        """
        return _paired(self.worst[rival], self.worst[NIGHT])

    def loss(self, rival: str) -> float:
        """Returns the share of the mean of all members' stars that is lost against another ranking.

        It is below 0 if the mean is higher.
        """
        return 1.0 - float(self.mean[NIGHT].mean() / self.mean[rival].mean())

    @property
    def memory_gain(self) -> Estimate:
        """By how much memory changes on how many nights one member is worst off, with its 95%
        interval.
        """
        return _paired(self.most_times[:, 1], self.most_times[:, 0])

    @property
    def fair_share(self) -> float:
        """The share of groups in which nobody is worst off more than MOST_TIMES times."""
        return float((self.most_times[:, 0] <= MOST_TIMES).mean())

    @property
    def memory_loss(self) -> float:
        """The share of the mean stars that memory costs."""
        with_memory, without = self.night_mean.mean(axis=0).tolist()
        return 1.0 - float(with_memory / without)


def try_nights(
    model: Recommender, queries: Sequence[Query], films: Rows, stars: Array64, shown: int
) -> NightTrial:
    """Returns what a group was shown, on one evening and over several nights.

    model: the fitted recommender. queries: one for each member; they exclude all films but `films`.
    films: (k,) rows of the films that may be shown. stars: (members, k) the stars that the members
    gave to them. shown: number of films of an evening that are measured.
    """
    scores = calibrate(np.array([model.score(query) for query in queries]))[:, films]
    fit = fit_of(model.stars, queries, films, scores)
    active = int(np.argmax([len(query.films) for query in queries]))
    picks = recommend_for_group(model, queries, shown).picks
    columns = {
        NIGHT: np.searchsorted(films, [pick.film for pick in picks]),
        BY_STARS: top_k(fit.stars.mean(axis=0), shown),
        BY_SCORES: top_k(scores.mean(axis=0), shown),
        ACTIVE: top_k(fit.stars[active], shown),
    }
    remembering, forgetting = (
        _spend_nights(model, queries, films, stars, memory=memory) for memory in (True, False)
    )
    return NightTrial(
        {name: stars[:, chosen] for name, chosen in columns.items()},
        (remembering[0], forgetting[0]),
        (remembering[1], forgetting[1]),
    )


def _spend_nights(
    model: Recommender, queries: Sequence[Query], films: Rows, stars: Array64, *, memory: bool
) -> tuple[int, float]:
    """Returns on how many of the nights one member was worst off at most, and the mean stars.

    queries, films, stars: as in `try_nights`. memory: False to forget who was worst off.
    """
    times = np.zeros(len(stars), np.int64)
    means = []
    for _ in range(NIGHTS):
        picks = recommend_for_group(model, queries, 1, times.tolist() if memory else ()).picks
        if not picks:
            break
        film = picks[0].film
        given = stars[:, np.searchsorted(films, film)]
        means.append(float(given.mean()))
        least = worst_off(given)
        if least is not None:
            times[least] += 1
        queries = [
            replace(query, films=np.append(query.films, film), stars=np.append(query.stars, own))
            for query, own in zip(queries, given.tolist(), strict=True)
        ]
    return int(times.max()), float(np.mean(means))


def summarise(trials: Sequence[NightTrial]) -> NightFigures:
    """Returns how groups liked their movie nights.

    trials: what each group was shown.
    """
    names = (*RIVALS, NIGHT)
    return NightFigures(
        {name: np.array([one.lists[name].mean(axis=1).min() for one in trials]) for name in names},
        {name: np.array([one.lists[name].mean() for one in trials]) for name in names},
        np.array([one.most_times for one in trials], np.float64),
        np.array([one.mean for one in trials], np.float64),
    )


def night_file(nights: NightFigures) -> dict[str, Any]:
    """Returns the figures of movie nights as the content of a JSON file."""
    memory = nights.memory_gain
    gains = {rival: nights.gain(rival) for rival in RIVALS}
    return {
        "models": {
            name: {"worst": float(nights.worst[name].mean()), "mean": float(each.mean())}
            for name, each in nights.mean.items()
        },
        "gains": {
            rival: {
                "worst": {"mean": gain.mean, "low": gain.low, "high": gain.high},
                "loss": nights.loss(rival),
            }
            for rival, gain in gains.items()
        },
        "memory": {
            "most_times": dict(zip(("with", "without"), nights.most_times.mean(0), strict=True)),
            "gain": {"mean": memory.mean, "low": memory.low, "high": memory.high},
            "fair_share": nights.fair_share,
            "loss": nights.memory_loss,
        },
    }


def night_sections(nights: NightFigures) -> tuple[Section, Section]:
    """Returns the parts of a report on one movie night and on several."""
    rows = []
    for name, each in nights.mean.items():
        row = [name, f"{nights.worst[name].mean():.3f}", f"{each.mean():.3f}", "", "", ""]
        if name != NIGHT:
            gain = nights.gain(name)
            interval = f"{gain.low:+.3f} to {gain.high:+.3f}"
            row[3:] = [f"{gain.mean:+.3f}", interval, f"{nights.loss(name):.1%}"]
        rows.append(tuple(row))
    columns = ("ranking", "worst-off", "mean", "gain", "95%", "loss of the mean")
    evening = Section("A movie night", NIGHT_MEANINGS, Table(columns, tuple(rows)))
    gain = nights.memory_gain
    with_memory, without = nights.most_times.mean(axis=0).tolist()
    facts = (
        ("most times that one member is worst off", f"{with_memory:.2f}"),
        ("without memory", f"{without:.2f}"),
        ("change, 95%", f"{gain.mean:+.2f} ({gain.low:+.2f} to {gain.high:+.2f})"),
        (f"groups in which nobody is more than {MOST_TIMES} times", f"{nights.fair_share:.1%}"),
        ("loss of the mean", f"{nights.memory_loss:.1%}"),
    )
    several = Section(f"{NIGHTS} nights", MEMORY_MEANINGS, Table(("figure", "value"), facts))
    return evening, several


def _paired(before: Array64, after: Array64) -> Estimate:
    groups = np.arange(len(before))
    return difference([Sample(groups, after)], [Sample(groups, before)])
