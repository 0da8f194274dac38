"""The texts of commands, their options and the options' choices, as Discord lists them.

When the bot starts, discord.py gets the English texts, and `bot/client/translator.py` translates
them. Discord then shows each person the commands in the language of their app.
"""

from bot.wording.speech import N_

FILM = N_("Start typing a title", "option description")
RATE = N_("Rate any film, with half stars if you like", "command description")
RATE_STARS = N_("From half a star to five", "option description")
UNRATE = N_("Take back your rating of a film", "command description")

PRIVACY = N_("See, export or delete what I know about you", "command description")
SETTINGS = N_("Your time zone, how adventurous, what I leave out", "command description")
SETTINGS_ZONE = N_("Your time zone: start typing a city or a country", "option description")
SETTINGS_NEVER = N_("A genre to leave out. Say it again to bring it back", "option description")

SETUP = N_("This server's scheduled posts and settings, for managers", "command description")
SETUP_POST = N_("A scheduled post: where, when and what it shows", "command description")
SETUP_CHANNEL = N_("The channel I post in", "option description")
SETUP_TIME = N_("The local time, like 19:00 or 7pm", "option description")
SETUP_DAYS = N_("daily, weekdays, weekends, or days like mon, thu", "option description")
SETUP_THEME = N_("What it shows", "option description")
SETUP_MEMBER = N_(
    "Whose favourites. They have to show their taste here in /settings first", "option description"
)
SETUP_LANGUAGE = N_(
    "Only films in this language, like Korean. “any” brings back all", "option description"
)
SETUP_ZONE = N_("The server's time zone: start typing a city or a country", "option description")
SETUP_SERVER = N_("The server's time zone, family-safe films, the digest", "command description")
SETUP_FAMILY_SAFE = N_("Leave out films unless I know they're fine for teens", "option description")
SETUP_DIGEST = N_(
    "A message to you each Monday: what was posted, rated and loved", "option description"
)
SETUP_SHOW = N_("What's set up here, and whether it can work", "command description")
THEMES = {
    "auto": N_("A shelf for the hour", "choice"),
    "trending": N_("What people here are rating", "choice"),
    "staff": N_("A member's favourites", "choice"),
    "wild": N_("A wild card that few people know", "choice"),
}
"""What a scheduled post can show, by the name of its theme."""

START = N_("A minute of questions, and I'll know what to show you", "command description")

STATUS = N_("How I'm doing, for whoever runs this bot", "command description")
LAB = N_("How my models are doing, for whoever runs this bot", "command description")
LAB_MODELS = N_("Which model I use, and how each one did", "command description")
LAB_EXPERIMENTS = N_("What's being tried, and what came of it so far", "command description")
