"""The texts of commands, their options and the options' choices, as Discord lists them.

When the bot starts, discord.py gets the English texts, and `bot/client/translator.py` translates
them. Discord then shows each person the commands in the language of their app.
"""

from bot.wording.speech import N_

FILM = N_("Start typing a title", "option description")
RATE = N_("Rate any film, with half stars if you like", "command description")
RATE_STARS = N_("From half a star to five", "option description")
UNRATE = N_("Take back your rating of a film", "command description")
