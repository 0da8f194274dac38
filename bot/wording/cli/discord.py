"""Says what `matinee doctor` finds at Discord's end, and what to do about it."""

from bot.wording.speech import N_, Sentence, _, ngettext, number


def _token_works(name: str | None) -> str:
    return (
        _("The token works.")
        if name is None
        else _("The token works. It belongs to {name}.", name=name)
    )


def _clock_off(seconds: float, ahead: bool) -> str:
    shown = number(round(seconds))
    if ahead:
        return _("This machine's clock is {seconds} seconds ahead of Discord's.", seconds=shown)
    return _("This machine's clock is {seconds} seconds behind Discord's.", seconds=shown)


def _commands_registered(count: int) -> str:
    return ngettext(
        "My command on Discord is up to date.",
        "All {n} of my commands on Discord are up to date.",
        count,
    )


def _gateway_open(servers: int) -> str:
    return ngettext(
        "I can connect to Discord. I'm in {n} server.",
        "I can connect to Discord. I'm in {n} servers.",
        servers,
    )


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "allow-there": N_(
        "In the channel's settings, give me the permissions I'm missing, or invite me again "
        "with the link in my log."
    ),
    "check-network": N_(
        "Check this machine's internet connection and DNS, then have a look at status.discord.com."
    ),
    "choose-channel": N_(
        "Ask somebody who manages that server to choose another channel with /setup post."
    ),
    "clear-endpoint": N_(
        "In the developer portal, under General Information, clear the Interactions Endpoint URL."
    ),
    "clock-agrees": N_("This machine's clock agrees with Discord's."),
    "clock-off": _clock_off,
    "commands-outdated": N_(
        "Some of my commands on Discord are missing or out of date: {commands}."
    ),
    "commands-registered": _commands_registered,
    "commands-unlisted": N_("I couldn't check which of my commands Discord has ({cause})."),
    "copy-token": N_(
        "Press Reset Token in the developer portal, under Bot, and put the new token into "
        "DISCORD_TOKEN."
    ),
    "discord-not-asked": N_("I can't reach Discord ({cause})."),
    "endpoint-clear": N_("Commands from Discord can reach me."),
    "endpoint-set": N_(
        "The application has an Interactions Endpoint URL, so commands can't reach me."
    ),
    "gateway-open": _gateway_open,
    "gateway-refuses-intents": N_(
        "Discord refused the intents I asked for, even though none of them are privileged."
    ),
    "gateway-unreachable": N_("I can't connect to Discord's gateway ({cause})."),
    "open-gateway": N_(
        "Let this machine open WebSocket connections to gateway.discord.gg on port 443."
    ),
    "post-channel-gone": N_(
        "In {server}, the channel for the scheduled post is gone, or I can't see it."
    ),
    "post-permitted": N_("In {server}, I have all the permissions I need to post."),
    "post-server-left": N_(
        "I'm not in the server {server} any more, but I still have a post scheduled there."
    ),
    "post-unpermitted": N_("I'm missing permissions in {channel} in {server}: {permissions}."),
    "post-stops": N_("You don't need to do anything. I'll stop the scheduled post myself."),
    "put-token": N_(
        "Put the bot's token into your .env file. “Making the application” in the README shows how."
    ),
    "start-to-sync": N_("Start me, and I'll update my commands on Discord."),
    "sync-clock": N_("Turn on time synchronisation. On Linux, try `timedatectl set-ntp true`."),
    "token-not-set": N_("DISCORD_TOKEN isn't set."),
    "token-rejected": N_("Discord refused the token."),
    "token-works": _token_works,
    "try-later": N_("Try again in a few minutes."),
    "update-or-remake": N_(
        "Update Matinee. If that doesn't help, create a new application in the developer portal."
    ),
}
"""What `matinee doctor` found on Discord, or what to do about it, each on its own line, by the
note's key.
"""
