"""Says what `matinee models` and `matinee train` print."""

from collections.abc import Mapping, Sequence

from bot.wording.operations.training import stage
from bot.wording.operations.units import exact_percent
from bot.wording.speech import N_, _, listed, ngettext, number, translated

MEASURES = {
    "ndcg@10": N_("nDCG@10"),
    "order": N_("ranking films by stars"),
    "coverage@10": N_("coverage"),
    "novelty": N_("novelty"),
    "calibration_error": N_("calibration error"),
    "variety": N_("variety"),
}
"""The key of a measure in a version's record -> its name in the table. A measure says how well a
version recommends.
"""

RANKERS = {
    "new": N_("this model"),
    "live": N_("the model in use"),
    "popularity": N_("popularity alone"),
    "tags alone": N_("tags alone"),
}
"""The key of what recommended the films -> its name."""


def no_model() -> str:
    """Returns the text for a data folder without models."""
    return _("I don't have a model yet. Run `matinee train` to train one.")


def list_headings() -> tuple[str, ...]:
    """Returns the headings of the list of versions."""
    return (
        _("version"),
        _("state"),
        _("trained (UTC)"),
        _("ratings"),
        translated(MEASURES["ndcg@10"]),
        _("why it's used or not"),
    )


def version_headings() -> tuple[str, ...]:
    """Returns the headings of the facts about one version."""
    return (
        _("model"),
        _("state"),
        _("films"),
        _("ratings"),
        _("ratings from members"),
        _("people"),
        _("training time (s)"),
    )


def judged_headings(people: int, rankers: Sequence[str]) -> tuple[str, ...]:
    """Returns the headings of the table that compares a version with others.

    people: number of people whose held-out ratings judged them.
    """
    judges = ngettext("tested on {n} person", "tested on {n} people", people)
    return judges, *(ranker(name) for name in rankers)


def measure(key: str) -> str:
    """Returns the name of a measure of how well a version recommends."""
    return translated(MEASURES[key])


def ranker(key: str) -> str:
    """Returns the name of what recommended the films."""
    return translated(RANKERS[key]) if key in RANKERS else key


def promoted(version: str) -> str:
    """Returns the answer to the choice of a version."""
    return _("I'm using {version} now.", version=version)


def rolled_back(version: str) -> str:
    """Returns the answer to a return to the version before."""
    return _("I'm using {version} again.", version=version)


def pruned(gone: Sequence[str]) -> str:
    """Returns what was removed."""
    if not gone:
        return _("There was nothing to remove.")
    return _("I've removed {versions}.", versions=listed(gone))


def tastes(people: int, shares: Mapping[str, float], worse: Mapping[str, Sequence[str]]) -> str:
    """Returns how well a version recommends films of narrow tastes, such as heist films.

    people: number of simulated people; 0 if it was not measured.
    shares: key of what recommended -> share of its picks that are of the person's taste.
    worse: key of another one -> the tastes for which the version is worse than that one.
    """
    if not people:
        return _("Tastes: I couldn't test these, because too few films have tags.")
    told = _(
        "Tastes: I tried this model on simulated people with narrow tastes. Here's how many "
        "of the picks suited them: {shares}.",
        shares=listed(_taste_share(name, share) for name, share in shares.items()),
    )
    return " ".join([told, *(_worse(name, names) for name, names in worse.items() if names)])


def _taste_share(name: str, share: float) -> str:
    """Returns how many of a model's picks suited people, in a list of models."""
    return _("{share} for {ranker}", share=exact_percent(share), ranker=ranker(name))


def _worse(name: str, tastes: Sequence[str]) -> str:
    """Returns for which tastes a model is worse than another one."""
    if name == "live":
        return _(
            "This model does worse on {narrow_tastes} than the model in use.",
            narrow_tastes=listed(tastes),
        )
    return _(
        "This model does worse on {narrow_tastes} than tags alone.", narrow_tastes=listed(tastes)
    )


def stages(seconds: Mapping[str, float]) -> str:
    """Returns how long the stages of a fit took.

    seconds: key of a stage -> its seconds.
    """
    told = (
        _("{seconds} s for {stage}", stage=stage(name).lower(), seconds=number(taken, 1))
        for name, taken in seconds.items()
    )
    return _("Time: {stages}", stages=listed(told))


def starting() -> str:
    """Returns what the progress bar says before the first stage of a fit."""
    return _("Starting")


def trained(promoted: bool) -> str:
    """Returns whether a new version is used.

    promoted: True if it serves.
    """
    if promoted:
        return _(
            "I'm using the new model now. If the bot is running, it'll switch within a minute."
        )
    return _(
        "I've kept the new model, but I'm not using it. To use it anyway, run `matinee "
        "models promote VERSION`."
    )
