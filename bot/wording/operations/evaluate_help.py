"""What `matinee evaluate --help` and `matinee explore --help` say about commands and options.

`bot/cli/evaluate/commands.py` translates these constants when it is imported, since it defines the
commands then.
"""

from bot.wording.speech import N_, _

EVALUATE = N_("Test models on a data set, and compare them.")
EXPLORE = N_(
    "Describe a data set: its stars, how complete it is, its rarely rated films, and "
    "its genres and tags."
)

RANKING = N_(
    "Compare how well models rank films, and how much time and memory each one takes. “serving” "
    "is the one /recommend uses."
)
CONTEXT = N_(
    "Check whether I rank films better if I know the time of day and the day of the week. You "
    "can use your own data."
)
RATING = N_(
    "Compare how well models predict stars. If the folder has the folds u1 to u5, I'll use those."
)
MATCHES = N_(
    "Check whether the match I give two people predicts how often they feel the same about a film."
)
GROUPS = N_(
    "Measure how much people in a group like what I show them, especially whoever likes it least."
)
SHELVES = N_(
    "Check how well I put the shelves that people like first, compared with sorting "
    "shelves by size or by the tags people liked before."
)
TASTE = N_(
    "Measure how well the model in use finds films for narrow tastes, compared with just using "
    "tags."
)
GROWTH = N_(
    "Simulate a new server day by day, and measure how good the picks for its members "
    "are. The members have twelve different tastes."
)
COLDSTART = N_(
    "Measure how much better picks get with each question or screen of the quiz. “newcomer” is "
    "the way I ask real members."
)

DATA = N_("The folder with a MovieLens data set.")
SCALE = N_("The highest possible rating. Use 10 if the ratings go from 1 to 10.")
STARTER = N_("Add tags and other details from the starter catalogue.")
MODELS = N_("The models to test, with commas between them. Leave this out to test all of them.")
JSON = N_("The file to save the figures to.")
CSV = N_("The file to save a table of the figures to.")
REPORT = N_("The file to save a page to, as FILE.html or FILE.md.")

RANKING_SPLIT = N_("How to choose the ratings I test on: reference, temporal or new-people.")
RANKING_SEED = N_(
    "The seed of the random split. Change it to get another split. Leave it out to use 42."
)
RANKING_SEEDS = N_(
    "The seeds of several splits, like 42,1,2,3,4,5. I'll show the averages, and the gain in "
    "each split."
)
RANKING_PEOPLE = N_("How many people to test on. I'll choose them at random.")

CONTEXT_DATA = N_(
    "A file of ratings or counts. Its columns can be separated by commas, tabs, "
    "semicolons, bars or double colons."
)
CONTEXT_COLUMN = N_(
    "The name of this option's column in your file. Leave it out, and I'll guess which column it "
    "is."
)
CONTEXT_MOOD = N_(
    "What your file calls the column with people's moods, if you asked them beforehand. I "
    "won't guess this one."
)
CONTEXT_ZONE = N_("The time zone of the times, like Asia/Tokyo.")
CONTEXT_LIKED = N_("The lowest rating that counts as liked. Leave it out to use 4 out of 5.")
CONTEXT_SEEDS = N_("The seeds of the splits. Leave this out to use 0,1,2,3,4.")

RATING_SEEDS = N_(
    "The seeds of the random splits. Each split sets aside a tenth of the ratings. Leave this "
    "out to use 0,1,2."
)

GROUPS_COUNT = N_("How many groups to make.")
GROUPS_SIZE = N_("How many people to put in each group.")
GROUPS_FILMS = N_("How many films everyone in a group must have rated.")
GROUPS_SEED = N_(
    "The seed for choosing groups and the ratings to test on. Change it to choose others."
)

MATCHES_PAIRS = N_("How many pairs of people to choose.")
MATCHES_FILMS = N_("How many of the hidden films both people must have rated.")
MATCHES_SEED = N_("The seed for choosing pairs and hiding ratings. Change it to choose others.")

SHELVES_SEED = N_(
    "The seed for choosing folds and the ratings I get to see. Change it to choose others."
)

TASTE_PEOPLE = N_("How many people to simulate for each taste.")
PEOPLE_SEED = N_("The seed for the simulated people. Change it to get other people.")

GROWTH_DAYS = N_("How many days to simulate. I train at the end of each one.")
GROWTH_PEOPLE = N_("How many people join each day after the first.")
GROWTH_SEED = N_(
    "The seed for the simulated people and the training. Change it for a different run."
)
GROWTH_PLOT = N_("The SVG file to save a day-by-day chart to.")

COLDSTART_DRAWS = N_(
    "How many rounds to run. In each one, I treat a different tenth of the people as newcomers."
)
COLDSTART_STRATEGIES = N_(
    "The ways of asking questions that I should test, with commas between them. Leave "
    "this out to test all of them."
)
COLDSTART_PEOPLE = N_("The most newcomers to test in a round.")


def one_seed_option() -> str:
    """Returns why `evaluate ranking` stops if both of its options for seeds are given."""
    return _("You've used both --seed and --seeds. Choose one of them.")
