"""Compares a newly fitted model with the one that answers now, and decides which may answer.

`recommender.evaluation.acceptance` has the measures. This module reads the live model and the
record of its fit.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services.training.fit_messages import FitJob
from bot.services.training.fit_record import (
    FitRecord,
    RecordedGain,
    RecordedJudgement,
    RecordedTastes,
)
from bot.services.training.stage_timer import StageTimer
from recommender.content.remembered import remembering
from recommender.data import Catalogue
from recommender.errors import ArtifactError
from recommender.evaluation.acceptance import judgement, sanity
from recommender.evaluation.acceptance.facts_order import facts_order
from recommender.evaluation.acceptance.held_out import HeldOut
from recommender.evaluation.acceptance.judgement import Gain, Judgement
from recommender.evaluation.acceptance.tastes import (
    TasteJudgement,
    judge_tastes,
    measure_judged,
)
from recommender.evaluation.acceptance.verdict import Verdict, decide
from recommender.evaluation.ranking.candidates import ServedRanker
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import artifacts, fit
from storage.registry import ModelVersion


@dataclass(frozen=True)
class Departures:
    """The people whose ratings are no longer used, because they deleted their data or opted out.

    Attributes:
        erasures: how many people have ever had their data deleted.
        opted_out: for each person who opted out (whose ratings may not shape other people's picks),
            when they did, UTC.
    """

    erasures: int
    opted_out: tuple[datetime, ...]

    def since(self, version: ModelVersion, record: FitRecord) -> int:
        """Returns how many people deleted their data or opted out since a version was fitted.

        record: the record of that version's fit.
        """
        opted_out = sum(at > version.trained_at for at in self.opted_out)
        return opted_out + max(self.erasures - record.erasures, 0)


def judge(
    job: FitJob,
    model: Recommender,
    judged: Judgement | None,
    served: ModelVersion | None,
    left: Departures,
    timer: StageTimer,
) -> tuple[Verdict, RecordedTastes | None]:
    """Returns the decision about a new model, and a record of its test on narrow tastes.

    The record is None if the model fails a sanity query, because no further test is made then.

    job: what was fitted.
    model: the new model.
    judged: its comparison, on held-out ratings, with the live model (which answers requests now);
        None if there are too few ratings. served: the live version; None if no fitted model is
        live.
    left: the people whose ratings are no longer used, because they deleted their data or opted out.
    timer: measures how long the decision takes.
    """
    live = None if served is None else read_model(job, served, model.catalogue)
    before = None if served is None else FitRecord.from_json(served.metrics)
    must_go = before is not None and before.erasures < left.erasures
    leads, people = _leads(before), 0
    if served is not None and before is not None and before.judged is not None:
        people = max(before.judged.people - left.since(served, before), 0)
    with timer.stage("sanity"):
        broken = sanity.failures(model)
        if broken and live is not None:
            old = sanity.failures(live)
            broken = {name: problem for name, problem in broken.items() if name not in old}
    if broken:
        return decide(judged, leads, broken, must_go), None
    with timer.stage("judging-tastes"):
        tastes = _judge_tastes(job, model, live)
    return decide(judged, leads, {}, must_go, tastes, people), _recorded(tastes)


def _judge_tastes(
    job: FitJob, model: Recommender, live: Recommender | None
) -> TasteJudgement | None:
    """Compares how well models recommend films of narrow tastes; returns the result.

    The new model is compared with the live model and with a model of tags alone. A model that
    learned from no rating is the latter, and is not measured again. Returns None if too few films
    of the catalogue have the tags of such tastes.

    job: what was fitted.
    model: the new model.
    live: the live model, which answers requests now; None if no fitted model is live.
    """
    tags_alone = fit.fit(model.catalogue, None, Config(), job.seed, job.now)
    facts = remembering(tags_alone.ranking.content)
    by_tags = measure_judged(tags_alone, job.seed, facts)
    same = not model.ratings and model.config == tags_alone.config
    by_model = by_tags if same else measure_judged(model, job.seed, facts)
    if by_tags is None or by_model is None:
        return None
    by_live = None if live is None else measure_judged(live, job.seed, facts)
    return judge_tastes(by_model, by_live, by_tags)


def judge_held_out(
    job: FitJob,
    held: HeldOut,
    catalogue: Catalogue,
    config: Config,
    served: ModelVersion | None,
    timer: StageTimer,
) -> Judgement:
    """Compares a new model with the live one (which answers requests now) on the held-out ratings.

    held: the held-out ratings, and those to fit on.
    config: the settings of the new model.
    served: the live version; None if no version is live.
    timer: measures how long it takes.
    """
    with timer.stage("fitting-to-judge"):
        new = fit.fit(catalogue, held.train, config, job.seed, job.now, timer.progress)
        opponent = _opponent(job, held, catalogue, config, served, timer)
    with timer.stage("judging"):
        new_scores = judgement.score_ranker(ServedRanker(new), held, catalogue)
        live_scores = None
        if opponent is not None:
            live_scores = judgement.score_ranker(ServedRanker(opponent), held, catalogue)
        popularity = judgement.score_ranker(judgement.popularity_ranker(held), held, catalogue)
        facts = facts_order(new.ranking.content, held, job.seed)
    return judgement.compare(new_scores, live_scores, popularity, held, facts)


def _opponent(
    job: FitJob,
    held: HeldOut,
    catalogue: Catalogue,
    config: Config,
    served: ModelVersion | None,
    timer: StageTimer,
) -> Recommender | None:
    """Returns the model to compare the new one with; None if both would be the same.

    It is the live model (which answers requests now) if the held-out ratings are newer than that
    model. Otherwise the live model was fitted on these ratings, so a model with its settings is
    fitted without them. If no fitted model is live, it is the model that needs no ratings.

    held: the held-out ratings, and those to fit on.
    config: the settings of the new model.
    served: the live version; None if no version is live.
    """
    if served is None or (live := read_model(job, served, catalogue)) is None:
        return fit.fit(catalogue, None, Config(), job.seed, job.now)  # what answers before any fit
    if held.kind == "since":
        return live
    if live.config == config:
        return None
    return fit.fit(catalogue, held.train, live.config, job.seed, job.now, timer.progress)


def read_model(job: FitJob, version: ModelVersion, catalogue: Catalogue) -> Recommender | None:
    """Returns the model of a version; None if it cannot be read.

    job: names the folder of models.
    catalogue: the films that the model is joined with.
    """
    try:
        return artifacts.read(job.models / version.path, catalogue)
    except ArtifactError:
        return None


def is_whole(job: FitJob, version: ModelVersion) -> bool:
    """True if all files of a model version exist and are undamaged.

    job: names the folder of models.
    """
    try:
        artifacts.check(job.models / version.path)
    except ArtifactError:
        return False
    return True


def recorded_judgement(judged: Judgement | None) -> RecordedJudgement | None:
    """Returns a comparison on held-out ratings in the form in which a fit's record stores it."""
    if judged is None:
        return None
    leads, gains = (
        {name: RecordedGain(gain.mean, gain.error) for name, gain in found.items()}
        for found in (judged.leads, judged.gains)
    )
    return RecordedJudgement(judged.people, judged.figures, leads, gains, judged.kind)


def _recorded(found: TasteJudgement | None) -> RecordedTastes:
    """Returns the comparison on narrow tastes in the form in which a fit's record stores it.

    found: the comparison; None if it was not made. The record then has 0 people.
    """
    if found is None:
        return RecordedTastes()
    others = {name: compared.other for name, compared in found.against.items()}
    worse = {
        name: tuple(taste.name for taste in compared.worse)
        for name, compared in found.against.items()
    }
    return RecordedTastes(found.people, {"new": found.share} | others, worse)


def _leads(before: FitRecord | None) -> dict[str, Gain] | None:
    """Returns by how much the live model (which answers requests now) beat popularity and chance.

    None if unknown.

    before: the record of that version's fit; None if no fitted version is live.
    """
    if before is None or before.judged is None or before.judged.leads is None:
        return None
    return {name: Gain(lead.mean, lead.error) for name, lead in before.judged.leads.items()}
