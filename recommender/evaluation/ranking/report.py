"""The measurements of ranking and of predicted stars as reports for the person who runs the bot.

Each table has a sentence that says what its figures mean.
"""

from collections.abc import Callable, Mapping

from recommender.errors import DataError
from recommender.evaluation.ranking.candidates import BASELINE, BLEND, SERVING
from recommender.evaluation.ranking.stars import StarStudy
from recommender.evaluation.ranking.study import Ranking
from recommender.metrics import AGAINST_FAME, FAME_OFFSET
from recommender.reports import plots
from recommender.reports.report import Report, Section, Table

SPLIT_WORDS = {
    "reference": "a random fifth of each person's ratings is held out",
    "temporal": "models see the first four fifths of the ratings in time and are asked about the "
    "last ratings of those who came back or came new",
    "new-people": "models never see a fifth of the people, who show four fifths of their ratings",
}
ACCURACY_NAMES = {
    "ndcg@10": "nDCG@10",
    AGAINST_FAME: "against fame",
    "recall@10": "recall@10",
    "recall@20": "recall@20",
    "mrr": "MRR",
}
BEYOND_ACCURACY_NAMES = {
    "coverage@10": "coverage",
    "long_tail": "long tail",
    "novelty": "novelty",
    "variety": "variety",
    "calibration_error": "genre error",
}


def ranking_report(ranking: Ranking, say: Callable[[DataError], str] = str) -> Report:
    """Returns a report that compares models that rank films.

    Its parts are: the quality of the rankings; the gains of models over one another; the results
    for films with few ratings, and for people with few ratings; the effect of the setting from
    well-known to little-known films; the cost of each model.

    say: returns the sentence that says why a model was left out.
    """
    names = list(ranking.models)
    means = [ranking.mean(name) for name in names]
    seeds = ", ".join(map(str, ranking.seeds))
    lead = (
        f"{ranking.data}: {SPLIT_WORDS[ranking.split]} "
        f"(seed{'' if len(ranking.seeds) == 1 else 's'} {seeds}); {means[0].people} people with a "
        "liked film to find. Liked is four stars or more, and every film a person has not rated is "
        "a candidate."
    )
    quality = Section(
        "Ranking",
        "Means over people; ± is the standard error of nDCG@10. “Against fame” is nDCG@10 in which "
        f"a hit counts 1 / (ratings of the film + {FAME_OFFSET:g}), so that famous films alone "
        "cannot win.",
        Table(
            ("model", *ACCURACY_NAMES.values(), "±"),
            tuple(
                (name, *_figures(ranking, name, ACCURACY_NAMES), f"{mean.standard_error:.4f}")
                for name, mean in zip(names, means, strict=True)
            ),
        ),
        (
            plots.bars(
                "nDCG@10 with 95% intervals",
                names,
                [mean.mean for mean in means],
                [(mean.low, mean.high) for mean in means],
            ),
        ),
    )
    beyond = Section(
        "Beyond accuracy",
        "Coverage is the share of the catalogue that anybody is shown; long tail the share of "
        "picks outside the most rated fifth; novelty 100 less the mean popularity percentile; "
        "variety how unlike the genres within a list are; genre error how far a list's genres "
        "stray from the person's (0 is none).",
        Table(
            ("model", *BEYOND_ACCURACY_NAMES.values()),
            tuple((name, *_figures(ranking, name, BEYOND_ACCURACY_NAMES)) for name in names),
        ),
    )
    found = [quality, *_gains(ranking), beyond, *_price(ranking)]
    found += [*_few_ratings(ranking), *_new_people(ranking), *_dial(ranking)]
    found.append(_cost(ranking))
    if ranking.skipped:
        skipped = tuple((name, say(error)) for name, error in ranking.skipped.items())
        found.append(Section("Left out", "", Table(("model", "why"), skipped)))
    return Report(f"Ranking on {ranking.data}", lead, tuple(found))


def stars_report(stars: StarStudy) -> Report:
    """Returns a report of each model's RMSE on every fold, its mean RMSE and MAE, and its cost."""
    names = list(stars.models)
    folds = [one.fold for one in stars.models[names[0]]]
    rows = []
    for name in names:
        root, absolute = stars.mean(name)
        each = [f"{one.rmse:.4f}" for one in stars.models[name]]
        runs = stars.models[name]
        cost = f"{sum(one.fit_seconds for one in runs) / len(runs):.1f}"
        memory = f"{max(one.peak_mib for one in runs):.0f}"
        rows.append((name, f"{root:.4f}", f"{absolute:.4f}", *each, cost, memory))
    what = "the data set's own folds" if stars.split == "folds" else "a random tenth held out"
    columns = ("model", "RMSE", "MAE", *(f"RMSE {fold}" for fold in folds), "fit s", "peak MiB")
    picture = plots.bars("RMSE, stars (less is better)", names, [stars.mean(n)[0] for n in names])
    section = Section("Stars", "", Table(columns, tuple(rows)), (picture,))
    lead = f"{stars.data}: {what}. The bot predicts with “{stars.serving}”."
    return Report(f"Stars on {stars.data}", lead, (section,))


def _figures(ranking: Ranking, name: str, keys: Mapping[str, str]) -> tuple[str, ...]:
    figures = ranking.figures(name)
    return tuple(_number(figures[key], 4) for key in keys)


def _gains(ranking: Ranking) -> list[Section]:
    gains = ranking.gains()
    if not gains:
        return []
    rows = tuple(
        (
            f"{model} – {against}",
            f"{gain.mean:+.4f}",
            f"{gain.low:+.4f} to {gain.high:+.4f}",
            f"{sum(each > 0 for each in gain.splits)} of {len(gain.splits)}",
        )
        for (model, against), gain in gains.items()
    )
    text = (
        "Differences in nDCG@10, paired by person and split, with 95% intervals over people. An "
        "interval that leaves out 0 is a difference one can count on."
    )
    return [Section("Gains", text, Table(("models", "gain", "95%", "splits ahead"), rows))]


def _price(ranking: Ranking) -> list[Section]:
    if not {BLEND, SERVING} <= set(ranking.models):
        return []
    price = ranking.gain(SERVING, BLEND)
    with_it, without = ranking.figures(SERVING), ranking.figures(BLEND)
    text = (
        f"What re-ranking does to the lists: nDCG@10 changes by {price.mean:+.4f} (95% "
        f"{price.low:+.4f} to {price.high:+.4f}), and beyond accuracy"
    )
    rows = tuple(
        (words, *(_number(each[key], 4) for each in (without, with_it)))
        for key, words in BEYOND_ACCURACY_NAMES.items()
    )
    return [Section("The price of re-ranking", text, Table(("", "without", "with"), rows))]


def _few_ratings(ranking: Ranking) -> list[Section]:
    rows = []
    for name in ranking.models:
        few = ranking.few_ratings(name)
        if few is not None:
            rows.append((name, f"{few['ndcg@10']:.4f}", f"{few['recall@10']:.4f}"))
    if not rows:
        return []
    text = "Films with at most five training ratings, ranked among themselves."
    return [Section("Few ratings", text, Table(("model", "nDCG@10", "recall@10"), tuple(rows)))]


def _new_people(ranking: Ranking) -> list[Section]:
    curves = {name: ranking.by_revealed(name) for name in ranking.models}
    curves = {name: curve for name, curve in curves.items() if curve}
    if not curves:
        return []
    steps = list(next(iter(curves.values())))
    rows = tuple(
        (name, *(f"{curve[step]:.4f}" for step in steps)) for name, curve in curves.items()
    )
    table = Table(("ratings known", *map(str, steps)), rows)
    series = {name: [curve[step] for step in steps] for name, curve in curves.items()}
    picture = plots.lines("nDCG@10 of new people", "ratings known", steps, series)
    return [Section("New people", "By how many of their ratings are known.", table, (picture,))]


def _dial(ranking: Ranking) -> list[Section]:
    curve = ranking.dial(SERVING) if SERVING in ranking.models else {}
    if not curve:
        return []
    keys = list(next(iter(curve.values())))
    words = ACCURACY_NAMES | BEYOND_ACCURACY_NAMES
    rows = tuple(
        (f"{at:g}", *(_number(figures[key], 4) for key in keys)) for at, figures in curve.items()
    )
    table = Table(("adventurousness", *(words[key] for key in keys)), rows)
    pictures = tuple(
        plots.lines(
            f"{words[key]} along the popularity dial",
            "crowd-pleasers … deep cuts",
            list(curve),
            {words[key]: [figures[key] for figures in curve.values()]},
        )
        for key in keys
    )
    text = "What turning the dial from crowd-pleasers (0) to deep cuts (1) costs and brings."
    return [Section("The popularity dial", text, table, pictures)]


def _cost(ranking: Ranking) -> Section:
    rows = []
    for name, runs in ranking.models.items():
        n = len(runs)
        rows.append(
            (
                name,
                f"{sum(one.fit_seconds for one in runs) / n:.2f}",
                f"{sum(one.search_seconds for one in runs) / n:.2f}",
                f"{max(one.peak_mib for one in runs):.0f}",
                f"{sum(one.latency_p50 for one in runs) / n:.2f}",
                f"{sum(one.latency_p99 for one in runs) / n:.2f}",
            )
        )
    text = (
        "Seconds to fit and, apart, to choose hyper-parameters; the process's memory at its most; "
        "milliseconds for one person's ten films, on one thread."
    )
    columns = ("model", "fit s", "search s", "peak MiB", "p50 ms", "p99 ms")
    timed = plots.bars(
        f"Seconds to fit (beside {BASELINE})",
        list(ranking.models),
        [sum(one.fit_seconds for one in runs) / len(runs) for runs in ranking.models.values()],
        digits=2,
    )
    return Section("Cost", text, Table(columns, tuple(rows)), (timed,))


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if abs(value) < 10 else f"{value:.1f}"
