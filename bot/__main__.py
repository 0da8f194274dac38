"""`python -m bot`: the command line."""

import os
import sys

from bot.garbage import rare_collections
from bot.wording.speech import speak


def main() -> None:
    """Runs the console command `matinee`.

    `matinee healthcheck` alone is answered without loading the other commands. It then takes a
    quarter of the processor time.
    """
    speak(os.environ.get("MATINEE_LOCALE", "en"))  # the help's language is chosen by the import
    if sys.argv[1:] == ["healthcheck"]:
        from bot.cli.healthcheck import healthcheck

        sys.exit(healthcheck())
    with rare_collections():
        from bot.cli.main import cli

        cli()


if __name__ == "__main__":
    main()
