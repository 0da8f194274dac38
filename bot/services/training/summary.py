"""What `/lab models` shows to the owner of the bot."""

from collections.abc import Iterator

from bot.services.app import App
from bot.services.notes import Note, from_text, note
from bot.services.training import last_fit, versions
from bot.services.training.last_fit import LastFit
from bot.services.training.versions import Version

MAX_VERSIONS = 8  # in one message


async def models(app: App) -> tuple[Note, ...]:
    """Returns what to tell about the newest model versions, a note for each line.

    It says how each was judged, and which one answers requests.
    """
    found = await versions.list_versions(app)
    serving = app.live.served.version
    fit = await last_fit.read_last(app)
    lines = [note("models-heading")]
    if fit is not None and not fit.went_well:
        lines.append(fit_note(fit))
    if all(one.version != serving for one in found):
        lines.append(note("unfitted-model-in-use", version=serving))
    for one in found[:MAX_VERSIONS]:
        lines += _lines(one)
    if len(found) > MAX_VERSIONS:
        lines.append(note("older-models", n=len(found) - MAX_VERSIONS))
    return tuple(lines)


def fit_note(fit: LastFit) -> Note:
    """Returns a note about the last fit."""
    return note("last-fit", end=fit.end, timestamp=int(fit.at.timestamp()), why=fit.why)


def _lines(one: Version) -> Iterator[Note]:
    record = one.record
    yield note(
        "model-version",
        state=one.state,
        version=one.version,
        ratings=record.ratings,
        people=record.people,
        seconds=one.seconds,
    )
    if record.why:
        yield note("small-print", text=from_text(record.why))
    new = one.figures.get("new")
    if new:
        yield note(
            "model-judged",
            ndcg=new["ndcg@10"],
            others=[
                note("figure-of", ranker=ranker, figure=figures["ndcg@10"])
                for ranker, figures in one.figures.items()
                if ranker != "new"
            ],
            coverage=new["coverage@10"],
            novelty=new["novelty"],
            error=new["calibration_error"],
            order=new["order"],
        )
    if record.tastes is not None and record.tastes.people:
        shares = record.tastes.shares
        yield note(
            "tastes-judged",
            share=shares["new"],
            others=[
                note("share-of", ranker=model, share=share)
                for model, share in shares.items()
                if model != "new"
            ],
        )
