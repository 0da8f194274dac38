"""Says what is wrong in a file that defines experiments."""

from collections.abc import Sequence

from bot.wording.speech import N_, Sentence, _


def experiments_wrong(problems: Sequence[str]) -> str:
    """Returns every problem of the file, one a line."""
    return "\n".join(problems)


def set_no_table() -> str:
    """Returns a sentence about changes of settings that are no table."""
    return _("Write a table such as {example}.", example="{ variety.strength = 0.5 }")


def setting_of_the_fit() -> str:
    """Returns a sentence about a setting that only a fit reads."""
    return _(
        "Only a fit reads it, so an arm can't change it. Fit a version with it, and compare that "
        "one by set = {example}.",
        example='{ model = "…" }',
    )


def no_such_key(near: str | None, choices: str) -> str:
    """Returns a sentence about a key that the file may not have.

    near: a key that reads like it; None for no such key.
    choices: the keys that it may have.
    """
    if near is None:
        return _("There's no such key. Choose from {choices}.", choices=choices)
    return _("There's no such key. Did you mean {setting}?", setting=near)


def no_such_arm_setting(near: str | None) -> str:
    """Returns a sentence about a setting that no arm has.

    near: a setting that reads like it; None for no such setting.
    """
    if near is None:
        return _("There's no such setting. docs/experiments.md lists what there is.")
    return _("There's no such setting. Did you mean {setting}?", setting=near)


REFUSALS: dict[str, Sentence] = {
    "experiment-arms": N_("Experiment {experiment} needs at least two arms, each with a name."),
    "experiment-ends-early": N_("Experiment {experiment} ends before it starts."),
    "experiment-interleaving": N_(
        "Experiment {experiment}: interleaving compares two arms, in the cards of persons."
    ),
    "experiment-name-twice": N_(
        "Two experiments are called “{name}”. Give each a name of its own."
    ),
    "experiment-shares": N_(
        "Experiment {experiment}: shares must be above 0, and that of all units at most 1."
    ),
    "experiment-zone": N_("Experiment {experiment}: its times need a zone."),
    "experiments-missing": N_(
        "{file} doesn't exist, though MATINEE_EXPERIMENTS names it. Make it, or unset that."
    ),
    "experiments-no-toml": N_("{file} isn't TOML: {cause}."),
    "experiments-not-utf8": N_("{file} isn't UTF-8 text. Save it again as UTF-8."),
    "experiments-unreadable": N_("I can't read {file} ({cause})."),
    "experiments-wrong": experiments_wrong,
    "guardrail-by-person": N_("“{name}” is counted by person, and this goes by server."),
    "guardrail-of-one-card": N_("“{name}” can't tell two rankings of one card apart."),
    "guardrails-no-list": N_('Write a list such as ["refused", "seconds"].'),
    "in-experiments": N_("{place}: {problem}"),
    "name-missing": N_("It has no name. Give small letters, digits and hyphens, at most 40."),
    "name-wrong": N_("{given} isn't a name. Give small letters, digits and hyphens, at most 40."),
    "no-moment": N_(
        "{given} isn't a moment with a zone. Write one like 2026-12-01T00:00:00Z, unquoted."
    ),
    "no-share": N_("{given} isn't a share. Give a number above 0, up to {most}."),
    "no-such-arm-setting": no_such_arm_setting,
    "no-such-key": no_such_key,
    "no-tables": N_("Begin each one with [[{table}]]."),
    "not-a-choice-here": N_("{given} isn't one of them. Choose from {choices}."),
    "set-no-number": N_("{given} won't do. Give a number from {least} to {most}."),
    "set-no-table": set_no_table,
    "set-no-version": N_("Write a version as `matinee models` lists it, in quotes."),
    "set-no-whole-number": N_("{given} won't do. Give a whole number from {least} to {most}."),
    "setting-of-the-fit": setting_of_the_fit,
    "share-of-interleaved": N_("Interleaved arms share every card. Leave the share out."),
}
"""Key of an error -> its sentence."""
