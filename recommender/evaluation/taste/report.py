"""The taste test (how models serve people of narrow tastes) as a report for the bot's operator."""

from recommender.evaluation.taste.comparison import TasteComparison
from recommender.evaluation.taste.measure import TasteSummary
from recommender.evaluation.taste.study import ALL, REPORTING, TasteStudy
from recommender.reports.report import Report, Section, Table

SHARES = ("taste", "worst", "famous", "variety", "imported", "unknown")
COLUMNS = ("people", "model", "n", *SHARES)
MEANINGS = (
    "Shares of the first ten picks. taste: of the person's taste; for people of two tastes, of the "
    "one with fewer picks. worst: the same in the worst quarter of tastes. famous: famous films "
    "outside the taste. imported: films without tags. unknown: films whose facts do not say "
    "whether they are of the taste; the first two leave them out. variety: of genres in a list."
)


def taste_report(study: TasteStudy) -> Report:
    """Returns a report on the taste test: how many films of people's narrow tastes two models
    recommend.

    One is the model of the study. The other ranks by tags alone and knows no ratings.
    """
    people = study.figures[next(iter(study.figures))].people
    served = {at for person in people for at in person.tastes}
    kept = sum(study.tastes[at].reporting for at in served)
    model = f"{study.version}, fitted to {study.ratings:,} ratings" if study.ratings else "no model"
    lead = (
        f"{study.films:,} films, {model}; {len(people):,} simulated people of {len(served)} narrow "
        f"tastes, {kept} of them kept for reporting (seed {study.seed})."
    )
    return Report(
        "Taste test",
        lead,
        (
            Section("Tastes kept for reporting", MEANINGS, _table(study, REPORTING)),
            Section("All tastes", "", _table(study, ALL)),
            _tastes(study),
            _losses(study.comparison()),
        ),
    )


def _table(study: TasteStudy, tastes_of: str) -> Table:
    found = {model: study.summaries(model, tastes_of) for model in study.figures}
    kinds = [each.name for each in next(iter(found.values()))]
    rows = [
        _row(model, summary)
        for kind in kinds
        for model, each in found.items()
        for summary in each
        if summary.name == kind
    ]
    return Table(COLUMNS, tuple(rows))


def _row(model: str, summary: TasteSummary) -> tuple[str, ...]:
    worst = "" if summary.worst != summary.worst else f"{summary.worst:.3f}"  # NaN is not itself
    rest = (summary.famous, summary.variety, summary.imported, summary.unknown)
    shares = (f"{summary.taste:.3f}", worst, *(f"{value:.3f}" for value in rest))
    return (summary.name, model, str(summary.people), *shares)


def _tastes(study: TasteStudy) -> Section:
    models = {model: figures.by_taste() for model, figures in study.figures.items()}
    first = next(iter(models.values()))
    rows = tuple(
        (
            study.tastes[at].name,
            "yes" if study.tastes[at].reporting else "",
            *(f"{shares[at]:.3f}" for shares in models.values()),
        )
        for at in sorted(first, key=lambda at: (first[at], at))
    )
    return Section(
        "Each taste", "The taste served worst first.", Table(("taste", "reporting", *models), rows)
    )


def _losses(compared: TasteComparison | None) -> Section:
    title = "Tastes served worse than by the tags alone"
    if compared is None:
        return Section(title, "Nothing was learned from ratings: what serves is the tags alone.")
    gain = compared.gain
    text = (
        f"Over all tastes the model's share is {gain.mean:+.3f} from that of the tags alone (95%: "
        f"{gain.low:+.3f} to {gain.high:+.3f}). "
    )
    if not compared.worse:
        return Section(title, text + "No taste is served worse by more than chance.")
    rows = tuple(
        (each.name, f"{each.share:.3f}", f"{each.other:.3f}", f"{each.p:.4f}")
        for each in compared.worse
    )
    return Section(
        title,
        text + "Worse by more than chance (95%, paired over people, Holm over tastes):",
        Table(("taste", "live", "tags alone", "p"), rows),
    )
