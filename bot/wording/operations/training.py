"""Says how fits (trainings of the model) went, and how good the versions of the model are."""

from collections.abc import Sequence

from bot.services.training.fit_record import LearnedContext
from bot.wording.operations.units import exact_percent, since
from bot.wording.speech import N_, Sentence, _, listed, ngettext, number, percent, translated

STATES = {"serves": N_("in use"), "held": N_("not used"), "kept": N_("kept")}
"""State of a version -> the word for it."""

RANKERS = {
    "live": N_("the model in use"),
    "popularity": N_("popularity alone"),
    "tags alone": N_("tags alone"),
}
"""What a new model was compared with -> its name."""

STAGES = {
    "reading": N_("Reading"),
    "searching": N_("Looking for better settings"),
    "fitting-to-judge": N_("Training a model to test"),
    "judging": N_("Testing"),
    "fitting": N_("Training"),
    "sanity": N_("Checking that the picks make sense"),
    "judging-tastes": N_("Testing tastes"),
    "learning-stars": N_("Learning to predict stars"),
    "writing": N_("Saving"),
}
"""Stage of a fit -> its name while it lasts."""

LEVELS = {
    "everyone × daypart": N_("the time of day for everyone"),
    "everyone × day": N_("the day of the week for everyone"),
    "everyone × moment": N_("the time and day combined for everyone"),
    "mood × always": N_("each mood"),
    "mood × daypart": N_("the time of day for each mood"),
    "server × daypart": N_("the time of day for each server"),
    "server × day": N_("the day of the week for each server"),
    "person × daypart": N_("the time of day for each person"),
    "person × day": N_("the day of the week for each person"),
}
"""Level at which effects of time and mood are learned -> its name."""


def state(name: str) -> str:
    """Returns the word for the state of a version."""
    return translated(STATES[name])


def stage(key: str) -> str:
    """Returns the name of a stage of a fit. A stage of an earlier version has its name as key."""
    return translated(STAGES[key]) if key in STAGES else key


def last_fit(end: str, begun: str, why: str | None) -> str:
    """Returns how the last fit of a model ended.

    end: its end, one of `End` in bot/services/training/last_fit.py.
    begun: when it began, in words.
    why: the reason in a sentence; None if there is nothing to say.
    """
    if end == "running":
        what = _("I'm training a new model. I started {begun}.", begun=begun)
    elif end == "promoted":
        what = _("I last started training {begun}, and I'm using the new model now.", begun=begun)
    elif end == "held":
        what = _("I last started training {begun}, but I'm not using the new model.", begun=begun)
    elif end == "failed":
        what = _("I last started training {begun}, but it failed.", begun=begun)
    elif end == "stopped":
        what = _("I last started training {begun}, but I had to stop early.", begun=begun)
    else:
        what = _("I last started training {begun}, but I didn't get to finish.", begun=begun)
    return what if why is None else f"{what} {why}"


def learned(context: LearnedContext) -> str:
    """Returns what a fit learned about time and mood."""
    if not context.events:
        return _(
            "I don't know yet whether time, day and mood matter, because nobody's responded to a "
            "pick so far."
        )
    if not context.strength:
        return ngettext(
            "Time, day and mood don't seem to matter in the {n} pick that people have "
            "responded to, so I ignore all three.",
            "Time, day and mood don't seem to matter in the {n} picks that people have "
            "responded to, so I ignore all three.",
            context.events,
        )
    levels = dict.fromkeys(support.level for support in context.supports)
    return ngettext(
        "Time, day and mood: I've learned from how people responded to {n} pick, and I count "
        "that at {strength} of its full weight. It covers {levels}.",
        "Time, day and mood: I've learned from how people responded to {n} picks, and I count "
        "that at {strength} of its full weight. It covers {levels}.",
        context.events,
        strength=percent(context.strength),
        levels=listed(translated(LEVELS.get(level, level)) for level in levels),
    )


def ratings_by_people(ratings: int, people: int) -> str:
    """Returns how many ratings there are and of how many people."""
    return _(
        "{ratings} from {raters}",
        ratings=ngettext("{n} rating", "{n} ratings", ratings),
        raters=ngettext("{n} person", "{n} people", people),
    )


def _last_fit(end: str, timestamp: int, why: str | None) -> str:
    return last_fit(end, since(timestamp), why)


def _older_models(n: int) -> str:
    return ngettext(
        "-# There's {n} older version too. Run `matinee models` to see them all.",
        "-# There are {n} older versions too. Run `matinee models` to see them all.",
        n,
    )


def _model_version(state: str, version: str, ratings: int, people: int, seconds: float) -> str:
    return _(
        "`{version}` · **{state}** · {ratings} · {seconds} s",
        version=version,
        state=translated(STATES[state]),
        ratings=ratings_by_people(ratings, people),
        seconds=number(round(seconds)),
    )


def _model_judged(
    ndcg: float,
    others: Sequence[str],
    coverage: float,
    novelty: float,
    error: float,
    order: float,
) -> str:
    return _(
        "-# nDCG@10 {ndcg} ({rivals}) · coverage {coverage} · novelty {novelty} · calibration "
        "error {calibration} · ranking by stars {order}",
        ndcg=number(ndcg, 4),
        rivals=listed(others),
        coverage=exact_percent(coverage),
        novelty=number(novelty, 1),
        calibration=number(error, 2),
        order=number(order, 3),
    )


def _figure_of(ranker: str, figure: float) -> str:
    """Returns the figure of a model that a new one was compared with, in brackets after its own."""
    return _("{figure} for {ranker}", ranker=ranker_name(ranker), figure=number(figure, 4))


def _share_of(ranker: str, share: float) -> str:
    """Returns the share of another model, in brackets after that of a new one."""
    return _("{share} for {ranker}", ranker=ranker_name(ranker), share=exact_percent(share))


def ranker_name(name: str) -> str:
    """Returns the name of what a new model was compared with."""
    return translated(RANKERS.get(name, name))


def _tastes_judged(share: float, others: Sequence[str]) -> str:
    if not others:
        return _(
            "-# {share} of this model's picks suit people with a narrow taste",
            share=exact_percent(share),
        )
    return _(
        "-# {share} of this model's picks suit people with a narrow taste ({rivals})",
        share=exact_percent(share),
        rivals=listed(others),
    )


def _fit_killed(signal: str, last: str | None) -> str:
    if last is None:
        return _(
            "Something stopped the training before it was done ({signal}). To try again, run "
            "`matinee train`.",
            signal=signal,
        )
    return _(
        "Something stopped the training before it was done ({signal}). The last message was "
        "“{last_line}”. To try again, run `matinee train`.",
        signal=signal,
        last_line=last,
    )


def _fit_ended_early(status: int, last: str | None) -> str:
    if last is None:
        return _(
            "The training ended before it was done (exit status {status}). To try again, run "
            "`matinee train`.",
            status=status,
        )
    return _(
        "The training ended before it was done (exit status {status}). The last message was "
        "“{last_line}”. To try again, run `matinee train`.",
        status=status,
        last_line=last,
    )


def _several_versions(typed: str, n: int) -> str:
    return _("{count} versions start with “{typed}”. Type more of the name.", count=n, typed=typed)


REFUSALS: dict[str, Sentence] = {
    "fit-already-running": N_("I'm already training a model on this data. Wait until I'm done."),
    "fit-ended-early": _fit_ended_early,
    "fit-files-failed": N_(
        "I couldn't finish training ({cause}). Check the disk's free space and permissions."
    ),
    "fit-killed": _fit_killed,
    "fit-out-of-memory": N_(
        "I ran out of memory while training. Close some other programs, or give me more memory."
    ),
    "new-model-unreadable": N_("I trained a new model, but now I can't open it. {problem}"),
    "no-older-version": N_(
        "There's no older version to go back to, because I've only ever used this one. To "
        "get a new one, run `matinee train`."
    ),
    "no-such-version": N_(
        "There's no version called “{typed}”. Run `matinee models` to see the ones I have."
    ),
    "several-versions": _several_versions,
    "version-just-removed": N_(
        "I don't have {version} any more. Run `matinee models` to see the ones I still have."
    ),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "figure-of": _figure_of,
    "fit-begins-anew": N_(
        "The training ended before it was done. I'll start over the next time I train."
    ),
    "fit-begins-anew-at-start": N_(
        "Somebody stopped me while I was training. When you start me again, I'll train "
        "from the beginning."
    ),
    "last-fit": _last_fit,
    "model-judged": _model_judged,
    "model-version": _model_version,
    "models-heading": N_("**Models**"),
    "older-models": _older_models,
    "share-of": _share_of,
    "small-print": N_("-# {text}"),
    "tastes-judged": _tastes_judged,
    "unfitted-model-in-use": N_(
        "I'm using `{version}`, which hasn't learned from any ratings yet."
    ),
    "unforeseen-in-fit": N_("Something unexpected went wrong ({error}). Check my log for details."),
}
"""A line of `/lab models` or of the log, by the note's key."""
