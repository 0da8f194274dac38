"""Says to managers why posts were not sent, and heads the weekly digest."""

from datetime import date, datetime

from bot.services.wording import safe
from bot.wording.speech import N_, Sentence, _, day, pgettext

REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "answer-lost": N_("Discord didn't answer, so I don't know whether my message arrived."),
    "bot-was-away": N_("I was offline when the post was due."),
    "channel-gone": N_("The channel has been deleted, or I can't see it any more."),
    "content-refused": N_("Discord refused the message twice because of its content."),
    "discord-refused": N_("Discord refused the message and said “{answer}”."),
    "history-hidden": N_(
        "Discord didn't answer, and I'm not allowed to read the channel's history, so I can't "
        "check whether my message arrived."
    ),
    "history-too-long": N_(
        "Discord didn't answer, and there have been too many messages since then for me to check "
        "whether mine arrived."
    ),
    "left-server": N_("I'm not in this server any more."),
    "no-manager": N_("There's nobody left to send the digest to."),
    "no-text-channel": N_("The channel you chose isn't a text channel, so I can't post there."),
    "not-taken": N_("I tried for an hour, but Discord didn't accept the message."),
    "server-hidden": N_("I couldn't reach this server on Discord for an hour."),
}
"""Why a post or message was not sent, after the sentence that says so, by the note's key."""


def stopped(reason: str, key: str, channel: str | None, *, refused: bool) -> str:
    """Returns the message to the manager of a post when its schedule stops.

    reason: why it stops, in a sentence.
    key: the key of the reason.
    channel: the channel's name; None if it is not known.
    refused: True if Discord, or the kind of channel, does not let the bot post there.
    """
    again = _("To get scheduled posts again, choose a channel and a time with `/setup post`.")
    if key == "channel-gone":
        what = _(
            "I can't see the channel for one of your scheduled posts any more, so I've stopped "
            "that post."
        )
    elif not refused:
        what = _(
            "I've stopped one of your scheduled posts. {explanation}",
            explanation=reason,
        )
    elif channel is None:
        what = _(
            "I'm not allowed to post in the channel you chose, so I've stopped the scheduled post."
        )
    else:
        what = _(
            "I'm not allowed to post in {channel}, so I've stopped the scheduled post there.",
            channel=_channel(channel),
        )
    return f"{what} {again}"


def failed(
    reason: str, local_date: str, channel: str | None, next_at: datetime, *, lost: bool
) -> str:
    """Returns the message to the manager of a post that was not sent; the next ones are planned.

    reason: why it failed, in a sentence.
    local_date: the day of the post in the server's zone, such as "2026-03-13".
    channel: the channel's name; None if it is not known.
    next_at: when the next post comes.
    lost: True if the post may have come all the same.
    """
    when = day(date.fromisoformat(local_date))
    where = _channel(channel) if channel else _("the channel")
    if lost:
        what = _(
            "My post for {channel} on {day} may not have arrived. {reason}",
            channel=where,
            day=when,
            reason=reason,
        )
    else:
        what = _(
            "I couldn't send the post for {channel} on {day}. {reason}",
            channel=where,
            day=when,
            reason=reason,
        )
    after = _(
        "I'll post again on <t:{timestamp}:F>. I'll only message you again if something changes.",
        timestamp=str(int(next_at.timestamp())),
    )
    return f"{what} {after}"


def _channel(name: str) -> str:
    return f"#{safe(name)}"


def digest_heading(server: str | None) -> str:
    """Returns the heading of the weekly digest.

    server: the server's name; None if it is unknown or must be left out.
    """
    if server is None:
        return _("**The week in your server**")
    return _("**The week in {server}**", server=safe(server))


def no_more_digests_button() -> str:
    """Returns the label of the button that stops the digest."""
    return pgettext("button", "No more digests")
