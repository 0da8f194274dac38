"""Says what is wrong in a file that defines experiments. The operator of the bot reads it."""

from collections.abc import Sequence

from bot.wording.speech import N_, Sentence, _


def experiments_wrong(problems: Sequence[str]) -> str:
    """Returns every problem of the file, one a line."""
    return "\n".join(problems)


def set_no_table() -> str:
    """Returns a sentence about changes of settings that are no table."""
    return _(
        "A variant's changes have to be a table. Write them like {example}.",
        example="{ variety.strength = 0.5 }",
    )


def no_such_key(near: str | None, choices: str) -> str:
    """Returns a sentence about a key that the file may not have.

    near: a key that reads like it; None for no such key.
    choices: the keys that it may have.
    """
    if near is None:
        return _("I don't know this key. Try {choices}.", choices=choices)
    return _("I don't know this key. Did you mean {setting}?", setting=near)


def no_such_arm_setting(near: str | None) -> str:
    """Returns a sentence about a setting that no arm has.

    near: a setting that reads like it; None for no such setting.
    """
    if near is None:
        return _("I don't know this setting. docs/experiments.md lists the ones I know.")
    return _("I don't know this setting. Did you mean {setting}?", setting=near)


REFUSALS: dict[str, Sentence] = {
    "experiment-arms": N_(
        "The experiment “{experiment}” needs at least two variants, each with its own name."
    ),
    "experiment-ends-early": N_(
        "The experiment “{experiment}” ends before it starts. Change its start or its end."
    ),
    "experiment-interleaving": N_(
        "The experiment “{experiment}” mixes the picks of two variants in each card, so it needs "
        "exactly two variants and has to be split by person."
    ),
    "experiment-name-twice": N_(
        "Two experiments are called “{name}”. Give one of them another name."
    ),
    "experiment-shares": N_(
        "The experiment “{experiment}” has a share that doesn't work. All shares have to be "
        "above 0, and the experiment's own share can't be above 1."
    ),
    "experiment-zone": N_(
        "The experiment “{experiment}” has a time without a time zone. Add a zone, like Z or "
        "+02:00."
    ),
    "experiments-missing": N_(
        "MATINEE_EXPERIMENTS points to {file}, but that file doesn't exist. Create it, or remove "
        "MATINEE_EXPERIMENTS from your settings."
    ),
    "experiments-no-toml": N_(
        "I can't read {file} as TOML ({cause}). Correct the file, then try again."
    ),
    "experiments-not-utf8": N_("{file} isn't UTF-8 text. Save it again as UTF-8."),
    "experiments-unreadable": N_(
        "I can't read {file} ({cause}). Check that I'm allowed to read it."
    ),
    "experiments-wrong": experiments_wrong,
    "guardrail-by-person": N_(
        "I count “{name}” by person, but this experiment is split by server. Choose another metric."
    ),
    "guardrail-of-one-card": N_(
        "“{name}” can't compare two variants that share a card. Choose another metric."
    ),
    "guardrails-no-list": N_(
        'Guardrails have to be a list. Write them like ["refused", "seconds"].'
    ),
    "in-experiments": N_("{place}: {problem}"),
    "name-missing": N_(
        "A name is missing here. Use lowercase letters, digits and hyphens, up to 40 characters."
    ),
    "name-wrong": N_(
        "{given} doesn't work as a name. Use lowercase letters, digits and hyphens, up to 40 "
        "characters."
    ),
    "no-moment": N_(
        "I can't read {given} as a date with a time and a time zone. Write it like "
        "2026-12-01T00:00:00Z, without quotes."
    ),
    "no-share": N_("{given} doesn't work as a share. Use a number above 0 and up to {most}."),
    "no-such-arm-setting": no_such_arm_setting,
    "no-such-key": no_such_key,
    "no-tables": N_(
        "This has to be a list of tables. Start each table with a line that says [[{table}]]."
    ),
    "not-a-choice-here": N_("I can't use {given} here. Try {choices}."),
    "set-no-number": N_("{given} doesn't work here. Use a number from {least} to {most}."),
    "set-no-table": set_no_table,
    "set-no-version": N_("Write the model's version in quotes, just as `matinee models` shows it."),
    "set-no-whole-number": N_(
        "{given} doesn't work here. Use a whole number from {least} to {most}."
    ),
    "setting-of-the-fit": N_(
        "A variant can't change this setting, because it only matters when I train. Train a "
        'version with it, then give a variant that version by writing set.model = "VERSION".'
    ),
    "share-of-interleaved": N_("Both variants are in every card here, so leave out the share."),
}
"""Key of an error -> its sentence."""
