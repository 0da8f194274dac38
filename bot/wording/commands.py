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
