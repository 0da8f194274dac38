"""One fit of the model, with a comparison of the new model and the one that answers now.

Some ratings are held out. A new model is fitted on the rest, and it may answer requests only if it
predicts the held-out ratings no worse than the live model does. The search for settings does not
see these ratings. Then the new model is fitted again, on all ratings, and written to the folder of
models.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.services.catalogue import arrays
from bot.services.serving import evidence
from bot.services.serving.evidence import Evidence
from bot.services.training.fit_messages import FitJob, FitResult, StageProgress
from bot.services.training.fit_record import (
    FitRecord,
    LearnedContext,
    RecordedJudgement,
    SettingsSearch,
)
from recommender.data import Catalogue, Interactions, join
from recommender.datasets.corpus import read_corpus
from recommender.errors import ArtifactError
from recommender.evaluation.acceptance import held_out, judgement, sanity
from recommender.evaluation.acceptance.held_out import HeldOut
from recommender.evaluation.acceptance.judgement import Gain, Judgement
from recommender.evaluation.acceptance.verdict import decide
from recommender.evaluation.ranking.candidates import ServedRanker
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import artifacts, fit
from storage.catalogue.films import Film, Tag
from storage.feedback.ratings import RatingRow
from storage.registry import ModelVersion

SEARCH_INTERVAL = timedelta(days=7)
SEARCH_GROWTH_FACTOR = 2.0
"""A search for settings is due early if the number of ratings has grown by this factor since."""
PROGRESS_SECONDS = 0.2  # between two reports of progress within a stage


@dataclass(frozen=True)
class FitInput:
    """What a fit reads from the database, in one transaction.

    Attributes:
        films: the films to fit on.
        tags: the vocabulary of tags.
        rows: the ratings, without those of people who opted out of shaping others' picks.
        versions: the versions that were fitted before, newest first.
        erasures: how many people have had their data deleted.
        evidence: what was shown, and what people did about it.
    """

    films: tuple[Film, ...]
    tags: tuple[Tag, ...]
    rows: tuple[RatingRow, ...]
    versions: tuple[ModelVersion, ...]
    erasures: int
    evidence: Evidence


@dataclass
class StageTimer:
    """Times the stages of a fit and reports their progress.

    Attributes:
        send: is called with each report of progress.
        seconds: stage -> how long it took, seconds.
    """

    send: Callable[[StageProgress], None]
    seconds: dict[str, float] = field(default_factory=dict)
    _stage: str = ""
    _sent_at: float = 0.0

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Times the block as the stage `name` of the fit."""
        self._stage = name
        self.send(StageProgress(name))
        began = time.monotonic()
        try:
            yield
        finally:
            taken = time.monotonic() - began
            self.seconds[name] = round(self.seconds.get(name, 0.0) + taken, 3)

    def progress(self, done: int, total: int) -> None:
        """Reports how many steps of the stage are done, at most a few times a second."""
        if time.monotonic() - self._sent_at > PROGRESS_SECONDS or done == total:
            self._sent_at = time.monotonic()
            self.send(StageProgress(self._stage, done, total))


def fit_and_judge(job: FitJob, found: FitInput, timer: StageTimer) -> FitResult:
    """Does one fit, as the module describes it. Writes the model's files into `job.models`.

    Returns the new version's name, folder and record, for the caller to store in the database.
    """
    with timer.stage("Reading"):
        catalogue = arrays.catalogue(found.films, found.tags)
        live = arrays.ratings(found.rows, catalogue.films)
        everyone = all_ratings(live, read_corpus(job.corpus), catalogue)
        served = next((one for one in found.versions if one.version == job.serving), None)
        live_at = served.trained_at.timestamp() if served and _whole(job, served) else None
        held = held_out.select_held_out(everyone, live_at, job.seed)
    config, searched = _settings(job, found.versions, everyone, held, catalogue, timer)
    judged = None
    if held is not None:
        judged = _judge(job, held, catalogue, config, served, timer)
    with timer.stage("Fitting"):
        events = evidence.context_events(found.evidence, catalogue.films)
        model = fit.fit(catalogue, everyone, config, job.seed, job.now, timer.progress, events)
    with timer.stage("Sanity"):
        broken = sanity.failures(model)
        if broken and served is not None and (old := _read(job, served, catalogue)) is not None:
            broken = {k: v for k, v in broken.items() if k not in sanity.failures(old)}
    before = None if served is None else FitRecord.from_json(served.metrics)
    must_go = before is not None and before.erasures < found.erasures
    verdict = decide(judged, _leads(before), broken, must_go)
    record = FitRecord(
        ratings=model.ratings,
        live_ratings=len(live),
        people=model.people,
        films=len(catalogue),
        erasures=found.erasures,
        searched=searched,
        lift=_learned_context(model),
        judged=None if judged is None else _JUDGEMENT.validate_python(asdict(judged)),
        against=None if served is None else served.version,
        promote=verdict.promote,
        retire=verdict.retire,
        why=verdict.why,
        seconds=timer.seconds,
    )
    with timer.stage("Writing"):
        path = artifacts.write(model, job.models, record.to_json())
    return FitResult(model.version, path.name, record)


_JUDGEMENT = TypeAdapter(RecordedJudgement)


def _learned_context(model: Recommender) -> LearnedContext:
    """Returns what the model learned about time and mood: effects in log-odds, evidence in nats."""
    lift = model.lift
    supports = tuple(support for support in lift.supports if support.spread > 0)
    return LearnedContext(lift.events, lift.strength, supports)


def all_ratings(live: Interactions, corpus: Interactions, catalogue: Catalogue) -> Interactions:
    """Returns the bot's own ratings (`live`) and the corpus, for the catalogue's films only.

    If a person rated a film more than once, the newest rating counts.
    """
    both = join(live, corpus)
    rows = catalogue.films.rows(both.films.ids_array)[both.film]
    known = rows >= 0
    return Interactions(
        both.people,
        catalogue.films,
        both.person[known],
        rows[known].astype(both.film.dtype),
        both.stars[known],
        both.when[known],
    ).newest()


def _settings(
    job: FitJob,
    versions: tuple[ModelVersion, ...],
    everyone: Interactions,
    held: HeldOut | None,
    catalogue: Catalogue,
    timer: StageTimer,
) -> tuple[Config, SettingsSearch | None]:
    """Returns the settings to fit with, and when they were last searched for.

    The settings are those of the newest version that can be read. A search for better ones runs
    once a week, or when the number of ratings has doubled. The first fit takes the default
    settings, so that a new installation need not wait. held: the held-out ratings; None if there
    are too few ratings, and then there is no search.
    """
    before = _newest_readable(job, versions)
    if before is None:
        config, last, due = Config(), None, False
    else:
        version, config = before
        last = FitRecord.from_json(version.metrics).searched
        due = _search_due(last, len(everyone), job.now)
    if held is None or not (job.search or due):
        return config, last
    with timer.stage("Searching"):
        config = fit.tuned_config(catalogue, held.train, config, job.seed, timer.progress)
    return config, SettingsSearch(job.now, len(everyone))


def _search_due(last: SettingsSearch | None, ratings: int, now: datetime) -> bool:
    """True if the last search is too old, or the ratings have grown enough since."""
    if last is None or last.at.tzinfo is None:
        return True
    return now - last.at >= SEARCH_INTERVAL or ratings >= SEARCH_GROWTH_FACTOR * last.ratings


def _judge(
    job: FitJob,
    held: HeldOut,
    catalogue: Catalogue,
    config: Config,
    served: ModelVersion | None,
    timer: StageTimer,
) -> Judgement:
    """Compares a new model, fitted with `config`, with the live one (`served`; None if none is)."""
    with timer.stage("Fitting to judge"):
        new = fit.fit(catalogue, held.train, config, job.seed, job.now, timer.progress)
        opponent = _opponent(job, held, catalogue, config, served, timer)
    with timer.stage("Judging"):
        new_scores = judgement.score_ranker(ServedRanker(new), held, catalogue)
        live_scores = None
        if opponent is not None:
            live_scores = judgement.score_ranker(ServedRanker(opponent), held, catalogue)
        popularity = judgement.score_ranker(judgement.popularity_ranker(held), held, catalogue)
    return judgement.compare(new_scores, live_scores, popularity, held)


def _opponent(
    job: FitJob,
    held: HeldOut,
    catalogue: Catalogue,
    config: Config,
    served: ModelVersion | None,
    timer: StageTimer,
) -> Recommender | None:
    """Returns the model to compare the new one with; None if both would be the same.

    It is the live model itself if the held-out ratings are newer than that model. Otherwise the
    live model has seen these ratings, so a model with its settings is fitted without them. If no
    fitted model is live, the opponent is the model that needs no ratings.
    """
    if served is None or (live := _read(job, served, catalogue)) is None:
        return fit.fit(catalogue, None, Config(), job.seed, job.now)  # what answers before any fit
    if held.kind == "since":
        return live
    if live.config == config:
        return None
    return fit.fit(catalogue, held.train, live.config, job.seed, job.now, timer.progress)


def _read(job: FitJob, version: ModelVersion, catalogue: Catalogue) -> Recommender | None:
    """Returns the model of a version; None if it cannot be read."""
    try:
        return artifacts.read(job.models / version.path, catalogue)
    except ArtifactError:
        return None


def _whole(job: FitJob, version: ModelVersion) -> bool:
    """True if the files of a version are there and undamaged."""
    try:
        artifacts.check(job.models / version.path)
    except ArtifactError:
        return False
    return True


def _newest_readable(
    job: FitJob, versions: tuple[ModelVersion, ...]
) -> tuple[ModelVersion, Config] | None:
    """Returns the newest version whose settings can be read, and the settings; None without one."""
    for version in versions:
        with contextlib.suppress(ArtifactError):
            return version, artifacts.config(job.models / version.path)
    return None


def _leads(before: FitRecord | None) -> dict[str, Gain] | None:
    """Returns the live version's gains over popularity and chance; None if unknown.

    before: the record of that version's fit; None if no fitted version is live.
    """
    if before is None or before.judged is None or before.judged.leads is None:
        return None
    return {name: Gain(lead.mean, lead.error) for name, lead in before.judged.leads.items()}
