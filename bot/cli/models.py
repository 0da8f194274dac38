"""`matinee models`: the versions of the model, listed, shown, promoted, rolled back, pruned."""

from rich.console import Console
from rich.table import Table

from bot.services.training import last_fit, versions
from bot.services.training.versions import Version
from bot.settings import Settings
from bot.wiring import open_app

MEASURES = {
    "nDCG@10": "ndcg@10",
    "order of films by stars": "order",
    "coverage": "coverage@10",
    "novelty": "novelty",
    "calibration error": "calibration_error",
    "variety": "variety",
}
"""What is shown of a judgement, by the names it is recorded under"""


async def table(settings: Settings, out: Console) -> None:
    """All versions, newest first."""
    async with open_app(settings) as app:
        found = await versions.listed(app)
        fit = await last_fit.last(app)
    if fit is not None and not fit.went_well:
        told_at = f"{fit.at:%Y-%m-%d %H:%M} UTC"
        out.print(fit.words(told_at), highlight=False, markup=False, soft_wrap=True)
    if not found:
        out.print("No model was fitted yet; `matinee train` fits one.")
        return
    shown = Table("version", "state", "fitted, UTC", "ratings", "nDCG@10", "why")
    for one in found:
        mark = one.figures.get("new", {}).get("ndcg@10")
        shown.add_row(
            one.version,
            one.state,
            f"{one.trained_at:%Y-%m-%d %H:%M}",
            f"{one.ratings:,}",
            "" if mark is None else f"{mark:.4f}",
            one.why,
        )
    out.print(shown)


async def show(settings: Settings, out: Console, version: str) -> None:
    """Everything about one version."""
    async with open_app(settings) as app:
        told(await versions.shown(app, version), out)


async def promote(settings: Settings, out: Console, version: str) -> None:
    """Let one serve."""
    async with open_app(settings) as app:
        out.print(f"{await versions.promote(app, version)} serves.", highlight=False)


async def rollback(settings: Settings, out: Console) -> None:
    """Let the one before serve."""
    async with open_app(settings) as app:
        out.print(f"{await versions.rollback(app)} serves again.", highlight=False)


async def prune(settings: Settings, out: Console) -> None:
    """Remove what need not be kept."""
    async with open_app(settings) as app:
        gone = await versions.tidy(app)
    out.print(f"Removed: {', '.join(gone)}" if gone else "Nothing to remove.", highlight=False)


def told(version: Version, out: Console) -> None:
    """A version and its judgement, as tables."""
    fitted = Table("model", "state", "films", "ratings", "of them live", "people", "seconds")
    fitted.add_row(
        version.version,
        version.state,
        str(version.metrics.get("films", "")),
        str(version.ratings),
        str(version.metrics.get("live_ratings", "")),
        str(version.people),
        f"{version.seconds:.0f}",
    )
    out.print(fitted)
    if version.figures:
        people = (version.metrics.get("judged") or {}).get("people", 0)
        judged = Table(f"judged by {people} people", "this one", "live one", "popularity")
        for name, key in MEASURES.items():
            three = (version.figures.get(who, {}).get(key) for who in ("new", "live", "popularity"))
            judged.add_row(name, *("" if x is None else f"{x:.4f}" for x in three))
        out.print(judged)
    if moments := versions.of_moments(version):
        out.print(moments, highlight=False, markup=False, soft_wrap=True)
    if version.why:
        out.print(version.why, highlight=False, markup=False, soft_wrap=True)
    stages = version.metrics.get("seconds") or {}
    if stages:
        said = ", ".join(f"{name.lower()} {taken:.1f} s" for name, taken in stages.items())
        out.print(f"Time: {said}", highlight=False, markup=False, soft_wrap=True)
