"""The figures of the cold-start study as a report that compares ways of asking newcomers."""

from recommender.evaluation.cold_start.measure import Checkpoint, ColdStarts, Looks
from recommender.evaluation.cold_start.newcomers import FILMS_PER_SCREEN, QUESTIONS, SCREENS
from recommender.evaluation.cold_start.strategies import CHOSEN, COMPARED, SERVING
from recommender.evaluation.significance import Estimate, estimate
from recommender.reports import plots
from recommender.reports.report import Report, Section, Table


def coldstart_report(found: ColdStarts) -> Report:
    """Returns a report that compares ways of choosing which films to ask a newcomer about.

    The report has nDCG@10 after questions about one film each, and after screens of several films.
    It also has the number of answers given, and what each way gains over `COMPARED`, with
    intervals.
    """
    lead = (
        f"{found.data}: {found.people} people whom no model has seen, over {found.draws} "
        f"draw{'' if found.draws == 1 else 's'}. nDCG@10 on three tenths of their ratings; every "
        "way of asking is ranked by the model that serves. A film they have not seen counts as a "
        f"question. “{SERVING}” is how the bot asks, “{CHOSEN}” the same where nothing hears of "
        "what is left out on a screen."
    )
    names = list(found.strategies)
    curves = {
        name: [estimate(found.strategies[name].questions[at].ndcg).mean for at in QUESTIONS]
        for name in names
    }
    singles = Section(
        "Single questions",
        "nDCG@10 after so many questions, asked one after the other.",
        Table(
            ("asking", *(str(at) for at in QUESTIONS)),
            tuple((name, *(f"{value:.3f}" for value in curves[name])) for name in names),
        ),
        (plots.lines("nDCG@10 by questions asked", "questions", list(QUESTIONS), curves),),
    )
    screens = Section(
        f"Screens of {FILMS_PER_SCREEN}",
        "nDCG@10 after so many screens, on which what is loved and what is disliked is chosen; "
        "what is left out is no answer, and at most turns the next screen elsewhere.",
        Table(
            ("asking", *(str(at) for at in SCREENS)),
            tuple(
                (name, *(_mean(found.strategies[name].screens[at]) for at in SCREENS))
                for name in names
            ),
        ),
    )
    answers = Section(
        "Answers given",
        "Films that a person could tell something about, by questions and by screens.",
        Table(
            ("asking", *(str(at) for at in QUESTIONS), *(f"{at} screens" for at in SCREENS)),
            tuple((name, *_answers(found, name)) for name in names),
        ),
    )
    return Report(
        f"The cold start on {found.data}", lead, (singles, screens, answers, *_gains(found))
    )


def _gains(found: ColdStarts) -> list[Section]:
    others = [name for name in found.strategies if name != COMPARED]
    sections = []
    if others:
        rows = tuple(
            (name, *(_interval(found.gain(name, at)) for at in QUESTIONS[1:])) for name in others
        )
        sections.append(
            Section(
                f"Gain over asking {COMPARED} films",
                "The same model, the same people: mean difference and 95% interval.",
                Table(("asking", *(str(at) for at in QUESTIONS[1:])), rows),
            )
        )
    if SERVING in found.strategies:
        gain = found.screens_over_questions(SERVING, 2, 30)
        sections.append(
            Section(
                "Screens against single questions",
                "Two screens above thirty single questions, both as the bot asks: "
                f"{_interval(gain)}.",
                Table(("compared", "gain"), (("2 screens − 30 questions", _interval(gain)),)),
            )
        )
    if found.looks is not None:
        sections.append(_looks(found.looks))
    return sections


def _looks(looks: Looks) -> Section:
    arms = (("without", looks.without), ("with", looks.heard))
    rows = [
        (name, *(f"{estimate(arm[at].ndcg).mean:.3f}" for at in QUESTIONS)) for name, arm in arms
    ]
    rows.append(("gain", *(_interval(looks.gain(at)) for at in QUESTIONS)))
    return Section(
        "Looks good, not for me",
        "The newcomers also say whether a film that they have not seen looks good. They can say so "
        "about half of their held-out films, and lists are judged by the other half. What they say "
        "is the difference of their stars from their mean, with a noise of one star.",
        Table(("looks", *(str(at) for at in QUESTIONS)), tuple(rows)),
    )


def _answers(found: ColdStarts, name: str) -> list[str]:
    one = found.strategies[name]
    checkpoints = [*(one.questions[at] for at in QUESTIONS), *(one.screens[at] for at in SCREENS)]
    return [f"{estimate(each.answers).mean:.1f}" for each in checkpoints]


def _mean(one: Checkpoint) -> str:
    return f"{estimate(one.ndcg).mean:.3f}"


def _interval(found: Estimate) -> str:
    return f"{found.mean:+.3f} ({found.low:+.3f} to {found.high:+.3f})"
