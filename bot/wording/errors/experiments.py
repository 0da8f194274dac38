"""Says what is wrong in a file that defines experiments."""

from collections.abc import Sequence

from bot.wording.speech import N_, Sentence, _


def experiments_wrong(problems: Sequence[str]) -> str:
    """Returns every problem of the file, one a line."""
    return "\n".join(problems)


def set_no_table() -> str:
    """Returns a sentence about changes of settings that are no table."""
    return _("Write a table, like {example}.", example="{ variety.strength = 0.5 }")


def setting_of_the_fit() -> str:
    """Returns a sentence about a setting that only a fit reads."""
    return _(
        "An arm can't change this, because only a fit uses it. Fit a version with it, "
        "then compare that version with set = {example}.",
        example='{ model = "…" }',
    )


def no_such_key(near: str | None, choices: str) -> str:
    """Returns a sentence about a key that the file may not have.

    near: a key that reads like it; None for no such key.
    choices: the keys that it may have.
    """
    if near is None:
        return _("I don't know that key. Choose from {choices}.", choices=choices)
    return _("I don't know that key. Did you mean {setting}?", setting=near)


def no_such_arm_setting(near: str | None) -> str:
    """Returns a sentence about a setting that no arm has.

    near: a setting that reads like it; None for no such setting.
    """
    if near is None:
        return _("I don't know that setting. docs/experiments.md lists the ones I know.")
    return _("I don't know that setting. Did you mean {setting}?", setting=near)


REFUSALS: dict[str, Sentence] = {
    "experiment-arms": N_(
        "Experiment {experiment} needs at least two arms, each with its own name."
    ),
    "experiment-ends-early": N_(
        "Experiment {experiment} ends before it starts. Change one of its times."
    ),
    "experiment-interleaving": N_(
        "Experiment {experiment} interleaves, so it needs exactly two arms and has to go by person."
    ),
    "experiment-name-twice": N_(
        "Two experiments are called “{name}”. Give one of them another name."
    ),
    "experiment-shares": N_(
        "Experiment {experiment} has a share that doesn't work. Shares have to be above "
        "0, and the experiment's own can't be above 1."
    ),
    "experiment-zone": N_(
        "Experiment {experiment} has a time without a zone. Add one, like Z or +02:00."
    ),
    "experiments-missing": N_(
        "{file} doesn't exist, though MATINEE_EXPERIMENTS names it. Make it, or unset that."
    ),
    "experiments-no-toml": N_("I can't read {file} as TOML ({cause})."),
    "experiments-not-utf8": N_("{file} isn't UTF-8 text. Save it again as UTF-8."),
    "experiments-unreadable": N_("I can't read {file} ({cause})."),
    "experiments-wrong": experiments_wrong,
    "guardrail-by-person": N_(
        "I count “{name}” by person, and this goes by server. Choose another one."
    ),
    "guardrail-of-one-card": N_(
        "“{name}” can't tell two rankings in one card apart. Choose another one."
    ),
    "guardrails-no-list": N_('Write a list, like ["refused", "seconds"].'),
    "in-experiments": N_("{place}: {problem}"),
    "name-missing": N_("It needs a name. Use small letters, digits and hyphens, 40 at most."),
    "name-wrong": N_(
        "{given} doesn't work as a name. Use small letters, digits and hyphens, 40 at most."
    ),
    "no-moment": N_(
        "I can't read {given} as a time with a zone. Write it like 2026-12-01T00:00:00Z, "
        "without quotes."
    ),
    "no-share": N_("{given} doesn't work as a share. Use a number above 0, {most} at most."),
    "no-such-arm-setting": no_such_arm_setting,
    "no-such-key": no_such_key,
    "no-tables": N_("Begin each one with [[{table}]]."),
    "not-a-choice-here": N_("I don't know {given}. Choose from {choices}."),
    "set-no-number": N_("{given} doesn't work here. Use a number from {least} to {most}."),
    "set-no-table": set_no_table,
    "set-no-version": N_("Write the version in quotes, the way `matinee models` lists it."),
    "set-no-whole-number": N_(
        "{given} doesn't work here. Use a whole number from {least} to {most}."
    ),
    "setting-of-the-fit": setting_of_the_fit,
    "share-of-interleaved": N_("Interleaved arms share every card, so leave the share out."),
}
"""Key of an error -> its sentence."""
