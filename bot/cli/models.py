"""`matinee models`: lists, shows, promotes, rolls back and prunes the versions of the model."""

from rich.console import Console
from rich.table import Table

from bot.services.notes import from_text
from bot.services.training import last_fit, versions
from bot.services.training.versions import Version
from bot.settings import Settings
from bot.wiring import open_app
from bot.wording.cli import models as words
from bot.wording.errors.said import said
from bot.wording.operations import training
from bot.wording.operations.units import moment
from bot.wording.speech import number

RANKERS = ("new", "live", "popularity")
"""The columns of the table that compares a version with others."""


async def table(settings: Settings, out: Console) -> None:
    """Prints all versions, newest first."""
    async with open_app(settings) as app:
        found = await versions.list_versions(app)
        fit = await last_fit.read_last(app)
    if fit is not None and not fit.went_well:
        why = None if fit.why is None else said(fit.why)
        sentence = training.last_fit(fit.end, moment(fit.at), why)
        out.print(sentence, highlight=False, markup=False, soft_wrap=True)
    if not found:
        out.print(words.no_model())
        return
    shown = Table(*words.list_headings())
    for one in found:
        ndcg = one.figures.get("new", {}).get("ndcg@10")
        shown.add_row(
            one.version,
            training.state(one.state),
            f"{one.trained_at:%Y-%m-%d %H:%M}",
            number(one.record.ratings),
            "" if ndcg is None else number(ndcg, 4),
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
        out.print(words.promoted(await versions.promote(app, version)), highlight=False)


async def rollback(settings: Settings, out: Console) -> None:
    """Goes back to the version that answered requests before the present one.

    Raises Sorry if there is no such version.
    """
    async with open_app(settings) as app:
        out.print(words.rolled_back(await versions.rollback(app)), highlight=False)


async def prune(settings: Settings, out: Console) -> None:
    """Removes old model versions, and the files of fits that were killed.

    MATINEE_KEEP_MODELS says how many versions are kept. Versions that experiments need are kept
    too. Versions that learned from people whose data were deleted since are removed.
    """
    async with open_app(settings) as app:
        gone = await versions.prune(app)
    out.print(words.pruned(gone), highlight=False, markup=False)


def print_version(version: Version, out: Console) -> None:
    """Prints a version as tables: its facts, and how it compared with the version before it."""
    record = version.record
    fitted = Table(*words.version_headings())
    fitted.add_row(
        version.version,
        training.state(version.state),
        "" if record.films is None else number(record.films),
        number(record.ratings),
        "" if record.live_ratings is None else number(record.live_ratings),
        number(record.people),
        number(round(version.seconds)),
    )
    out.print(fitted)
    if version.figures:
        people = record.judged.people if record.judged is not None else 0
        judged = Table(*words.judged_headings(people, RANKERS))
        for key in words.MEASURES:
            figures = (version.figures.get(ranker, {}).get(key) for ranker in RANKERS)
            row = ("" if x is None else number(x, 4) for x in figures)
            judged.add_row(words.measure(key), *row)
        out.print(judged)
    if record.tastes is not None:
        told = words.tastes(record.tastes.people, record.tastes.shares, record.tastes.worse)
        out.print(told, highlight=False, markup=False, soft_wrap=True)
    if record.lift is not None:
        moments = training.learned(record.lift)
        out.print(moments, highlight=False, markup=False, soft_wrap=True)
    if record.why:
        out.print(said(from_text(record.why)), highlight=False, markup=False, soft_wrap=True)
    if record.seconds:
        stages = words.stages(record.seconds)
        out.print(stages, highlight=False, markup=False, soft_wrap=True)
