"""Says what time of day or week a film suits, as a part of the reason for a pick."""

from bot.wording.speech import N_, Sentence

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "drama-for-the-afternoon": N_("a drama for the afternoon"),
    "good-with-friends": N_("good to watch with friends"),
    "good-with-the-family": N_("good to watch with the family"),
    "gripping-for-the-evening": N_("something gripping for the evening"),
    "laugh-for-a-friday-night": N_("a laugh for a Friday night"),
    "laugh-for-late-at-night": N_("a late-night laugh"),
    "laugh-for-the-morning": N_("a laugh to start the day"),
    "long-for-a-weeknight": N_("a bit long for a weeknight"),
    "long-for-late-at-night": N_("a bit long for a late night"),
    "made-for-a-lazy-weekend": N_("made for a lazy weekend"),
    "made-for-late-at-night": N_("perfect for late at night"),
    "real-life-for-late-at-night": N_("a late-night documentary"),
    "scare-for-late-at-night": N_("a late-night scare"),
    "short-for-a-weeknight": N_("short enough for a weeknight"),
    "short-for-late-at-night": N_("short enough for a late night"),
    "thrills-for-a-friday-night": N_("a Friday night thrill"),
    "time-for-a-long-one": N_("long, but there's time for it"),
}
"""The reason that a film suits the time, by the hand-written rule for a time of day."""
