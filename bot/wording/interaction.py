"""Says what concerns interactions as such: lost connections, full disks, missing permissions."""

from bot.wording.speech import N_, Sentence, _, listed, translated

REFUSALS: dict[str, Sentence] = {
    "too-late-for-form": N_("That took me too long, and now I can't open the form. Try again."),
}
"""Key of an error -> its sentence."""

TELL_OPERATOR = N_("Please tell whoever runs this bot.")


def disk_full(kept: bool) -> str:
    """Returns the answer to a request that failed because the disk is full."""
    return _lines(
        N_("I couldn't do that, because my disk is full."),
        kept,
        N_("Try again once whoever runs this bot has freed up some space."),
    )


def database_busy(kept: bool) -> str:
    """Returns the answer to a request that failed because another program kept the database."""
    return _lines(
        N_("I couldn't do that, because another program is using my database."),
        kept,
        N_("Try again in a minute."),
    )


def database_away(kept: bool) -> str:
    """Returns the answer to a request that failed because the database's server is away."""
    return _lines(
        N_("I couldn't do that, because I can't reach my database."),
        kept,
        N_("Try again in a minute."),
    )


def database_damaged(kept: bool) -> str:
    """Returns the answer to a request that failed because the database is damaged."""
    return _lines(N_("I couldn't do that, because my database is damaged."), kept, TELL_OPERATOR)


def data_folder_gone(kept: bool) -> str:
    """Returns the answer to a request that failed because the data folder was removed."""
    return _lines(
        N_("I couldn't do that, because somebody removed my data folder."), kept, TELL_OPERATOR
    )


def disk_not_writable(kept: bool) -> str:
    """Returns the answer to a request that failed because the disk cannot be written."""
    return _lines(N_("I couldn't do that, because I can't write to my disk."), kept, TELL_OPERATOR)


def storage_failed(kept: bool) -> str:
    """Returns the answer to a request that failed in the storage for any other reason."""
    return _lines(
        N_("I couldn't do that, because something went wrong with my storage."), kept, TELL_OPERATOR
    )


def unforeseen(reference: str, kept: bool) -> str:
    """Returns the answer to a request that failed although nobody foresaw it.

    reference: what the log has at the error.
    kept: True if a part of what the request does was saved.
    """
    return " ".join(
        [
            _("Something went wrong on my side."),
            saved(kept),
            _(
                "Try again in a minute. If it keeps happening, give whoever runs this bot "
                "the reference `{reference}`.",
                reference=reference,
            ),
        ]
    )


def saved(kept: bool) -> str:
    """Returns a sentence that says whether a failed request saved a part of its work."""
    return _("I've saved everything up to that point.") if kept else _("I didn't save anything.")


def _lines(what: str, kept: bool, after: str) -> str:
    return " ".join([translated(what), saved(kept), translated(after)])


PERMISSIONS = {
    "view_channel": N_("View Channel"),
    "read_message_history": N_("Read Message History"),
    "add_reactions": N_("Add Reactions"),
    "send_messages": N_("Send Messages"),
    "send_polls": N_("Create Polls"),
    "create_events": N_("Create Events"),
    "connect": N_("Connect"),
}
"""discord.py's name of a permission -> its name in Discord's settings."""


def permission_names(names: list[str]) -> list[str]:
    """Returns each permission in words, as Discord's settings name it.

    names: discord.py's names.
    """
    return [translated(PERMISSIONS[name]) for name in names]


def permissions(names: list[str]) -> str:
    """Returns permissions in words, as a list.

    names: discord.py's names.
    """
    return listed(permission_names(names))


def permissions_missing(names: list[str]) -> str:
    """Returns the note under a card where reactions do not reach the bot.

    names: discord.py's names of the permissions that it lacks.
    """
    return _(
        "I can't see reactions in this channel. If you manage this server, please turn on "
        "{permissions} for me here. Until then, everybody can use the buttons.",
        permissions=permissions(names),
    )


NOTES: dict[str, Sentence] = {
    "changed-command": N_("That command has just changed. Reload Discord and try again."),
    "data-folder-gone": data_folder_gone,
    "database-away": database_away,
    "database-busy": database_busy,
    "database-damaged": database_damaged,
    "discord-silent": N_("Discord isn't answering. Try again in a minute."),
    "disk-full": disk_full,
    "disk-not-writable": disk_not_writable,
    "just-restarting": N_("I'm restarting. Try that again in a minute."),
    "managers-only": N_(
        "Only people who can manage this server can do that. Ask one of them for help."
    ),
    "maybe-saved": N_(
        "I lost the connection to my database just as I was saving, so I don't know whether that "
        "worked. Check in a minute, and try again if it didn't."
    ),
    "not-a-choice": N_("“{typed}” isn't one of the choices. Pick one from the list."),
    "servers-only": N_("That only works in a server. Try it there."),
    "storage-failed": storage_failed,
    "too-late": N_("That took too long to reach me. Try again."),
    "unknown-button": N_("That button doesn't work any more. Get a new card with `/recommend`."),
}
"""The answer to a command or button that does not work here or now, by the note's key."""
