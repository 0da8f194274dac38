"""What the other modules of `bot/wording` use to make texts: messages, numbers, lists and dates."""

from bot.wording.speech.formats import (
    ago,
    clock_time,
    day,
    duration,
    full_date,
    listed,
    load_rules,
    minutes,
    month,
    number,
    percent,
    weekday,
)
from bot.wording.speech.language import (
    Language,
    language,
    language_codes,
    speak,
    speaking,
    speaks,
    spoken,
)
from bot.wording.speech.say import N_, Sentence, _, ngettext, pgettext, translated

__all__ = [
    "N_",
    "Language",
    "Sentence",
    "_",
    "ago",
    "clock_time",
    "day",
    "duration",
    "full_date",
    "language",
    "language_codes",
    "listed",
    "load_rules",
    "minutes",
    "month",
    "ngettext",
    "number",
    "percent",
    "pgettext",
    "speak",
    "speaking",
    "speaks",
    "spoken",
    "translated",
    "weekday",
]
