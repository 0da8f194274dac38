"""What `matinee --help` says about each command, argument and option.

`bot/cli` translates these constants when it is imported, since it defines the commands then.
"""

from bot.wording.speech import N_

MATINEE = N_("Run Matinee, a Discord bot that recommends films.")
IMPORTING = N_("Bring in your own films and ratings.")
EXPORTING = N_("Take data out for somebody.")
MODELS = N_("See which model is in use and how each one did, or choose another.")
CATALOGUE = N_("Check a list of films.")
EXPERIMENTS = N_("See what each experiment changes and what it has found.")

RUN = N_("Run the bot on Discord. It needs DISCORD_TOKEN.")
RUN_OR_PLAY = N_("Open the playground instead if there's no token.")
PLAY = N_(
    "Try the bot without a token, on a web page that works like Discord. It's only on this machine."
)
ATTACH = N_("Run the bot on a local Discord that another process runs, like the soak tests do.")
TRAIN = N_("Fit a new model now, and use it if it's no worse than the one in use.")
TRAIN_SEARCH = N_("Search for better settings first. This takes a long time.")
FIT_WORKER = N_(
    "Fit the model described on standard input. The bot and `matinee train` run this for you."
)

VERSION = N_("Name a version, or type how its name begins.")
MODELS_LIST = N_("List all versions, newest first.")
MODELS_SHOW = N_("Show everything about one version.")
MODELS_PROMOTE = N_(
    "Use a version, whatever its test said. A running bot switches within a minute."
)
MODELS_ROLLBACK = N_(
    "Go back to the version that was in use before. A running bot switches within a minute."
)
MODELS_PRUNE = N_("Remove old versions, and leftovers of fits that broke off.")

BACKUP = N_("Copy your database and check the copy. The bot can keep running.")
BACKUP_TO = N_("Choose where the copy goes. Leave it out for backups/ in the data folder.")
RESTORE = N_("Put a copy of your database back. Stop the bot first.")
RESTORE_COPY = N_("Name the copy to put back. Leave it out to list the ones you have.")
RESTORE_REPLACE = N_("Replace the database you have now. I'll keep the old one next to it.")

HEALTHCHECK = N_(
    "Ask the running bot whether it's connected to Discord and can save. If not, the exit status "
    "is 1."
)
HEALTHCHECK_SECONDS = N_("Choose how many seconds the bot gets to try a write.")
DOCTOR = N_("Look for problems on this machine and on Discord, and say how to fix them.")
DOCTOR_OFFLINE = N_("Look only at this machine, not at Discord.")
DOCTOR_MEND = N_("Repair data that earlier versions damaged.")

IMPORT_MOVIELENS = N_(
    "Import a MovieLens data set. Its films join your catalogue, and I learn from its ratings. "
    "Importing it again changes nothing."
)
MOVIELENS_FOLDER = N_("Give me the MovieLens folder, or say where --download puts it.")
MOVIELENS_DOWNLOAD = N_("Download this data set into the folder first. Try ml-latest-small.")
MOVIELENS_MIRROR = N_("Say where --download gets it from.")
MOVIELENS_SCALE = N_("Write 10 if the ratings go from 1 to 10.")

IMPORT_IMDB = N_(
    "Import films from IMDb's tables, so that people can name and rate them. Your own list and "
    "MovieLens stay first: I won't pick a new film before somebody rates it."
)
IMDB_FOLDER = N_(
    "Give me the folder with title.basics, and with title.ratings, title.akas and title.crew if "
    "you have them, packed or unpacked."
)
IMDB_LEAST_VOTES = N_("Leave out films that fewer people voted on at IMDb.")
IMDB_KINDS = N_("Choose the kinds, with commas. I know movie, tvMovie, short, video and others.")
IMDB_SINCE = N_("Leave out films before this year.")
IMDB_REGIONS = N_("Keep the titles of these regions first, with commas. Try DE,AT.")
IMDB_ADULT = N_("Import films for adults only, too.")

IMPORT_LIST = N_(
    "Import your own list of films, or of anything with titles and tags. If a line is wrong, "
    "nothing is imported."
)
LIST_FILMS = N_("Give me your list as a CSV file. docs/catalogue.md has its columns.")
LIST_TAGS = N_("Give me your own tags as a CSV file. They join the ones I know.")
LIST_DRY_RUN = N_("Show what would change, and change nothing.")

IMPORT_HISTORY = N_(
    "Show what somebody's film history from elsewhere would change, and bring it in with --apply. "
    "docs/imports.md has the files I read."
)
EXPORT_HISTORY = N_("Write somebody's film history as a zip for Letterboxd.")
HISTORY_FILE = N_("Give me the export: a zip, CSV, JSON or XML file.")
HISTORY_PERSON = N_("Name the person by their Discord id.")
HISTORY_APPLY = N_("Bring it in. Without this I only show what would change.")
HISTORY_UNDO = N_("Undo an earlier import by its number.")
HISTORY_TO = N_("Say where the zip goes.")

CATALOGUE_CHECK = N_("Check a list of films line by line, and show how balanced it is.")
CHECK_FILMS = N_("Give me your own list. Leave it out to check the starter catalogue.")

EXPERIMENT_NAME = N_("Name an experiment from your file.")
EXPERIMENT_LIST = N_("List all experiments, and whether each is running.")
EXPERIMENT_SHOW = N_("Show an experiment's arms, and what each one changes.")
EXPERIMENT_REPORT = N_("Show what an experiment has found so far. Look as often as you like.")
EXPERIMENT_JSON = N_("Write the figures to this file.")
EXPERIMENT_PAGE = N_("Write a page with plots: FILE.html or FILE.md.")
EXPERIMENT_CHECK = N_("Check your file of experiments, and whether I can serve every arm.")

REPORT = N_(
    "Show who came and stayed, what people did about the picks, and which little-known films "
    "they found. I leave out whatever would tell what one or two people did."
)
REPORT_WEEKS = N_("Choose how many weeks to look back on.")
REPORT_JSON = N_("Write the figures to this file.")
REPORT_CSV = N_("Write the figures to this CSV file, one a line.")
REPORT_HTML = N_("Write a page with plots: FILE.html or FILE.md.")
