"""Says what `matinee healthcheck` answers.

The command runs every half minute. The values of its own sentences are texts, since numbers would
import Babel.
"""

from bot.errors import NoAnswer
from bot.wording.speech import N_, Sentence, _, translated

REFUSALS: dict[str, Sentence] = {
    "bot-broke-off": N_("Matinee on {folder} stopped before it could answer. Its log says why."),
    "bot-hangs": N_(
        "Matinee is running on {folder}, but it isn't answering. Look at its log, then restart it."
    ),
    "bot-not-askable": N_(
        "I can't ask Matinee on {folder} ({cause}). Run this as the same user as Matinee."
    ),
    "no-bot-answers": N_(
        "Nobody's answering on {folder}. Matinee is still starting, or it has stopped."
    ),
    "no-data-folder": N_(
        "I can't find the data folder {folder}. Put it back, or set MATINEE_DATA."
    ),
    "no-unix-sockets": N_(
        "I can't ask Matinee on this system, because Python has no Unix sockets here. "
        "Look at Matinee's log."
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
        "I couldn't save anything in {file} for {seconds} s. Maybe another program keeps it "
        "locked, or its disk is slow.",
        file=file,
        seconds=seconds,
    )


def write_failed(file: str, cause: str) -> str:
    """Returns what a bot answers whose write failed for a reason that nobody foresaw.

    cause: the database's own words.
    """
    return _(
        "I couldn't save anything in {file} ({cause}). My log says more.", file=file, cause=cause
    )


def disconnected() -> str:
    """Returns what a bot answers that Discord has not let in."""
    return _("I'm not connected to Discord's gateway, but I keep trying.")


def well(version: str) -> str:
    """Returns what a bot answers that is well.

    version: the version of the model that serves.
    """
    return _(
        "Matinee is well. I'm connected to Discord, I can save, and I'm using model {version}.",
        version=version,
    )
