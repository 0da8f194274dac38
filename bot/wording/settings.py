"""Says what concerns the operator's settings and the start of the bot."""

from collections.abc import Sequence

from bot.wording.speech import N_, Sentence, _, listed


def unknown_setting(name: str, place: str, near: str | None) -> str:
    """Returns a sentence about a variable that is no setting.

    place: "environment", or a file's path.
    near: the name of a setting that reads like it; None for no such setting.
    """
    if place == "environment":
        what = _("{name} in the environment isn't one of my settings.", name=name)
    else:
        what = _("{name} in {file} isn't one of my settings.", name=name, file=place)
    if near is None:
        return f"{what} {_('.env.example lists all my settings.')}"
    return f"{what} {_('Did you mean {setting}?', setting=near)}"


def token_as_name(place: str) -> str:
    """Returns a sentence about a line that may be a token without a name."""
    if place == "environment":
        return _(
            "Something in the environment looks like a token where a name should be. Remove it."
        )
    return _(
        "A line in {file} looks like a token without a name. Remove it, or write "
        "DISCORD_TOKEN= in front of it.",
        file=place,
    )


def token_misplaced(name: str, place: str) -> str:
    """Returns a sentence about a setting that holds the bot's token."""
    if place == "environment":
        return _(
            "{name} in the environment looks like the bot's token. Put it in DISCORD_TOKEN and "
            "nowhere else.",
            name=name,
        )
    return _(
        "{name} in {file} looks like the bot's token. Put it in DISCORD_TOKEN and nowhere else.",
        name=name,
        file=place,
    )


REFUSALS: dict[str, Sentence] = {
    "bad-value": N_("I can't use “{given}” for {name} ({reason}). Please change it."),
    "commands-not-taken": N_(
        "Discord didn't accept the slash commands ({cause}). Try again in a few minutes."
    ),
    "commands-refused": N_(
        "Discord refused the slash commands in this version of Matinee ({cause}). Restarting "
        "won't help. Please report this message, or go back to the version you had before."
    ),
    "commands-used-up": N_(
        "Discord only accepts 200 new slash commands a day, and today's are used up ({cause}). "
        "Start the bot again tomorrow."
    ),
    "discord-error": N_(
        "Something's wrong on Discord's side (HTTP {status}). Try again in a few minutes."
    ),
    "discord-unreachable": N_("I can't reach Discord ({cause}). Check your internet connection."),
    "env-no-setting": N_(
        "{file} line {line} isn't a setting. Write it as NAME=value, or remove it."
    ),
    "env-unreadable": N_("I can't read {file} ({cause}). Save it as UTF-8 text."),
    "gateway-too-old": N_(
        "Discord doesn't support the gateway version I use any more (4012). Update Matinee and "
        "its dependencies."
    ),
    "intents-refused": N_(
        "Discord refused the intents I asked for, even though none of them are privileged. "
        "Update Matinee."
    ),
    "intents-unknown": N_(
        "Discord doesn't know the intents I asked for (4013). Update Matinee and its dependencies."
    ),
    "long-value": N_(
        "I can't use the value of {name}. It could be a secret, so I won't repeat it here. "
        ".env.example shows what it should look like."
    ),
    "more-shards-needed": N_(
        "Discord wants me to use more shards (4011), because I'm in more than 2,500 servers per "
        "shard. Start me again, and I'll ask how many I need."
    ),
    "no-database-url": N_(
        "I can't use {name} as the URL of a database. Write it like "
        "postgresql+asyncpg://user:password@host/database, or remove it and I'll use a file."
    ),
    "no-such-shards": N_(
        "{name} is “{given}”, which isn't a list of shards. Write it like 0-3/16, for the "
        "first four of sixteen."
    ),
    "no-such-zone": N_("{name} is “{given}”, which isn't an IANA time zone. Try Europe/Paris."),
    "no-time-of-day": N_(
        "{name} is “{given}”, which isn't a time of day. Write it like 03:30. I'll use the "
        "time zone in MATINEE_ZONE."
    ),
    "shards-lost": N_(
        "Another process has taken over shards {shards}, so I've stopped. If it shouldn't have, "
        "stop it and start me again."
    ),
    "shards-on-sqlite": N_(
        "MATINEE_SHARDS is {given}, which leaves some shards to other processes, but only "
        "one process can use an SQLite database. Set MATINEE_DATABASE_URL to a PostgreSQL "
        "database, or remove MATINEE_SHARDS."
    ),
    "shards-refused": N_(
        "Discord refused the way I'm split into shards (4010). Start me again. If that doesn't "
        "help, update Matinee."
    ),
    "shards-taken": N_(
        "I can't run shards {shards}, because another process is already running {others}. Give "
        "each process its own shards, and use the same total for all of them."
    ),
    "time-with-zone": N_(
        "{name} is “{given}”. Leave out the time zone here, since I use the one in MATINEE_ZONE."
    ),
    "token-as-name": token_as_name,
    "token-file-empty": N_(
        "{name} points to {file}, but that file is empty. Put the secret in it."
    ),
    "token-file-not-text": N_(
        "{name} points to {file}, but that isn't a text file. Make it a text file with just the "
        "secret in it."
    ),
    "token-file-unreadable": N_(
        "{name} points to {file}, but I can't read it ({cause}). Choose a file that I'm allowed "
        "to read and that has the secret in it."
    ),
    "token-in-two": N_(
        "There's a space or a line break in DISCORD_TOKEN. Copy just the token again, and "
        "nothing around it."
    ),
    "token-misplaced": token_misplaced,
    "token-set-twice": N_("You've set both {name} and {setting}. Remove one of them."),
    "token-refused": N_(
        "Discord refused the token. Press Reset Token in the developer portal, under Bot, and "
        "put the new token into DISCORD_TOKEN in your .env file."
    ),
    "token-refused-later": N_(
        "Discord refused the token when I connected. Press Reset Token in the developer portal, "
        "under Bot, and put the new token into DISCORD_TOKEN."
    ),
    "unknown-setting": unknown_setting,
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "http-answer": N_("HTTP {status}, code {code}: {answer}"),
    "no-answer-within": N_("no answer within {seconds} seconds"),
}
"""What Discord answered, in brackets after the sentence that says so, by the note's key."""


def unknown_language(code: str, known: Sequence[str]) -> str:
    """Returns a sentence about a language in the settings that the bot does not speak.

    known: the codes of the languages that it speaks.
    """
    return _(
        "MATINEE_LOCALE is {language}, but I don't speak that language. Set it to {languages}.",
        language=code,
        languages=listed(known, joined_by="or"),
    )


def problems(sentences: Sequence[str]) -> str:
    """Returns what is wrong with the settings, a line for each problem."""
    return "\n".join(
        [_("I can't start with these settings."), *(f"  • {each}" for each in sentences)]
    )
