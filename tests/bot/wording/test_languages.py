"""Languages are called by their own names, and known by the English ones too."""

import pytest

from bot.client.languages import find_language, offered_languages
from bot.errors import Sorry
from bot.settings import Settings
from bot.wording.errors.said import said
from bot.wording.people import languages as words
from bot.wording.speech import speaking
from bot.wording.speech.pseudo import CLOSE, OPEN

PLAIN, PSEUDO = Settings(), Settings(locale="pseudo")


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "English"), ("de", "Deutsch"), ("pt_BR", "Português (Brasil)"), ("el", "Ελληνικά")],
)
def test_a_language_has_its_own_name(code: str, name: str) -> None:
    assert words.own_name(code) == name
    assert name.casefold() in words.names(code)


def test_a_language_is_known_by_its_name_elsewhere() -> None:
    assert {"deutsch", "german"} <= words.names("de")
    with speaking("pseudo"):
        shown = words.own_name("de")
        assert (shown[0], shown[-1]) == (OPEN, CLOSE)
        assert shown.casefold() in words.names("de"), "what is shown can be typed"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("English", "en"), (" EN ", "en"), ("discord", None), ("same as Discord", None), ("", None)],
)
def test_what_people_type(typed: str, code: str | None) -> None:
    assert find_language(PLAIN, typed) == code


def test_the_pseudo_locale_is_a_choice_only_where_it_is_on() -> None:
    assert "pseudo" not in offered_languages(PLAIN)
    assert "pseudo" in offered_languages(PSEUDO)
    assert find_language(PSEUDO, "pseudo") == "pseudo"
    assert find_language(PSEUDO, "Pseudo-English, for tests") == "pseudo"
    with pytest.raises(Sorry, match="language-not-spoken") as error:
        find_language(PLAIN, "pseudo")
    assert said(error.value) == "I don't speak “pseudo” yet. Try English."


def test_what_somebody_who_chose_reads() -> None:
    assert words.language_chosen("en") == "Done. I'll answer you in English."
    assert (
        words.language_chosen(None) == "Done. I'll answer you in the language you use on Discord."
    )
    assert words.language_line(None) == "Language: **Same as Discord**"
