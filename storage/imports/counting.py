"""Counts what happens while the files of one upload are read, and turns ratings into stars."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from storage.imports.history import (
    HistoryLimits,
    HistoryRemark,
    OnScale,
    SkipReason,
    UnreadableHistory,
    short_name,
)
from storage.imports.values import halves, number

LINES_PER_ROW = 10
"""How many lines, or objects of JSON, there may be for each row that there may be."""

_NAMED = 5  # files that a remark names

SCALES = (5, 10, 100)
"""The best ratings of the scales among which one is guessed."""


@dataclass(slots=True)
class ReadingCounts:
    """What was counted while an upload was read.

    Attributes:
        limits: how large the upload may be.
        rows: rows that were read.
        lines: lines of text, and objects of JSON, whether or not they are rows.
        skipped: rows that were left out, by reason.
        scales: how often each rating occurred.
        unread: ratings that are no numbers, or outside of their scale.
        rounded: ratings between two half stars.
        unclear_dates: dates that were left out.
        guessed: the best ratings of scales that were guessed from the ratings.
        lists: files with lists of films that were left out.
        lost_letters: files with letters that could not be read.
        unknown_files: files of a zip that no format fits.
        ambiguous: entries of a diary that fit several films.
    """

    limits: HistoryLimits
    rows: int = 0
    lines: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    scales: Counter[OnScale] = field(default_factory=Counter)
    unread: int = 0
    rounded: int = 0
    unclear_dates: int = 0
    guessed: set[int] = field(default_factory=set)
    lists: int = 0
    lost_letters: list[str] = field(default_factory=list)
    unknown_files: list[str] = field(default_factory=list)
    ambiguous: int = 0
    _ratings: dict[tuple[str, float], OnScale | None] = field(default_factory=dict)

    def row(self, file: str) -> None:
        """Counts a row. Raises UnreadableHistory if there are too many."""
        self.rows += 1
        if self.rows > self.limits.rows:
            raise UnreadableHistory("history-too-many-rows", file=file, most=self.limits.rows)

    def text(self, file: str, lines: int) -> None:
        """Counts lines of text, or objects of JSON, before they are split.

        Raises UnreadableHistory if there are far too many: even blank lines take time.
        """
        self.lines += lines
        if self.lines > LINES_PER_ROW * self.limits.rows:
            raise UnreadableHistory("history-too-many-rows", file=file, most=self.limits.rows)

    def rated(self, text: str, best: float, *, zero: bool = False) -> OnScale | None:
        """Returns a rating and its stars; None if the cell is blank or no rating on the scale.

        text: the cell.
        best: the best rating of the scale.
        zero: True if 0 is a rating. Elsewhere it means that there is no rating.
        """
        if not text:
            return None
        if (text, best) not in self._ratings:
            self._ratings[text, best] = on_scale(number(text), best, zero=zero)
        rating = self._ratings[text, best]
        if rating is None:
            self.unread += zero or number(text) != 0
            return None
        self.scales[rating] += 1
        self.rounded += rating.value / best * 10 % 1 != 0
        return rating

    def remarks(self) -> tuple[HistoryRemark, ...]:
        """Returns what people should know about how the upload was read."""
        told = [
            HistoryRemark("history-scale-guessed", {"best": best}) for best in sorted(self.guessed)
        ]
        counts = {
            "history-stars-rounded": self.rounded,
            "history-ratings-unread": self.unread,
            "history-dates-unclear": self.unclear_dates,
            "history-diary-ambiguous": self.ambiguous,
            "history-lists-left-out": self.lists,
        }
        told += [HistoryRemark(key, {"n": count}) for key, count in counts.items() if count]
        names = {
            "history-letters-lost": self.lost_letters,
            "history-files-left-out": self.unknown_files,
        }
        for key, files in names.items():
            if files:
                named = [short_name(file) for file in files[:_NAMED]]
                more = {"more": len(files) - len(named)} if len(files) > len(named) else {}
                told.append(HistoryRemark(key, {"files": named, **more}))
        return tuple(told)

    def examples(self) -> tuple[OnScale, ...]:
        """Returns the most frequent rating of each scale; the most frequent scale comes first."""
        totals: Counter[float] = Counter()
        for rating, count in self.scales.items():
            totals[rating.best] += count
        common = self.scales.most_common()
        return tuple(
            next(rating for rating, _ in common if rating.best == best)
            for best, _ in totals.most_common()
        )


def on_scale(value: float | None, best: float, *, zero: bool = False) -> OnScale | None:
    """Returns a rating with its stars; None if it is outside of the scale.

    Stars are the same share of 5, rounded to halves.

    zero: True if 0 is a rating.
    """
    if value is None or value < 0 or value > best or (value == 0 and not zero):
        return None
    return OnScale(value, best, halves(value / best * 5))


def guess_best(values: Iterable[float | None]) -> int:
    """Returns the best rating of the smallest usual scale on which all ratings fit: 5, 10 or 100.

    A person who has 100 as the best rating hardly ever gives all films 10 or less. Ratings above
    100 and blank cells are ignored.
    """
    top = max((value for value in values if value is not None and value <= SCALES[-1]), default=0)
    return next(best for best in SCALES if top <= best)
