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
        return f"{what} {_('.env.example lists them all.')}"
    return f"{what} {_('Did you mean {setting}?', setting=near)}"


def token_as_name(place: str) -> str:
    """Returns a sentence about a line that may be a token without a name."""
    if place == "environment":
        return _("The environment has what may be a token where a name should be. Remove it.")
    return _("A line of {file} may be a token without a name. Remove it.", file=place)


def token_misplaced(name: str, place: str) -> str:
    """Returns a sentence about a setting that holds the bot's token."""
    if place == "environment":
        return _(
            "{name} in the environment looks like the bot's token. Put the token in "
            "DISCORD_TOKEN and nowhere else.",
            name=name,
        )
    return _(
        "{name} in {file} looks like the bot's token. Put the token in DISCORD_TOKEN and "
        "nowhere else.",
        name=name,
        file=place,
    )


REFUSALS: dict[str, Sentence] = {
    "bad-value": N_("I can't use “{given}” for {name} ({reason}). Correct it."),
    "commands-not-taken": N_(
        "Discord didn't take the slash commands ({cause}). Try again in a few minutes."
    ),
    "commands-refused": N_(
        "Discord refuses the slash commands of this version of Matinee ({cause}). Starting again "
        "won't help. Please report this line, or go back to the version before."
    ),
    "commands-used-up": N_(
        "Discord takes 200 new slash commands a day from one application, and today's are used up "
        "({cause}). Start the bot again tomorrow."
    ),
    "discord-error": N_(
        "Discord has a problem of its own (HTTP {status}). Try again in a few minutes."
    ),
    "discord-unreachable": N_("I can't reach Discord ({cause}). Check the network."),
    "env-no-setting": N_("{file} line {line} isn't a setting. Write NAME=value, or remove it."),
    "env-unreadable": N_("I can't read {file} ({cause}). Save it as UTF-8 text."),
    "gateway-too-old": N_(
        "Discord doesn't speak my version of its gateway any more (4012). Update Matinee "
        "and its dependencies."
    ),
    "intents-refused": N_(
        "Discord turned down the intents I asked for, and none of them is privileged. "
        "Update Matinee."
    ),
    "intents-unknown": N_(
        "Discord doesn't know the intents I ask for (4013). Update Matinee and its dependencies."
    ),
    "long-value": N_(
        "{name} has a long value, so I won't repeat it here. .env.example says what it takes."
    ),
    "more-shards-needed": N_(
        "Discord wants me in more shards (4011), because I'm in more than 2,500 servers "
        "a shard. Start me again, and I'll ask how many it wants."
    ),
    "no-such-zone": N_("{name} is “{given}”, which isn't an IANA time zone. Try Europe/Paris."),
    "no-time-of-day": N_(
        "{name} is “{given}”. Write just a time of day, like 03:30. I use the zone in MATINEE_ZONE."
    ),
    "shards-refused": N_(
        "Discord doesn't like how I'm split into shards (4010). Start me again, and "
        "update Matinee if that doesn't help."
    ),
    "time-with-zone": N_(
        "{name} is “{given}”. Leave the zone out here, since I use the one in MATINEE_ZONE."
    ),
    "token-as-name": token_as_name,
    "token-file-empty": N_("The file in {name}, {file}, is empty. Put the token in it."),
    "token-file-not-text": N_(
        "The file in {name}, {file}, isn't a text file. Put the token in it."
    ),
    "token-file-unreadable": N_(
        "I can't read the file in {name}, {file} ({cause}). Name a file with "
        "the token that I'm allowed to read."
    ),
    "token-in-two": N_(
        "There's a space or a line break in DISCORD_TOKEN. Copy the token again, and nothing else."
    ),
    "token-misplaced": token_misplaced,
    "token-set-twice": N_("You've set both {name} and {setting}. Keep one of them."),
    "token-refused": N_(
        "Discord refused the token. Copy it again from the developer portal (Bot, Reset Token) "
        "into DISCORD_TOKEN in your .env file."
    ),
    "token-refused-later": N_(
        "Discord refused the token at the gateway. Reset it in the developer portal, and put the "
        "new one into DISCORD_TOKEN."
    ),
    "unknown-setting": unknown_setting,
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "http-answer": N_("HTTP {status}, code {code}: {answer}"),
    "no-answer-within": N_("no answer within {seconds} seconds"),
}
"""Key of a note -> its sentence."""


def unknown_language(code: str, known: Sequence[str]) -> str:
    """Returns a sentence about a language in the settings that the bot does not speak.

    known: the codes of the languages that it speaks.
    """
    return _(
        "MATINEE_LOCALE is {language}, and I don't speak that. Set it to {languages}.",
        language=code,
        languages=listed(known, joined_by="or"),
    )


def problems(sentences: Sequence[str]) -> str:
    """Returns what is wrong with the settings, a line for each problem."""
    return "\n".join([_("I can't use these settings yet."), *(f"  • {each}" for each in sentences)])
