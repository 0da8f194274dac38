"""Texts that any command may print: why it stops, and where the playground is."""

from bot.wording.speech import N_, Sentence, _

REFUSALS: dict[str, Sentence] = {
    "playground-port-taken": N_(
        "Another program is using port {port}, maybe another playground. Stop it, or set "
        "MATINEE_PLAYGROUND_PORT to another port."
    ),
}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {}
"""Key of a note -> its sentence."""


def stops() -> str:
    """Returns the words before the reason why a command stops."""
    return _("Matinee had to stop:")


def token_missing() -> str:
    """Returns why the bot cannot run on Discord without a token."""
    return _(
        "DISCORD_TOKEN isn't set. Put the bot's token into your .env file (“Making the "
        "application” in the README shows how), or try the bot without a token by running "
        "`matinee play`."
    )


def playground_lacks(package: str) -> str:
    """Returns why the playground cannot start without a package."""
    return _(
        "The playground needs {package}, and you don't have it yet. Install it with `pipx "
        "inject matinee {package}` or `pip install {package}`. In the source folder, `make "
        "run` does that for you.",
        package=package,
    )


def playground_open(address: str) -> str:
    """Returns where the playground's page is."""
    return _("The playground is at {address}. Press Ctrl-C to stop.", address=address)
