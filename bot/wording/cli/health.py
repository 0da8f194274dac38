"""Says what `matinee healthcheck` answers.

The command runs every half minute. The values of its own sentences are texts, since numbers would
import Babel.
"""

from bot.errors import NoAnswer
from bot.wording.speech import N_, Sentence, _, translated

REFUSALS: dict[str, Sentence] = {
    "bot-broke-off": N_(
        "Matinee stopped before it could tell me how it's doing (data folder {folder}). Check "
        "its log to see why."
    ),
    "bot-hangs": N_(
        "Matinee is running with the data folder {folder}, but it isn't answering. Check its "
        "log, then restart it."
    ),
    "bot-not-askable": N_(
        "I'm not allowed to check on Matinee (data folder {folder}, {cause}). Run this "
        "command as the same user that runs Matinee."
    ),
    "no-bot-answers": N_(
        "Matinee isn't answering (data folder {folder}). It may still be starting, or it "
        "may have stopped. Try again in a minute, or check its log."
    ),
    "no-data-folder": N_(
        "I can't find the data folder {folder}. Put it back, or set MATINEE_DATA to the right "
        "folder."
    ),
    "no-unix-sockets": N_(
        "I can't check on Matinee on this system, because Python doesn't support Unix sockets "
        "here. Look at Matinee's log instead."
    ),
}
"""The sentence of each error of the asking side, by the error's key."""

NOTES: dict[str, Sentence] = {}
"""The sentence of each note, by the note's key."""


def no_answer(error: NoAnswer) -> str:
    """Returns the sentence of an error of the asking side.

    `said` would do too, but it imports the wording of all rooms.
    """
    sentence = REFUSALS[error.key]
    assert isinstance(sentence, str)
    return translated(sentence, **error.data)


def not_writing(file: str, seconds: float) -> str:
    """Returns what a bot answers whose database does not take a write in time."""
    return _(
        "I haven't been able to save anything to {file} for {seconds} seconds. Another program "
        "may be locking it, or the disk may be slow.",
        file=file,
        seconds=seconds,
    )


def write_failed(file: str, cause: str) -> str:
    """Returns what a bot answers whose write failed for a reason that nobody foresaw.

    cause: the database's own words.
    """
    return _(
        "I couldn't save anything to {file} ({cause}). Check my log for details.",
        file=file,
        cause=cause,
    )


def disconnected() -> str:
    """Returns what a bot answers that Discord has not let in."""
    return _("I'm not connected to Discord right now, but I'll keep trying.")


def well(version: str, shards: str | None = None) -> str:
    """Returns what a bot answers that is well.

    version: the version of the model that serves.
    shards: the shards of this process, such as "0-3/16"; None if it has all.
    """
    fine = _(
        "I'm fine. I'm connected to Discord, I can save ratings, and I'm using the model "
        "{version}.",
        version=version,
    )
    if shards is None:
        return fine
    running = _("I'm running shards {shards}.", shards=shards)
    return f"{fine} {running}"
