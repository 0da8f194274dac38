"""`matinee models`: lists, shows, promotes, rolls back and prunes the versions of the model."""

from rich.console import Console
from rich.table import Table

from bot.services.notes import from_text
from bot.services.training import last_fit, versions
from bot.services.training.fit_record import RecordedTastes
from bot.services.training.versions import Version
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.errors.said import said
from bot.wording.operations import training as words
from bot.wording.operations.units import moment

MEASURES = {
    "nDCG@10": "ndcg@10",
    "order of films by stars": "order",
    "coverage": "coverage@10",
    "novelty": "novelty",
    "calibration error": "calibration_error",
    "variety": "variety",
}
"""For each measure in the printed table, its name in the version's record. It says how well a
version recommends.
"""


async def table(settings: Settings, out: Console) -> None:
    """Prints all versions, newest first."""
    async with open_app(settings) as app:
        found = await versions.list_versions(app)
        fit = await last_fit.read_last(app)
    if fit is not None and not fit.went_well:
        why = None if fit.why is None else said(fit.why)
        sentence = words.last_fit(fit.end, moment(fit.at), why)
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)
    if not found:
        out.print("No model was fitted yet; `matinee train` fits one.")
        return
    shown = Table("version", "state", "fitted, UTC", "ratings", "nDCG@10", "why")
    for one in found:
        ndcg = one.figures.get("new", {}).get("ndcg@10")
        shown.add_row(
            one.version,
            words.state(one.state),
            f"{one.trained_at:%Y-%m-%d %H:%M}",
            f"{one.record.ratings:,}",
            "" if ndcg is None else f"{ndcg:.4f}",
            said(from_text(one.record.why)),
        )
    out.print(shown)


async def show(settings: Settings, out: Console, version: str) -> None:
    """Prints everything about one version.

    version: its name, or the beginning of its name.

    Raises Sorry if there is no such version, or more than one.
    """
    async with open_app(settings) as app:
        print_version(await versions.find_version(app, version), out)


async def promote(settings: Settings, out: Console, version: str) -> None:
    """Lets a version answer requests.

    version: its name, or the beginning of its name.

    Raises Sorry if there is no such version, or more than one.
    """
    async with open_app(settings) as app:
        out.print(f"{await versions.promote(app, version)} serves.", highlight=False)


async def rollback(settings: Settings, out: Console) -> None:
    """Goes back to the version that answered requests before the present one.

    Raises Sorry if there is no such version.
    """
    async with open_app(settings) as app:
        out.print(f"{await versions.rollback(app)} serves again.", highlight=False)


async def prune(settings: Settings, out: Console) -> None:
    """Removes old model versions, and the files of fits that were killed.

    MATINEE_KEEP_MODELS says how many versions are kept. Versions that experiments need are kept
    too. Versions that learned from people whose data were deleted since are removed.
    """
    async with open_app(settings) as app:
        gone = await versions.prune(app)
    out.print(f"Removed: {', '.join(gone)}" if gone else "Nothing to remove.", highlight=False)


def print_version(version: Version, out: Console) -> None:
    """Prints a version as tables: its facts, and how it compared with the version before it."""
    record = version.record
    fitted = Table("model", "state", "films", "ratings", "of them live", "people", "seconds")
    fitted.add_row(
        version.version,
        words.state(version.state),
        "" if record.films is None else str(record.films),
        str(record.ratings),
        "" if record.live_ratings is None else str(record.live_ratings),
        str(record.people),
        f"{version.seconds:.0f}",
    )
    out.print(fitted)
    if version.figures:
        people = record.judged.people if record.judged is not None else 0
        judged = Table(f"judged by {people} people", "this one", "live one", "popularity")
        for name, key in MEASURES.items():
            figures = (
                version.figures.get(ranker, {}).get(key) for ranker in ("new", "live", "popularity")
            )
            judged.add_row(name, *("" if x is None else f"{x:.4f}" for x in figures))
        out.print(judged)
    if record.tastes is not None:
        out.print(tastes_sentence(record.tastes), highlight=False, markup=False, soft_wrap=True)
    if record.lift is not None:
        moments = words.learned(record.lift)
        out.print(moments, highlight=False, markup=False, soft_wrap=True)
    if record.why:
        out.print(said(from_text(record.why)), highlight=False, markup=False, soft_wrap=True)
    if record.seconds:
        stages = ", ".join(
            f"{words.stage(name).lower()} {taken:.1f} s" for name, taken in record.seconds.items()
        )
        out.print(f"Time: {stages}", highlight=False, markup=False, soft_wrap=True)


def tastes_sentence(tastes: RecordedTastes) -> str:
    """Returns a sentence on the taste test of one version of the model.

    The test counts how many of the films recommended to people of a narrow taste, such as heist
    films, are of that taste.
    """
    if not tastes.people:
        return "Tastes: too few films have tags to judge by them."
    shares = "; ".join(f"{model} {share:.1%}" for model, share in tastes.shares.items())
    worse = "".join(
        f" Worse than {'the live one' if model == 'live' else 'the tags alone'} for: "
        f"{', '.join(names)}."
        for model, names in tastes.worse.items()
        if names
    )
    return f"Tastes: share of picks that are of a simulated person's taste: {shares}.{worse}"
