"""`python -m bot`: the command line."""

import sys


def main() -> None:
    """Runs the console command `matinee`.

    `matinee healthcheck` alone is answered without loading the other commands. It then takes a
    quarter of the processor time.
    """
    if sys.argv[1:] == ["healthcheck"]:
        from bot.cli.healthcheck import healthcheck

        sys.exit(healthcheck())
    from bot.cli.main import cli

    cli()


if __name__ == "__main__":
    main()
