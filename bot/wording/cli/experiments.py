"""Says what `matinee experiment` prints."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.wording.speech import N_, Sentence, _, listed, ngettext, percent

if TYPE_CHECKING:
    from recommender.experiments.assignment import Experiment


def none_defined(file: str) -> str:
    """Returns the text for a file without experiments."""
    return _(
        "You don't have any experiments yet, because {file} is missing or empty. "
        "docs/experiments.md shows how to write one.",
        file=file,
    )


def list_headings() -> tuple[str, ...]:
    """Returns the headings of the list of experiments."""
    return (
        _("experiment"),
        _("kind"),
        _("split by"),
        _("variants"),
        _("metric"),
        _("state"),
        _("participants"),
    )


def definition(one: "Experiment", state: str) -> str:
    """Returns what the definition of an experiment says, without its arms.

    state: whether it runs, and since when.
    """
    goal = (
        _(
            "I compare the variants by “{metric}”, and I also keep an eye on {guardrails}.",
            metric=one.metric,
            guardrails=listed(one.guardrails),
        )
        if one.guardrails
        else _("I compare the variants by “{metric}” and nothing else.", metric=one.metric)
    )
    return "\n".join([f"{one.name}: {state}", _taking_part(one), goal])


def _taking_part(one: "Experiment") -> str:
    share = percent(one.share)
    if one.kind == "interleave":
        return _(
            "Each card has picks from both variants. {share} of people take part.", share=share
        )
    if one.unit == "server":
        return _("Each server sees one variant. {share} of servers take part.", share=share)
    return _("Each person sees one variant. {share} of people take part.", share=share)


def arm_headings() -> tuple[str, str, str]:
    """Returns the headings of the table of an experiment's arms."""
    return _("variant"), _("share"), _("changes")


def every_card() -> str:
    """Returns the share of an arm that is in every card."""
    return _("every card")


def no_change() -> str:
    """Returns the word for the changes of an arm that changes nothing."""
    return _("nothing")


def all_served(count: int, file: str) -> str:
    """Returns the result of a check that found no problem.

    count: the number of experiments in the file.
    """
    return ngettext(
        "{file} has {n} experiment, and I can run it.",
        "{file} has {n} experiments, and I can run them all.",
        count,
        file=file,
    )


def _arms_unserved(file: str, problems: Sequence[str]) -> str:
    heading = _("I can read {file}, but I can't run all the experiments in it.", file=file)
    return "\n".join([heading, *problems])


REFUSALS: dict[str, Sentence] = {"arms-unserved": _arms_unserved}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {"experiment-unserved": N_("{experiment}: {problem}")}
"""Key of a note -> its sentence."""
