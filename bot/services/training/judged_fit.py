"""One fit of the model, with a comparison of the new model and the one that answers now.

The live model is the one that answers requests now. Some ratings are held out, also from the search
for settings. A model is fitted on the rest and compared with the live model on the held-out
ratings. Then the new model is fitted again, on all ratings, and written to the folder of models. It
may answer requests only if it was no worse than the live model in the comparison. In addition, it
must recommend films of narrow tastes at least as well as the live model, and as a model of tags
alone.
"""

import contextlib
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from bot.services.catalogue import arrays
from bot.services.notes import note, of_error, to_text
from bot.services.serving import evidence
from bot.services.serving.evidence import Evidence
from bot.services.training.fit_messages import FitJob, FitResult
from bot.services.training.fit_record import FitRecord, LearnedContext, SettingsSearch
from bot.services.training.judging import (
    Departures,
    is_whole,
    judge,
    judge_held_out,
    recorded_judgement,
)
from bot.services.training.stage_timer import StageTimer
from recommender.data import Catalogue, Interactions, join
from recommender.datasets.corpus import read_corpus
from recommender.errors import ArtifactError
from recommender.evaluation.acceptance import held_out
from recommender.evaluation.acceptance.held_out import HeldOut
from recommender.hybrid.tuning import with_searched
from recommender.models.stars import StarModel
from recommender.pipeline.recommender import Config, Recommender
from recommender.training import artifacts, fit
from recommender.training.served_stars import fit_served_stars
from storage.catalogue.films import Film, Tag
from storage.feedback.ratings import RatingRow
from storage.registry import ModelVersion

log = logging.getLogger(__name__)

SEARCH_INTERVAL = timedelta(days=7)
SEARCH_GROWTH_FACTOR = 2.0
"""A search for settings is due early if the number of ratings has grown by this factor since the
last one.
"""


@dataclass(frozen=True)
class FitInput:
    """What a fit reads from the database, in one transaction.

    Attributes:
        films: the films to fit on.
        tags: the vocabulary of tags.
        rows: the ratings, without those of people who opted out (whose ratings may not shape other
            people's picks).
        versions: the versions that were fitted before, newest first.
        erasures: how many people have had their data deleted.
        opted_out: for each person who opted out, when they did, UTC.
        evidence: what was shown, and what people did about it.
    """

    films: tuple[Film, ...]
    tags: tuple[Tag, ...]
    rows: tuple[RatingRow, ...]
    versions: tuple[ModelVersion, ...]
    erasures: int
    opted_out: tuple[datetime, ...]
    evidence: Evidence


def fit_and_judge(job: FitJob, found: FitInput, timer: StageTimer) -> FitResult:
    """Fits a model, compares it with the one that answers requests now, and writes its files.

    Returns the new version's name, folder and record, for the caller to store in the database.

    job: what to fit, and the folder for the files.
    found: what was read from the database.
    timer: measures and reports how long each stage takes.
    """
    with timer.stage("reading"):
        catalogue = arrays.catalogue(found.films, found.tags)
        live = arrays.ratings(found.rows, catalogue.films)
        everyone = all_ratings(live, read_corpus(job.corpus), catalogue)
        served = next((one for one in found.versions if one.version == job.serving), None)
        live_at = served.trained_at.timestamp() if served and is_whole(job, served) else None
        held = held_out.select_held_out(everyone, live_at, job.seed)
    config, searched = _settings(job, found.versions, everyone, held, catalogue, timer)
    judged = None
    if held is not None:
        judged = judge_held_out(job, held, catalogue, config, served, timer)
    with timer.stage("fitting"):
        events = evidence.context_events(found.evidence, catalogue.films)
        model = fit.fit(catalogue, everyone, config, job.seed, job.now, timer.progress, events)
    left = Departures(found.erasures, found.opted_out)
    verdict, tastes = judge(job, model, judged, served, left, timer)
    with timer.stage("learning-stars"):
        model = replace(model, stars=_stars(job, catalogue, everyone, timer))
    record = FitRecord(
        ratings=model.ratings,
        live_ratings=len(live),
        people=model.people,
        films=len(catalogue),
        erasures=found.erasures,
        searched=searched,
        lift=_learned_context(model),
        judged=recorded_judgement(judged),
        tastes=tastes,
        against=None if served is None else served.version,
        promote=verdict.promote,
        retire=verdict.retire,
        why=to_text(note("verdict", reasons=[of_error(each) for each in verdict.why])),
        seconds=timer.seconds,
    )
    with timer.stage("writing"):
        path = artifacts.write(model, job.models, record.to_json())
    return FitResult(model.version, path.name, record)


def _stars(
    job: FitJob, catalogue: Catalogue, everyone: Interactions, timer: StageTimer
) -> StarModel | None:
    """Returns the model that predicts stars; None if it cannot be fitted.

    The version is then written without this model, because recommendations do not need predicted
    stars.
    """
    try:
        return fit_served_stars(catalogue, everyone, job.seed, timer.progress)
    except np.linalg.LinAlgError as error:
        log.warning("stars cannot be predicted by this model: %s", error)
        return None


def _learned_context(model: Recommender) -> LearnedContext:
    """Returns what the model learned about the effects of time and mood on what people choose.

    Effects are in log-odds, the evidence for them in nats.
    """
    lift = model.lift
    supports = tuple(support for support in lift.supports if support.spread > 0)
    return LearnedContext(lift.events, lift.strength, supports)


def all_ratings(live: Interactions, corpus: Interactions, catalogue: Catalogue) -> Interactions:
    """Returns the bot's own ratings (`live`) and the imported ones (`corpus`).

    Only ratings of the catalogue's films are returned. If a person rated a film more than once, the
    newest rating counts.
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

    Settings that a search found are taken from the newest version that can be read. All other
    settings are the defaults of this version of Matinee. A search runs once a week, or when the
    number of ratings has doubled. The first fit uses the defaults without a search, so that a new
    installation does not have to wait.

    versions: the versions fitted before, newest first.
    everyone: all ratings.
    held: the held-out ratings; None if there are too few ratings, and then there is no search.
    """
    before = _newest_readable(job, versions)
    if before is None:
        config, last, due = Config(), None, False
    else:
        version, former = before
        config = Config()
        config = replace(config, ranking=with_searched(config.ranking, former.ranking))
        last = FitRecord.from_json(version.metrics).searched
        due = _search_due(last, len(everyone), job.now)
    if held is None or not (job.search or due):
        return config, last
    with timer.stage("searching"):
        config = fit.tuned_config(catalogue, held.train, config, job.seed, timer.progress)
    return config, SettingsSearch(job.now, len(everyone))


def _search_due(last: SettingsSearch | None, ratings: int, now: datetime) -> bool:
    """True if the last search is too old, or the ratings have grown enough since."""
    if last is None or last.at.tzinfo is None:
        return True
    return now - last.at >= SEARCH_INTERVAL or ratings >= SEARCH_GROWTH_FACTOR * last.ratings


def _newest_readable(
    job: FitJob, versions: tuple[ModelVersion, ...]
) -> tuple[ModelVersion, Config] | None:
    """Returns the newest version whose settings can be read, and the settings; None without one.

    versions: the versions fitted before, newest first.
    """
    for version in versions:
        with contextlib.suppress(ArtifactError):
            return version, artifacts.config(job.models / version.path)
    return None
