"""Texts about what a person answers in the quiz: each answer, and what the bot says to it."""

from bot.services.quiz.one_film import AnswerStored
from bot.services.scale import LEGEND
from bot.wording.feedback import film, rating_button, stars
from bot.wording.speech import N_, Sentence, _, ngettext, pgettext, translated
from storage.people.quiz_answers import FilmAnswer


def film_added(film: str) -> str:
    """Returns the answer to a person who named a film that they love.

    film: its name, escaped.
    """
    return _(
        "I've added {film} to the films you love. To take it back, press *My answers*.",
        film=f"**{film}**",
    )


REFUSALS: dict[str, Sentence] = {
    "film-not-asked": N_(
        "I haven't asked you about that film. Use `/start` to carry on with the quiz."
    ),
    "no-such-screen": N_(
        "That part of the quiz doesn't exist. Start the quiz again with `/start`."
    ),
    "not-your-quiz": N_("That quiz is someone else's. Start your own with `/start`."),
}
"""The sentence of each error, by the error's key."""

NOTES: dict[str, Sentence] = {
    "film-added": film_added,
    "films-share-title": N_("More than one film is called “{typed}”. Which one do you mean?"),
    "no-film-near": N_(
        "I can't find a film called “{typed}”. Try its original title. I've kept your other "
        "answers."
    ),
    "some-films-near": N_("I don't have a film called “{typed}”. Is it one of these?"),
}
"""The answer to a title that somebody typed, by the note's key."""

UNSEEN_BUTTONS = {
    "unseen": N_("Haven't seen it", "button"),
    "tempting": N_("Looks good", "button"),
    "unwanted": N_("Not for me", "button"),
}
"""The label for each answer about a film that the person has not seen."""

UNSEEN_WORDS = {
    "unseen": N_("🙈 haven't seen it"),
    "tempting": N_("👀 looks good"),
    "unwanted": N_("🚫 not for me"),
}
"""The words for each answer about a film that the person has not seen."""

STARS = {step.name: step.stars for step in LEGEND}


def answer_button(answer: FilmAnswer) -> str:
    """Returns the label of the button of an answer, such as "Loved"."""
    if answer in UNSEEN_BUTTONS:
        return translated(UNSEEN_BUTTONS[answer], "button")
    return rating_button(answer)


def answer_words(answer: FilmAnswer) -> str:
    """Returns an answer in words, such as "❤️ loved"."""
    if answer in UNSEEN_WORDS:
        return translated(UNSEEN_WORDS[answer])
    return stars(STARS[answer])


def answered(stored: AnswerStored) -> str:
    """Returns what the bot says to an answer about a film."""
    name = film(stored.film)
    if stored.answer is None:
        return _("I've forgotten your answer about {film}.", film=name)
    if stored.answer == "unseen":
        return _("Got it: you haven't seen {film}.", film=name)
    if stored.answer == "tempting":
        return _("Got it: {film} looks good to you.", film=name)
    if stored.answer == "unwanted":
        return _("Got it: {film} isn't for you.", film=name)
    return _(
        "Got it: {film}, {stars}. I'll keep that in mind for your next picks.",
        stars=answer_words(stored.answer),
        film=name,
    )


def thanks(note: str) -> str:
    """Returns what the bot says to the answer to a single question.

    note: the sentence about the answer itself.
    """
    return " ".join([note, _("Thanks, that helps.")])


def forgotten(count: int) -> str:
    """Returns the answer to a person who wants all their answers about films forgotten.

    count: the number of answers that were forgotten.
    """
    if not count:
        return _("You hadn't answered anything yet, so there was nothing to forget.")
    return ngettext(
        "Done. I've forgotten your answer about {n} film.",
        "Done. I've forgotten your answers about {n} films.",
        count,
    )


def answers_heading() -> str:
    """Returns the heading of the list of a person's answers."""
    return _("## Your answers")


def answers_hint(some: bool) -> str:
    """Returns the line under the heading of the list of a person's answers.

    some: True if there are answers.
    """
    if some:
        return _("Choose an answer to change it or take it back.")
    return _("You haven't told me about any films yet.")


def older_answers(count: int) -> str:
    """Returns the line that says how many older answers the list leaves out."""
    return ngettext(
        "-# There's {n} older answer that I don't show here.",
        "-# There are {n} older answers that I don't show here.",
        count,
    )


def answers_menu() -> str:
    """Returns the text of the menu with a person's answers."""
    return pgettext("menu", "Change an answer")


def forget_button() -> str:
    """Returns the label of the button that takes all answers back."""
    return pgettext("button", "Forget all answers")
