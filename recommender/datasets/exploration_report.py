"""The description of a data set as a report, to read before any model is fitted."""

from collections.abc import Sequence

from recommender.datasets.exploration import QUANTILES, CountSpread, Exploration, Label
from recommender.reports import plots
from recommender.reports.report import Report, Section, Table

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def exploration_report(found: Exploration) -> Report:
    """Returns the report that describes a data set."""
    lead = (
        f"{found.name}: {found.ratings:,} ratings by {found.people:,} people of "
        f"{found.rated_films:,} of {found.films:,} films; {found.density:.2%} of all pairs. "
        f"{found.repeats:,} ratings were replaced by a later one of the same person and film; "
        f"{found.strays:,} were of films the data set does not list."
    )
    sections = [
        Section(
            "Stars",
            f"The mean is {found.mean_stars:.2f}. People differ: a twentieth of them give "
            f"{found.person_means.quantiles[1]:.2f} on average or less, another twentieth "
            f"{found.person_means.quantiles[5]:.2f} or more.",
            Table(
                ("stars", "ratings", "share"),
                tuple((f"{s:g}", f"{n:,}", f"{n / found.ratings:.1%}") for s, n in found.stars),
            ),
            (
                plots.columns(
                    "Ratings by stars",
                    [f"{s:g}" for s, _ in found.stars],
                    [n for _, n in found.stars],
                ),
            ),
        ),
        Section(
            "Sparsity",
            f"{found.few:,} films have at most five ratings. Gini's coefficient is 0 where "
            "everybody has the same and near 1 where one has everything.",
            Table(
                ("ratings of", "mean", *(f"{q:.0%}" for q in QUANTILES), "Gini"),
                (_spread("a person", found.by_person), _spread("a film", found.by_film)),
            ),
        ),
        Section(
            "The long tail",
            "Few films carry most ratings.",
            Table(
                ("most rated films", "share of the ratings"),
                tuple((f"{films:.0%}", f"{share:.1%}") for films, share in found.head),
            ),
            (
                plots.lines(
                    "Share of the ratings on the most rated films",
                    "share of the films, %",
                    [0, *(films * 100 for films, _ in found.head), 100],
                    {"ratings, %": [0, *(share * 100 for _, share in found.head), 100]},
                ),
            ),
        ),
        Section(
            "Popularity bias",
            "Tenths of the rated films, from the least rated: the first gets "
            f"{found.bands[0].stars:.2f} stars on average, the last {found.bands[-1].stars:.2f}. "
            f"The rank correlation of a film's ratings and its mean stars is {found.bias:+.2f}.",
            Table(
                ("ratings a film", "mean stars", "share of the ratings"),
                tuple(
                    (f"{band.least:,}–{band.most:,}", f"{band.stars:.2f}", f"{band.share:.1%}")
                    for band in found.bands
                ),
            ),
            (
                plots.columns(
                    "Mean stars, from the least to the most rated films",
                    [str(n + 1) for n in range(len(found.bands))],
                    [band.stars for band in found.bands],
                ),
            ),
        ),
        Section(
            "The best known",
            "",
            Table(("film", "ratings"), tuple((title, f"{n:,}") for title, n in found.known)),
        ),
        _labels("Genres", "", found.genres),
    ]
    if found.tag_count:
        words = (
            f"{found.tag_count:,} tags on {found.tagged_films:,} films "
            f"({found.tagged_films / found.films:.1%}); the most used:"
        )
        sections.append(_labels("Tags", words, found.tags))
    if found.decades:
        sections.append(_counts("Films by decade", found.decades))
    if found.months:
        sections.append(_counts("Ratings by month", found.months, table=False))
        hours = [(str(hour), n) for hour, n in enumerate(found.hours)]
        sections.append(_counts("Ratings by hour (UTC)", hours, table=False))
        sections.append(_counts("Ratings by weekday", list(zip(DAYS, found.weekdays, strict=True))))
    return Report(f"Exploring {found.name}", lead, tuple(sections))


def _labels(title: str, text: str, labels: tuple[Label, ...]) -> Section:
    rows = tuple(
        (
            label.name,
            f"{label.films:.1%}",
            f"{label.ratings:.1%}",
            f"{label.stars:.2f}" if label.stars else "–",
        )
        for label in labels
    )
    picture = plots.bars(
        f"{title}: share of the ratings, %",
        [label.name for label in labels],
        [label.ratings * 100 for label in labels],
        digits=1,
    )
    columns = (title.lower(), "of films", "of ratings", "mean stars")
    return Section(title, text, Table(columns, rows), (picture,) if labels else ())


def _counts(title: str, counts: Sequence[tuple[str, int]], table: bool = True) -> Section:
    picture = plots.columns(title, [name for name, _ in counts], [n for _, n in counts])
    rows = tuple((name, f"{n:,}") for name, n in counts)
    return Section(title, "", Table(("", "count"), rows) if table else None, (picture,))


def _spread(name: str, spread: CountSpread) -> tuple[str, ...]:
    return (
        name,
        f"{spread.mean:.1f}",
        *(f"{value:,.0f}" for value in spread.quantiles),
        f"{spread.gini:.2f}",
    )
