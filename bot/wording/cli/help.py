"""What `matinee --help` says about each command, argument and option.

`bot/cli` translates these constants when it is imported, since it defines the commands then.
"""

from bot.wording.speech import N_

MATINEE = N_("Run Matinee, a Discord bot that recommends films.")
IMPORTING = N_("Import your own films and ratings.")
EXPORTING = N_("Export somebody's data.")
MODELS = N_("See which model I'm using and how well each version did, or choose another version.")
CATALOGUE = N_("Check a list of films.")
EXPERIMENTS = N_("See what each experiment changes and what it's found so far.")

RUN = N_("Run the bot on Discord. It needs DISCORD_TOKEN.")
RUN_OR_PLAY = N_("Open the playground instead if there's no token.")
PLAY = N_(
    "Try the bot without a token, on a web page that works like Discord. Only this machine can "
    "open it."
)
ATTACH = N_(
    "Connect the bot to a local copy of Discord that's already running. This is only for long "
    "tests, so you won't need it."
)
TRAIN = N_("Train a new model now, and use it if it's at least as good as the one I have.")
TRAIN_SEARCH = N_("Look for better settings first. This takes a long time.")

VERSION = N_("The version's name, or just the start of it.")
MODELS_LIST = N_("List all versions, newest first.")
MODELS_SHOW = N_("Show everything about one version.")
MODELS_PROMOTE = N_(
    "Use a version, no matter how well it did in its test. If the bot is running, it'll "
    "switch within a minute."
)
MODELS_ROLLBACK = N_(
    "Go back to the version you used before. If the bot is running, it'll switch within a minute."
)
MODELS_PRUNE = N_("Remove old versions, and what's left of any training that didn't finish.")

BACKUP = N_("Back up your database and check the backup. The bot can keep running.")
BACKUP_TO = N_("Where to put the backup. Leave it out to use backups/ in the data folder.")
RESTORE = N_("Restore your database from a backup. Stop the bot first.")
RESTORE_COPY = N_("The backup to restore. Leave it out to list the ones you have.")
RESTORE_REPLACE = N_(
    "Replace the database you have now. I'll keep the old one in case you need it."
)

MOVE = N_(
    "Move your database to PostgreSQL and check that everything's there. Stop the bot first. If "
    "the move is interrupted, start it again and I'll carry on."
)
MOVE_URL = N_(
    "The address of an empty database, like postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE. "
    "Leave it out to use MATINEE_DATABASE_URL."
)

HEALTHCHECK = N_(
    "Check whether the running bot is connected to Discord and can save data. If not, the exit "
    "status is 1."
)
HEALTHCHECK_SECONDS = N_("How many seconds to wait for the bot to save something.")
DOCTOR = N_("Look for problems on this machine and on Discord, and see how to fix them.")
DOCTOR_OFFLINE = N_("Only check this machine, not Discord.")
DOCTOR_MEND = N_("Repair data that earlier versions damaged.")

IMPORT_MOVIELENS = N_(
    "Import a MovieLens data set. I'll add its films to your catalogue and learn from its "
    "ratings. It's safe to import it again."
)
MOVIELENS_FOLDER = N_("The MovieLens folder, or the folder to put it in with --download.")
MOVIELENS_DOWNLOAD = N_(
    "The data set to download first, like ml-latest-small. I'll put it in the folder."
)
MOVIELENS_MIRROR = N_("The address to download from, with --download.")
MOVIELENS_SCALE = N_("The highest possible rating. Use 10 if the ratings go from 1 to 10.")

IMPORT_IMDB = N_(
    "Import films from IMDb's tables, so that people can look them up and rate them. What I "
    "know from your own list or MovieLens stays as it is, and I won't pick a new film until "
    "somebody's rated it."
)
IMDB_FOLDER = N_(
    "The folder with title.basics. If you have title.ratings, title.akas and title.crew, put "
    "them there too. The files can be gzipped or plain."
)
IMDB_LEAST_VOTES = N_("How many votes a film needs on IMDb. I leave out films with fewer.")
IMDB_KINDS = N_(
    "The kinds of films to import, with commas between them, like movie, tvMovie, short or video."
)
IMDB_SINCE = N_("The year to start from. I leave out films from before then.")
IMDB_REGIONS = N_(
    "The regions whose titles I should use first, with commas between them, like DE,AT."
)
IMDB_ADULT = N_("Import films with adult content too.")

IMPORT_LIST = N_(
    "Import your own list of films, or of anything with titles and tags. If a line is "
    "wrong, I won't import anything."
)
LIST_FILMS = N_("Your list, as a CSV file. docs/catalogue.md explains its columns.")
LIST_TAGS = N_("Your own tags, as a CSV file. I'll add them to the ones I know.")
LIST_DRY_RUN = N_("Show what would change, without changing anything.")

IMPORT_HISTORY = N_(
    "Show what would change if you imported somebody's film history from elsewhere. Add --apply "
    "to import it. docs/imports.md lists the files I can read."
)
EXPORT_HISTORY = N_("Save somebody's film history as a zip for Letterboxd.")
HISTORY_FILE = N_("The export, as a zip, CSV, JSON or XML file.")
HISTORY_PERSON = N_("The person's Discord ID.")
HISTORY_APPLY = N_("Import the history. Without this, I only show what would change.")
HISTORY_UNDO = N_("The number of an earlier import to undo.")
HISTORY_TO = N_("Where to save the zip.")

CATALOGUE_CHECK = N_("Check a list of films line by line, and see how balanced it is.")
CHECK_FILMS = N_("Your own list of films. Leave it out to check the starter catalogue.")

EXPERIMENT_NAME = N_("The name of an experiment in your file.")
EXPERIMENT_LIST = N_("List all experiments, and see which ones are running.")
EXPERIMENT_SHOW = N_("Show an experiment's variants, and what each one changes.")
EXPERIMENT_REPORT = N_(
    "Show what an experiment has found so far. You can look as often as you like."
)
EXPERIMENT_JSON = N_("The file to save the figures to.")
EXPERIMENT_PAGE = N_("The file to save a page with plots to, as FILE.html or FILE.md.")
EXPERIMENT_CHECK = N_("Check your experiments file, and whether I can run everything in it.")

REPORT = N_(
    "Show how many people joined and stayed, what they did with their picks, and which "
    "little-known films they found. I leave out anything that would show what one or two people "
    "did."
)
REPORT_WEEKS = N_("How many weeks to look back.")
REPORT_JSON = N_("The file to save the figures to.")
REPORT_CSV = N_("The CSV file to save the figures to, with one figure on each line.")
REPORT_HTML = N_("The file to save a page with plots to, as FILE.html or FILE.md.")
