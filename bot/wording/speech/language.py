"""The languages of the bot, and which of them is spoken now.

The language is kept in a context variable. Every interaction, post and direct message is handled in
an asyncio task of its own, and a context variable belongs to its task: two answers at once can be
in two languages, and no function needs the language as an argument.

English is the language of the source. It needs no file. Every other language is a folder of
`bot/locale` with a compiled catalogue, as GNU gettext defines it.
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
"""The folder of the catalogues: `en/LC_MESSAGES/matinee.po` and so on."""

DOMAIN = "matinee"


@dataclass(frozen=True)
class Language:
    """A language that the bot speaks.

    Attributes:
        code: the name of the language's folder, such as "en" or "pt_BR"; "pseudo" for the language
            of tests.
        translations: finds the text for each message of the source.
    """

    code: str
    translations: NullTranslations

    @property
    def cldr(self) -> str:
        """The locale whose lists, numbers and dates are used, by its CLDR name."""
        return "en" if self.code == PSEUDO else self.code

    def dress(self, text: str) -> str:
        """Returns a text from a source other than the catalogue, marked in the pseudo-locale."""
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
    """True if the bot speaks a language, by its code as Discord, CLDR or a folder writes it."""
    return (
        code == PSEUDO
        or language(code).code == code.replace("-", "_").split("_")[0]
        or (language(code).code == code.replace("-", "_"))
    )


@lru_cache(maxsize=64)
def language(code: str, folder: Path = LOCALE) -> Language:
    """Returns a language by its code, as Discord, CLDR or a folder writes it.

    A regional form such as "en-GB" falls back to its language. A language that the bot does not
    speak becomes English.
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
    """Returns the language that is spoken now."""
    return _SPOKEN.get()


def speak(code: str) -> None:
    """Speaks a language from now on, in this task and in the tasks that it starts."""
    _SPOKEN.set(language(code))


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speaks a language within a `with` block."""
    token = _SPOKEN.set(language(code))
    try:
        yield _SPOKEN.get()
    finally:
        _SPOKEN.reset(token)
