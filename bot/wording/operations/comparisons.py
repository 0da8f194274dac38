"""Says what experiments have found, and whether they run. The operator of the bot reads it."""

from datetime import datetime

from bot.wording.operations.units import exact_percent, moment
from bot.wording.speech import N_, Sentence, _, ngettext, number, percent


def _mismatch(kind: str) -> str:
    if kind == "interleave":
        return _(
            "Each variant should choose the first film on about half the cards, but that isn't "
            "what happened (a sample-ratio mismatch), so don't trust anything below. Find out "
            "why one variant is losing cards: look for errors in the log, a variant I couldn't "
            "use, or changed shares. Then start over with a new name."
        )
    return _(
        "The variants aren't the sizes they should be (a sample-ratio mismatch), so don't trust "
        "anything below. Find out why one variant is losing cards: look for errors in the log, a "
        "variant I couldn't use, or changed shares. Then start over with a new name."
    )


def _no_winner_yet(arm: str, share: float, low: float, high: float, total: int) -> str:
    return ngettext(
        "There's no winner yet. “{arm}” has won {share} of {n} card so far, and its true share "
        "is probably between {low} and {high}. I don't count cards without a winner.",
        "There's no winner yet. “{arm}” has won {share} of {n} cards so far, and its true share "
        "is probably between {low} and {high}. I don't count cards without a winner.",
        total,
        arm=arm,
        share=percent(share),
        low=percent(low),
        high=percent(high),
    )


def _second_arm_wins(
    first_arm: str, second_arm: str, share: float, low: float, high: float, total: int
) -> str:
    return ngettext(
        "“{arm}” is better than “{other_arm}”. It won {share} of {n} card, and its true share is "
        "probably between {low} and {high}. I don't count cards without a winner.",
        "“{arm}” is better than “{other_arm}”. It won {share} of {n} cards, and its true share "
        "is probably between {low} and {high}. I don't count cards without a winner.",
        total,
        arm=second_arm,
        other_arm=first_arm,
        share=percent(share),
        low=percent(low),
        high=percent(high),
    )


def _first_arm_wins(
    first_arm: str, second_arm: str, share: float, low: float, high: float, total: int
) -> str:
    return ngettext(
        "“{arm}” is better than “{other_arm}”, which only won {share} of {n} card. Its true "
        "share is probably between {low} and {high}. I don't count cards without a winner.",
        "“{arm}” is better than “{other_arm}”, which only won {share} of {n} cards. Its true "
        "share is probably between {low} and {high}. I don't count cards without a winner.",
        total,
        arm=first_arm,
        other_arm=second_arm,
        share=percent(share),
        low=percent(low),
        high=percent(high),
    )


def _arm_too_small(arm: str, unit: str, n: int, smallest_arm: str, units: int) -> str:
    values = {"arm": arm, "other_arm": smallest_arm, "units": units}
    if unit == "server":
        return _(
            "It's too early to tell how “{arm}” is doing. I need {servers} for each variant, but "
            "“{other_arm}” only has {units} so far.",
            servers=ngettext("{n} server", "{n} servers", n),
            **values,
        )
    return _(
        "It's too early to tell how “{arm}” is doing. I need {raters} for each variant, but "
        "“{other_arm}” only has {units} so far.",
        raters=ngettext("{n} person", "{n} people", n),
        **values,
    )


def _no_difference_yet(
    arm: str,
    metric: str,
    mean: float | None,
    low: float | None,
    high: float | None,
    relative: bool,
) -> str:
    if mean is None or low is None or high is None:
        return _("As far as I can tell, “{arm}” doesn't change “{metric}”.", arm=arm, metric=metric)
    return _(
        "As far as I can tell, “{arm}” doesn't change “{metric}”. The difference so far is "
        "{unclear}.",
        arm=arm,
        metric=metric,
        unclear=_change(mean, low, high, relative),
    )


def _arm_better(arm: str, metric: str, mean: float, low: float, high: float, relative: bool) -> str:
    return _(
        "“{arm}” is better. It changes “{metric}” by {change}.",
        arm=arm,
        metric=metric,
        change=_change(mean, low, high, relative),
    )


def _arm_worse(arm: str, metric: str, mean: float, low: float, high: float, relative: bool) -> str:
    return _(
        "“{arm}” is worse. It changes “{metric}” by {change}.",
        arm=arm,
        metric=metric,
        change=_change(mean, low, high, relative),
    )


def _guardrail_broken(
    arm: str, guardrail: str, mean: float, low: float, high: float, relative: bool
) -> str:
    return _(
        "Watch out, “{arm}” makes things worse. It changes “{guardrail}” by {change}.",
        arm=arm,
        guardrail=guardrail,
        change=_change(mean, low, high, relative),
    )


def _units_moved(n: int, unit: str) -> str:
    if unit == "server":
        return ngettext(
            "{n} server saw two variants, because you changed the experiment while it was "
            "running. I only count what happened with that server's first one.",
            "{n} servers saw two variants, because you changed the experiment while it was "
            "running. I only count what happened with each server's first one.",
            n,
        )
    return ngettext(
        "{n} person saw two variants, because you changed the experiment while it was running. I "
        "only count what they did with their first one.",
        "{n} people saw two variants, because you changed the experiment while it was running. I "
        "only count what they did with their first one.",
        n,
    )


def _change(mean: float, low: float, high: float, relative: bool) -> str:
    """Returns a difference with its interval, such as "+12.0% (+3.0% to +22.0%)".

    relative: True if the figures are shares.
    """
    return _(
        "{mean} (probably between {low} and {high})",
        mean=_signed(mean, relative),
        low=_signed(low, relative),
        high=_signed(high, relative),
    )


def _signed(value: float, relative: bool) -> str:
    text = exact_percent(value) if relative else number(value)
    return f"+{text}" if value > 0 else text


def _experiment_running(start: datetime | None, until: datetime | None) -> str:
    if start is None:
        if until is None:
            return _("running")
        return _("running until {instant}", instant=moment(until))
    if until is None:
        return _("running since {instant}", instant=moment(start))
    return _("running since {instant}, until {until}", instant=moment(start), until=moment(until))


def _experiment_begins(at: datetime) -> str:
    return _("starts {instant}", instant=moment(at))


def _experiment_ended(at: datetime) -> str:
    return _("ended {instant}", instant=moment(at))


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "arm-better": _arm_better,
    "arm-too-small": _arm_too_small,
    "arm-worse": _arm_worse,
    "experiment-begins": _experiment_begins,
    "experiment-ended": _experiment_ended,
    "experiment-over": N_("The experiment is over."),
    "experiment-running": _experiment_running,
    "first-arm-wins": _first_arm_wins,
    "guardrail-broken": _guardrail_broken,
    "no-difference-yet": _no_difference_yet,
    "no-winner-yet": _no_winner_yet,
    "sample-ratio-mismatch": _mismatch,
    "second-arm-wins": _second_arm_wins,
    "units-moved": _units_moved,
}
"""What an experiment has found, a line each, by the note's key."""
