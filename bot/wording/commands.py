"""The texts of commands, their options and the options' choices, as Discord lists them.

When the bot starts, discord.py gets the English texts, and `bot/client/translator.py` translates
them. Discord then shows each person the commands in the language of their app.
"""

from bot.wording.speech import N_

FILM = N_("Start typing a title", "option description")
PRIVATE = N_("Show the answer only to you", "option description")
RATE = N_("Rate any film, with half stars if you like", "command description")
RATE_STARS = N_("How many stars, from half a star to five", "option description")
UNRATE = N_("Take back your rating of a film", "command description")

BROWSE = N_(
    "Browse shelves of films, starting with your favourites, or see one whole shelf",
    "command description",
)
BROWSE_SHELF = N_(
    "Start typing a shelf's name, or leave it out to see your shelves", "option description"
)
FILM_PAGE = N_(
    "A film's page: who made it, what it's like, and who loves it", "command description"
)
HELP = N_("What to try first, and everything I can do", "command description")
RECOMMEND = N_(
    "A film for you right now, picked for your taste and the time of day", "command description"
)
RECOMMEND_DECADE = N_("The decade it came out in", "option description")
RECOMMEND_GENRE = N_("A genre you'd like", "option description")
RECOMMEND_LANGUAGE = N_("The language it's in, like Korean", "option description")
RECOMMEND_MOOD = N_("A mood you'd like", "option description")
RECOMMEND_RUNTIME = N_("The longest it can be, in minutes", "option description")
RECOMMEND_SURPRISE = N_(
    "Choose True for a film unlike what you usually watch", "option description"
)
RECOMMEND_WITH = N_("Who you're watching with, so the pick suits you both", "option description")
RECOMMEND_WITH_SECOND = N_("Who else is watching", "option description")
RECOMMEND_WITH_THIRD = N_("One more person who's watching", "option description")
SIMILAR = N_("Films like one you love, and what they have in common", "command description")
SIMILAR_BY = N_(
    "What makes films alike: tags, the people who love them, or both", "option description"
)
SIMILAR_MEASURE = N_(
    "How I should compare tags. Leave it out if you're not sure", "option description"
)
SIMILAR_BYS = {
    "tags": N_("What they're about and how they feel", "choice"),
    "people": N_("The people who love them", "choice"),
    "both": N_("Both", "choice"),
}
"""What can make films alike, by its key."""

SIMILAR_MEASURES = {
    "cosine": N_("Cosine: the angle between their tags", "choice"),
    "jaccard": N_("Jaccard: the share of tags they have in common", "choice"),
    "pearson": N_("Pearson: the correlation between their tags", "choice"),
}
"""How tags can be compared, by the measure's key."""

TRENDING = N_("What people are rating and loving right now", "command description")
TRENDING_SCOPE = N_(
    "What's popular in this server or everywhere, or films on the rise", "option description"
)
TRENDING_SCOPES = {
    "server": N_("This server", "choice"),
    "everywhere": N_("Everywhere", "choice"),
    "rising": N_("On the rise", "choice"),
}
"""Whose ratings can count for trends, by its key."""

TRENDING_WINDOW = N_("How far back to look", "option description")
TRENDING_WINDOWS = {
    "day": N_("The last day", "choice"),
    "week": N_("The last week", "choice"),
    "month": N_("The last month", "choice"),
    "all-time": N_("All time", "choice"),
}
"""How far back trends can look, by its key."""

PROFILE = N_("Your taste: a picture, your ratings, and how well I know you", "command description")
PROFILE_MEMBER = N_(
    "Somebody whose taste you'd like to see. They have to let members see it first",
    "option description",
)
PROFILE_PRIVATE = N_("Choose False to show the profile to everyone here", "option description")
COMPARE = N_("How well your taste matches somebody else's here", "command description")
COMPARE_MEMBER = N_(
    "Who to compare tastes with. They have to allow comparing first", "option description"
)
COMPARE_PRIVATE = N_("Choose False to show the match to everyone here", "option description")
COMPARE_TASTE = N_("Compare taste", "menu command")
WATCHLIST = N_(
    "The films you're keeping for later, with the best ones for right now first",
    "command description",
)
WATCHLIST_ADD = N_("A film to keep for later: start typing a title", "option description")
WATCHLIST_REMOVE = N_("A film to take off your list: start typing a title", "option description")
WATCHLIST_PRIVATE = N_("Choose False to show your list to everyone here", "option description")

MOVIENIGHT = N_("Plan a movie night, or see what you've watched together", "command description")
MOVIENIGHT_PLAN = N_(
    "Find films that suit all of you, and set up a poll and an event", "command description"
)
MOVIENIGHT_MEMBERS = N_("Who's coming: mention them with @", "option description")
MOVIENIGHT_VOICE = N_(
    "The voice channel you'll watch in. I'll count everyone who's in it now as coming too",
    "option description",
)
MOVIENIGHT_WHEN = N_(
    "When you'll start, like tonight 20:30, fri 8pm, or in 2 hours", "option description"
)
MOVIENIGHT_HISTORY = N_("See what you've watched together here", "command description")

RATE_THIS_FILM = N_("Rate this film", "menu command")
MORE_LIKE_THIS = N_("More like this", "menu command")

PRIVACY = N_("See, export or delete what I know about you", "command description")
IMPORT = N_("Import your ratings from Letterboxd, IMDb, Trakt and others", "command description")
IMPORT_FILE = N_("Your export: a zip or CSV file, just as you downloaded it", "option description")
SETTINGS = N_(
    "Your time zone, your language, how adventurous your picks are, and what I leave out",
    "command description",
)
SETTINGS_ZONE = N_("Your time zone: start typing a city or a country", "option description")
SETTINGS_LANGUAGE = N_("The language I answer you in", "option description")
SETTINGS_NEVER = N_("A genre to leave out. Choose it again to bring it back", "option description")

SETUP = N_("This server's scheduled posts and settings, for managers", "command description")
SETUP_POST = N_(
    "Set up a scheduled post: where it goes, when it comes, and what it shows",
    "command description",
)
SETUP_CHANNEL = N_("The channel I post in", "option description")
SETUP_TIME = N_("When I post, in this server's time zone, like 19:00 or 7pm", "option description")
SETUP_DAYS = N_(
    "The days I post on: daily, weekdays, weekends, or days like mon, thu", "option description"
)
SETUP_THEME = N_("What the post shows", "option description")
SETUP_MEMBER = N_(
    "Whose favourites to show. They have to share their taste in /settings first",
    "option description",
)
SETUP_LANGUAGE = N_(
    "Only films in this language, like Korean. Type “any” for all languages", "option description"
)
SETUP_ZONE = N_("The server's time zone: start typing a city or a country", "option description")
SETUP_SERVER = N_(
    "The server's time zone, its language, family-safe films, and the weekly digest",
    "command description",
)
SETUP_SERVER_LANGUAGE = N_("The language of my posts and public answers here", "option description")
SETUP_FAMILY_SAFE = N_("Only show films that I know are fine for teens", "option description")
SETUP_DIGEST = N_(
    "Get a message each Monday about what I posted and what people rated and loved",
    "option description",
)
SETUP_REACTIONS = N_("Choose how many stars each emoji gives on cards here", "command description")
SETUP_EMOJI = N_("Each emoji with its stars, like 🔥 5 👍 4 👎 1", "option description")
SETUP_SHOW = N_("See what's set up here, and whether anything needs fixing", "command description")
THEMES = {
    "auto": N_("A shelf that suits the time of day", "choice"),
    "trending": N_("What people here are rating", "choice"),
    "staff": N_("A member's favourites", "choice"),
    "wild": N_("A wild card: a film that few people know", "choice"),
}
"""What a scheduled post can show, by the name of its theme."""

START = N_(
    "Take a minute to answer some questions, so I know what to show you", "command description"
)

STATUS = N_("How I'm doing, for whoever runs this bot", "command description")
LAB = N_("How my models are doing, for whoever runs this bot", "command description")
LAB_MODELS = N_("Which model I'm using, and how well each one did", "command description")
LAB_EXPERIMENTS = N_("What I'm trying out, and how it's going so far", "command description")
