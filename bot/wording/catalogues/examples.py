"""Sample values that fit one module or one message better than the usual samples.

`SAMPLES` has one value for each name, the longest usual one. It can be absurd in some messages: the
name of a settings file is no example of a film history that somebody uploads.
"""

from bot.wording.catalogues.extract import SourceMessage
from bot.wording.catalogues.operator_examples import OPERATOR_MESSAGES, OPERATOR_MODULES
from bot.wording.catalogues.samples import SAMPLES

MODULES: dict[str, dict[str, object]] = {
    **OPERATOR_MODULES,
    "errors/histories": {
        "column": "Title",
        "columns": "Book, Author, and My Rating",
        "file": "my-film-export",
        "most": "1,000",
    },
    "errors/lists": {
        "cause": "Permission denied",
        "column": "genres",
        "columns": "title, year, genres, and tags",
        "file": "films.csv",
        "genre": "Sci-Fi",
        "least": "30",
        "problem": "There's no title. Add one, or remove the line.",
    },
    "errors/said": {"text": "Because you loved Amélie (2001)"},
    "people/compare": {"same": "1", "share": "72%"},
    "people/history_import": {
        "file": "my-film-export",
        "given_rating": "8",
        "half_stars": "4",
        "left": "3 films to go.",
        "top": "10",
    },
    "people/history_import_refusals": {"file": "my-film-export"},
    "people/languages": {"choices": "English or Deutsch", "typed": "Klingon"},
    "people/preferences": {"dial": "Well-liked"},
    "people/profile": {
        "hour": "21",
        "names": "France 12, Japan 7, South Korea 3",
        "tags": "slow-burn, bittersweet, coming-of-age",
    },
    "people/zones": {
        "typed": "IST",
        "zone": "America/Argentina/Buenos Aires",
        "zones": "Asia/Kolkata (it's 11:44 PM there) or Asia/Jerusalem (it's 8:14 PM there)",
    },
    "posts/refusals": {"typed": "someday"},
    "posts/scale": {"emoji": "🔥", "least": "2", "most": "8", "typed": "7"},
}
"""The values of a module's messages, by the module's path within `bot/wording`."""

MESSAGES: dict[str, dict[str, object]] = {
    **OPERATOR_MESSAGES,
    "“{text}”": {"text": "Bleak thrillers"},
    "{n} rating from {members}.": {"members": "3 members"},
    "**Shards**": {"count": "16"},
    "Other processes are running": {"shards": "4–15"},
    "It starts on {when}": {"when": "<t:1774468800:F>"},
    "## Movie night": {"when": "<t:1774468800:F>"},
    "{when} · {film}": {"when": "<t:1774468800:D>"},
    "This post replaces": {"post": "A shelf that suits the time of day · every day at 7:00 PM"},
    "I've removed this post": {"post": "A shelf that suits the time of day · every day at 7:00 PM"},
    "I don't know the genre “{genre}”. Did you mean": {"genre": "Comdy", "near": "Comedy"},
    "The tag “{tag}” isn't in {file}. Did you mean": {"file": "tags.csv", "tag": "slowburn"},
    "The tag “{tag}” isn't in {file}. Correct": {"file": "tags.csv"},
    "The tags “{tag}” and “{other}” share": {"share": "96.4%"},
    "The cell in the column": {"column": "title"},
    "The column “{column}” has": {"column": "countries", "given": "Germany", "written": "DE"},
    "I don't know the code": {"column": "languages", "example": "fr"},
    "I can't use “{given}” in the column": {"column": "runtime", "least": "1", "most": "600"},
    "“{word}” isn't a country that goes with": {"tag": "britain"},
    "{film} has {count} tags, {core} of them": {"count": "7", "least": "10"},
    "{film} has nothing in the column": {"column": "countries"},
    "{film} is tagged hidden-gem": {"tags": "best-picture and box-office-hit"},
    "“{title}” has the genre": {"genre": "Sci-Fi, thriller, and everything else", "most": "40"},
    "There's no “|” between the genres": {"genre": "Drama, Comedy", "written": "Drama|Comedy"},
    "The header has no {column}": {"column": "title and year"},
    "The header has {column}, which": {"column": "film_name and my_rating"},
    "“{title}” ({year}) and “{other}”": {"other": "Water Lilies", "other_year": "2007"},
    "{film} can't be from that year": {"film": "**Portrait of a Lady on Fire (2919)**"},
    "I can't read this line as CSV": {"cause": "unexpected end of data"},
    "There are {count} names in the cast": {"count": "7", "most": "5"},
    "There are {count} genres": {"count": "5", "most": "3"},
    "{film} has {count} tags with weight 3": {"count": "9", "most": "6"},
    "{film} has {count} tags. Keep": {"count": "24", "most": "20"},
    "I can't read “{given}” in the column “adult”": {"given": "maybe"},
    "I don't know the facet": {"choices": "mood, theme, style, or setting"},
    "{film} comes from a country": {
        "film": "**Oldboy (2003)**",
        "other": "japanese",
        "tag": "korean",
    },
    "The tag “{tag}” has nothing": {"column": "definition"},
    "The title “{title}” looks like": {"title": "film#1917"},
    "The title “{title}…” has": {"count": "412", "most": "300"},
    "I don't know the audience": {"choices": "everyone, teens, or adults"},
    "“{value}” is in the column": {"column": "directors"},
    "“{word}” already means": {"word": "heartwarming"},
    "“{title}” can't be from {year}": {"year": "1066"},
    "{n} like without stars": {"stars": "👍 liked"},
    "Your profile: {n}": {"n": "1"},
    "Settings: {n}": {"n": "1"},
    "Films by decade": {"names": "60s 12, 80s 7, 10s 3"},
    "{n} rating, ★ {stars} on average.": {"stars": "4.2"},
    "{film}: ★ {stars}, give or take": {"stars": "4.2"},
    "I don't know the time zone “{typed}”. Did": {
        "typed": "Saint Luis",
        "zones": "America/Argentina/San Luis (it's 10:14 PM there)",
    },
    "I don't know the time zone “{typed}”. Try": {"typed": "Narnia"},
    "I can't read the time “{typed}”": {"typed": "half past never"},
    "“{typed}” could mean two things": {"typed": "Etc/GMT+12"},
    "“{typed}” doesn't start with an emoji": {"typed": "fire 5"},
}
"""The values of a message, by what its English text begins with."""


def sample_values(message: SourceMessage) -> dict[str, object]:
    """Returns a sample value for each placeholder of a message, by the placeholder's name."""
    module = message.file.removeprefix("bot/wording/").removesuffix(".py")
    values = {**SAMPLES, **MODULES.get(module, {})}
    for start, fitting in MESSAGES.items():
        if message.text.startswith(start):
            values |= fitting
    return values
