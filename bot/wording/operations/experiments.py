"""Texts about experiments and their results, for `/lab experiments` and the command line."""

from collections.abc import Sequence

from bot.wording.speech import N_, Sentence, _, listed, ngettext


def _experiment_size(arms: Sequence[str], films: int) -> str:
    return _("-# {arms} · {films_shown}", arms=listed(arms), films_shown=_films_shown(films))


def _interleaved_size(people: int, cards: int, films: int) -> str:
    return _(
        "-# {raters} · {cards} · {films_shown}",
        raters=ngettext("{n} person", "{n} people", people),
        cards=ngettext("{n} card", "{n} cards", cards),
        films_shown=_films_shown(films),
    )


def _films_shown(films: int) -> str:
    """Returns how many films an experiment has shown, as the end of a line."""
    return ngettext("{n} film shown", "{n} films shown", films)


def _arm_size(name: str, count: int) -> str:
    """Returns an arm's name and how many people, servers or cards it has had."""
    return _("{count} in {name}", name=name, count=count)


def _more_experiments(n: int) -> str:
    return ngettext(
        "-# There's {n} more experiment. Run `matinee experiment list` to see them all.",
        "-# There are {n} more experiments. Run `matinee experiment list` to see them all.",
        n,
    )


REFUSALS: dict[str, Sentence] = {
    "no-experiments": N_(
        "You don't have any experiments yet, because {file} doesn't exist. "
        "docs/experiments.md shows how to write one."
    ),
    "no-such-experiment": N_("There's no experiment called “{typed}”. Try {choices}."),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "arm-size": _arm_size,
    "arm-unserved": N_("The variant “{arm}” needs the model {version}. {reason}"),
    "experiment-size": _experiment_size,
    "experiment-state": N_("**{name}** · {state}"),
    "experiment-waits": N_("-# I can't run this experiment yet. {why}"),
    "experiments-heading": N_("**Experiments**"),
    "interleaved-size": _interleaved_size,
    "more-experiments": _more_experiments,
    "none-defined": N_(
        "You don't have any experiments yet. docs/experiments.md shows how to write one."
    ),
    "version-gone": N_(
        "I don't have that model any more. Run `matinee models` to see the ones I've kept."
    ),
}
"""A line of `/lab experiments`, by the note's key."""
