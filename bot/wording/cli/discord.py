"""Says what `matinee doctor` finds at Discord's end, and what to do about it."""

from bot.wording.speech import N_, Sentence, _, ngettext, number


def _token_works(name: str | None) -> str:
    return _("It works.") if name is None else _("It's the token of {name}.", name=name)


def _clock_off(seconds: float, ahead: bool) -> str:
    shown = number(round(seconds))
    if ahead:
        return _("This machine's clock is {seconds} s ahead of Discord's.", seconds=shown)
    return _("This machine's clock is {seconds} s behind Discord's.", seconds=shown)


def _commands_registered(count: int) -> str:
    return ngettext("Discord has my {n} command.", "Discord has all my {n} commands.", count)


def _gateway_open(servers: int) -> str:
    return ngettext(
        "It let me in. I'm in {n} server.", "It let me in. I'm in {n} servers.", servers
    )


REFUSALS: dict[str, Sentence] = {}
"""Key of an error -> its sentence."""

NOTES: dict[str, Sentence] = {
    "allow-there": N_("Allow that there, or invite me again with the link in my log."),
    "check-network": N_(
        "Check this machine's network and its name resolution, then status.discord.com."
    ),
    "choose-channel": N_("Someone who manages that server can choose another with /setup."),
    "clear-endpoint": N_("Clear that field in the developer portal (General Information)."),
    "clock-agrees": N_("This machine's clock agrees with Discord's."),
    "clock-off": _clock_off,
    "commands-outdated": N_("Discord has an old version of {commands}, or none."),
    "commands-registered": _commands_registered,
    "commands-unlisted": N_("I can't list them ({cause})."),
    "copy-token": N_(
        "Copy it again from the developer portal (Bot, Reset Token) into DISCORD_TOKEN."
    ),
    "discord-not-asked": N_("I can't ask Discord ({cause})."),
    "endpoint-clear": N_("Commands reach me as they should."),
    "endpoint-set": N_("It has an Interactions Endpoint URL, so commands don't reach me."),
    "gateway-open": _gateway_open,
    "gateway-refuses-intents": N_(
        "Discord turns down the intents I ask for, and none of them is privileged."
    ),
    "gateway-unreachable": N_("I can't reach it ({cause})."),
    "open-gateway": N_("Let this machine open WebSockets to gateway.discord.gg, port 443."),
    "post-channel-gone": N_("In {server}, the post's channel is gone or I can't see it."),
    "post-permitted": N_("In {server}, I'm allowed everything a post needs."),
    "post-server-left": N_("I'm not in server {server} any more, but I still have a post for it."),
    "post-unpermitted": N_("In {channel} of {server}, I'm not allowed {permissions}."),
    "post-stops": N_("There's nothing to do. That post stops by itself."),
    "put-token": N_("Put the bot's token into .env (README, “Making the application”)."),
    "start-to-sync": N_("Start the bot. It gives Discord the commands that have changed."),
    "sync-clock": N_("Turn on time synchronisation. On Linux, try `timedatectl set-ntp true`."),
    "token-not-set": N_("DISCORD_TOKEN isn't set."),
    "token-rejected": N_("Discord refuses the token."),
    "token-works": _token_works,
    "try-later": N_("Try again later."),
    "update-or-remake": N_("Update Matinee. If that doesn't help, make a new application."),
}
"""Key of a note -> its sentence."""
