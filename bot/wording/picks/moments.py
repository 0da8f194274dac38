"""Says what time of day or week a film suits, as a part of the reason for a pick."""

from bot.wording.speech import N_, Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "drama-for-the-afternoon": N_("a drama for the afternoon"),
    "good-with-friends": N_("good with friends around"),
    "good-with-the-family": N_("good with the family around"),
    "gripping-for-the-evening": N_("something gripping for the evening"),
    "laugh-for-a-friday-night": N_("a laugh for a Friday night"),
    "laugh-for-late-at-night": N_("a laugh for late at night"),
    "laugh-for-the-morning": N_("a laugh for the morning"),
    "long-for-a-weeknight": N_("a bit long for a weeknight"),
    "long-for-late-at-night": N_("a bit long for late at night"),
    "made-for-a-lazy-weekend": N_("made for a lazy weekend"),
    "made-for-late-at-night": N_("perfect for late at night"),
    "real-life-for-late-at-night": N_("a documentary for late at night"),
    "scare-for-late-at-night": N_("a scare for late at night"),
    "short-for-a-weeknight": N_("short enough for a weeknight"),
    "short-for-late-at-night": N_("short enough for late at night"),
    "thrills-for-a-friday-night": N_("a thrill for a Friday night"),
    "time-for-a-long-one": N_("there's time for a long film"),
}
"""Key of a hand-written rule for a time of day -> the reason."""
