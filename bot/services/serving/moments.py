"""Says how the time of day, the weekday or the mood raised the score of a film."""

from collections.abc import Sequence

from bot.services.notes import Note, note
from bot.services.serving.live_model import Served
from recommender.context.editorial import TILTS
from recommender.data import Part

CONTEXT_PARTS = ("context", "lift")
"""The kinds of parts that come from the time and the mood. "context" is a hand-written rule for the
time of day; "lift" is what the model learned from responses to earlier messages.
"""


def with_moment(served: Served, main: Note, parts: Sequence[Part]) -> Note:
    """Returns a reason, followed by how the time or mood raised the film's score most.

    The reason is unchanged if the score was raised neither by a hand-written rule for the time of
    day nor by what the model learned about time and mood.
    """
    lifted = [part for part in parts if part.kind in CONTEXT_PARTS and part.amount > 0]
    best = max(lifted, key=lambda part: part.amount, default=None)
    if best is None:
        return main
    return note("reason-and-moment", reason=main, moment=moment_note(served, best))


def moment_note(served: Served, part: Part) -> Note:
    """Returns a part of a score that comes from the time or the mood, such as "short for a
    weeknight".

    part: what the time or the mood adds to the score.
    """
    if part.kind == "context":
        return note(TILTS[part.ref].key)
    learned = served.model.lift.features
    if part.ref < 0:
        return note("often-now")
    name, kind = learned.names[part.ref], learned.kinds[part.ref]
    if kind == "runtime":
        return note("short-often-now" if name == "short" else "long-often-now")
    said = note("genre", name=name) if kind == "genre" else served.library.tag_note(name)
    return note("kind-often-now", tag=said)
