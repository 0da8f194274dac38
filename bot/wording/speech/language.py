"""The languages of the bot, and the one in which texts are made now (the present language).

The present language is kept in a context variable. Every interaction, post and direct message is
handled in its own asyncio task, and each task has its own value of the variable. Two answers at the
same time can therefore be in two languages, and functions need no argument for the language.

English is the language of the source and needs no file. Every other language is a folder of
`bot/locale` with a compiled catalogue, in the format of GNU gettext.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from bot.wording.speech.pseudo import PSEUDO, PseudoTranslations, pseudo

LOCALE = Path(__file__).resolve().parents[2] / "locale"
"""The folder of the catalogues. It has files such as `en/LC_MESSAGES/matinee.po`."""

DOMAIN = "matinee"


@dataclass(frozen=True)
class Language:
    """A language that the bot speaks.

    Attributes:
        code: the name of the language's folder, such as "en" or "pt_BR"; "pseudo" for the
            pseudo-locale (changed English for tests).
        translations: the object that finds the translation of each message.
    """

    code: str
    translations: NullTranslations

    @property
    def cldr(self) -> str:
        """The CLDR name of the language, which decides how lists, numbers and dates are
        formatted.
        """
        return "en" if self.code == PSEUDO else self.code

    def dress(self, text: str) -> str:
        """Returns a text that is not from the catalogue. In the pseudo-locale (for tests), it gets
        marks.
        """
        return pseudo(text) if self.code == PSEUDO else text


ENGLISH = Language("en", NullTranslations())


def compiled(code: str, folder: Path = LOCALE) -> Path:
    """Returns the path of a language's compiled catalogue."""
    return folder / code / "LC_MESSAGES" / f"{DOMAIN}.mo"


def language_codes(folder: Path = LOCALE) -> tuple[str, ...]:
    """Returns the codes of the languages that have a compiled catalogue, and "en"."""
    found = (path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return tuple(sorted({"en", *found}))


def speaks(code: str) -> bool:
    """True if the bot has a language. The code may be in Discord's, CLDR's or the folder's form."""
    return (
        code == PSEUDO
        or language(code).code == code.replace("-", "_").split("_")[0]
        or (language(code).code == code.replace("-", "_"))
    )


@lru_cache(maxsize=64)
def language(code: str, folder: Path = LOCALE) -> Language:
    """Returns a language by its code, which may be in Discord's, CLDR's or the folder's form.

    For a regional form such as "en-GB", it is the language without a region if there is no such
    folder. If the bot does not have the language, it is English.
    """
    if code == PSEUDO:
        return Language(PSEUDO, PseudoTranslations())
    wanted = code.replace("-", "_")
    for form in (wanted, wanted.split("_")[0]):
        path = compiled(form, folder)
        if form != ENGLISH.code and path.is_file():
            with path.open("rb") as file:
                return Language(form, GNUTranslations(file))
    return ENGLISH


_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def spoken() -> Language:
    """Returns the language in which this task makes texts now (the present language)."""
    return _SPOKEN.get()


def speak(code: str) -> None:
    """Makes a language the present one, in this task and in the tasks that it starts."""
    _SPOKEN.set(language(code))


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Makes a language the present one within a `with` block."""
    token = _SPOKEN.set(language(code))
    try:
        yield _SPOKEN.get()
    finally:
        _SPOKEN.reset(token)
