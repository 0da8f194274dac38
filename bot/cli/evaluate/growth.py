"""`matinee evaluate growth`: lets simulated people fill a server, with a fit every night.

Every night does what a running bot does, except that nothing is stored in a database. The model is
fitted and judged by `fit_and_judge`. It answers requests on the next day only if it was judged good
enough.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from bot.cli.evaluate.files import OutputFiles, not_written
from bot.cli.evaluate.starter import Starter, starter
from bot.cli.evaluate.terminal import print_report, progress_in
from bot.services.notes import Note, from_text
from bot.services.serving.evidence import Evidence
from bot.services.training.fit_messages import FitJob
from bot.services.training.fit_record import FitRecord
from bot.services.training.judged_fit import FitInput, fit_and_judge
from bot.services.training.stage_timer import StageTimer
from bot.wording.errors.said import said
from bot.wording.operations import evaluate as words
from recommender.evaluation.growth.days import BEFORE, NOW, TAGS_ALONE, Day, measure_models
from recommender.evaluation.growth.raters import (
    Rater,
    everybody,
    known_from_elsewhere,
    known_tastes,
)
from recommender.evaluation.growth.report import growth_file, growth_plot, growth_report
from recommender.numeric.progress import StudyProgress
from recommender.pipeline.recommender import Config, Recommender
from recommender.remarks import Remark
from recommender.training import artifacts
from recommender.training.fit import fit
from storage.feedback.ratings import RatingRow
from storage.registry import ModelVersion

START = datetime(2026, 1, 1, tzinfo=UTC)
NIGHT = timedelta(days=1, hours=4)  # from the beginning of a day to the fit after it
FIRST_PEOPLE = 12  # people of the first day


def evaluate(
    days: int,
    people: int,
    seed: int,
    plot: Path | None,
    files: OutputFiles,
    out: Console,
) -> None:
    """Simulates a growing server and prints what its people are shown, day by day.

    people: how many join each day after the first.
    seed: the seed of the simulated people and of the fits.
    plot: the file for the plot as SVG; None for no plot.

    Raises DataError if a file cannot be written.
    """
    files.check()
    OutputFiles(json=plot).check()
    read = starter()
    with Progress(console=out, transient=True) as bar:
        found = tuple(grow(read, days, people, seed, progress_in(bar)))
    tastes = [taste.name for taste in known_tastes(read.world)]
    report = growth_report(found, len(read.world), tastes, seed, said)
    print_report(report, out)
    files.write(growth_file(found, seed), report, out)
    if plot is not None:
        try:
            plot.write_text(growth_plot(found) + "\n", encoding="utf-8")
        except OSError as error:
            raise not_written(error) from error
        out.print(words.written(str(plot)), highlight=False, markup=False, soft_wrap=True)


def grow(
    read: Starter, days: int, people: int, seed: int, progress: StudyProgress | None = None
) -> Iterator[Day]:
    """Yields the days of a simulated server that grows, one after the other.

    Every day, films are ranked for all people of the simulation, including those who join later.
    For a person who has not joined yet, the query has the ratings that they will give when they
    join. The figures of two days are therefore about the same people.

    read: the films and tags.
    people: how many join each day after the first.
    seed: the seed of all random choices.
    progress: is called with the number of days done, the number of all days, and a text; None for
        no report.
    """
    raters = everybody(read.world, FIRST_PEOPLE, people, days, seed)
    famous = known_from_elsewhere(read.world)
    with _nights(read, seed) as nights:
        for day in range(days):
            if progress is not None:
                progress(day, days, words.day_number(day + 1))
            here = [person for person in raters if person.joined <= day]
            for person in here:
                person.live(nights.serving, day, famous)
            before, rows = nights.serving, rating_rows(read, here)
            record = nights.fit(rows, START + timedelta(days=day) + NIGHT)
            models = {NOW: nights.serving, BEFORE: before, TAGS_ALONE: nights.tags_alone}
            taste, hits = measure_models(models, raters, day + 1)
            promoted = bool(record.promote)
            why = _as_remark(from_text(record.why))
            yield Day(day + 1, len(here), len(rows), promoted, why, taste, hits)


def _as_remark(found: Note) -> Remark:
    """Returns a note as a remark, which the recommender knows."""
    return Remark(found.key, {name: _plain(value) for name, value in found.data.items()})


def _plain(value: object) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return _as_remark(value) if isinstance(value, Note) else value


def rating_rows(read: Starter, raters: Sequence[Rater]) -> tuple[RatingRow, ...]:
    """Returns the ratings of all simulated people in the form of rows of the database.

    read: the films and tags.
    raters: the simulated people.
    """
    rows = [
        RatingRow(
            person.number + 1,
            read.films[film].id,
            float(person.stars[film]),
            START + timedelta(days=at),
            "command",
            1,
        )
        for person in raters
        for film, at in person.rated.items()
    ]
    return tuple(sorted(rows, key=lambda row: row.at))


@dataclass
class Nights:
    """The nightly fits of one simulated server, and the model that answers.

    Attributes:
        read: the films and tags.
        seed: the seed of the fits.
        folder: where the models are written.
        tags_alone: a model that knows no ratings, which answers before the first fit.
        serving: the model that answers now.
        version: version of the model that answers now; None if it is `tags_alone`.
        versions: every version so far, newest first.
    """

    read: Starter
    seed: int
    folder: Path
    tags_alone: Recommender
    serving: Recommender
    version: str | None = None
    versions: list[ModelVersion] = field(default_factory=list)

    def fit(self, rows: tuple[RatingRow, ...], now: datetime) -> FitRecord:
        """Fits a model and judges it.

        If it is good enough, it answers from then on. Returns the fit's record.

        rows: the ratings.
        now: the time of the fit.
        """
        job = FitJob(
            database=self.folder / "none",
            corpus=self.folder / "none",
            models=self.folder,
            lock=self.folder / "lock",
            now=now,
            seed=self.seed,
            serving=self.version,
            search=False,
        )
        nothing_shown = Evidence((), (), (), now)
        found = FitInput(
            self.read.films, self.read.tags, rows, tuple(self.versions), 0, (), nothing_shown
        )
        result = fit_and_judge(job, found, StageTimer(lambda _: None))
        version = ModelVersion(
            version=result.version,
            path=result.path,
            fingerprint=result.version.rsplit("-", 1)[-1],
            trained_at=now,
            metrics=result.record.to_json(),
        )
        self.versions.insert(0, version)
        if result.record.promote:
            self.serving = artifacts.read(self.folder / result.path, self.read.world)
            self.version = result.version
        elif result.record.retire:
            self.serving, self.version = self.tags_alone, None
        return result.record


@contextmanager
def _nights(read: Starter, seed: int) -> Iterator[Nights]:
    """Yields a `Nights` without any fit, for a `with` block.

    The folder of its models is deleted afterwards.

    read: the films and tags.
    seed: the seed of the fits.
    """
    tags_alone = fit(read.world, None, Config(), seed, START)
    with TemporaryDirectory(prefix="matinee-growth-") as folder:
        yield Nights(read, seed, Path(folder), tags_alone, tags_alone)
