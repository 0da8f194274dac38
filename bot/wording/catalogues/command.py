"""The command `python -m bot.wording.catalogues.command`, which `make messages` runs.

It reads the messages from the source, updates and compiles the catalogues of translations, and
prints all faults. With `--check` it writes nothing.
"""

import sys
from collections.abc import Iterator

from bot.wording.catalogues import uses
from bot.wording.catalogues.checks import check_files, check_source
from bot.wording.catalogues.extract import source_messages
from bot.wording.catalogues.files import SOURCE, translated_codes, write_all
from bot.wording.catalogues.stray import strays


def faults(*, write: bool = False) -> Iterator[str]:
    """Yields every fault of the texts for people, one line each.

    write: True to update the catalogues first.
    """
    messages = source_messages()
    if write:
        write_all(messages)
    yield from check_source(messages)
    yield from check_files(messages, sorted({SOURCE, *translated_codes()}))
    yield from uses.unused()
    yield from uses.unsaid()
    yield from (f"{stray.file}:{stray.line}: a stray sentence: {stray.text}" for stray in strays())


def main() -> None:
    """Updates and checks the catalogues. Ends with status 1 if there is a fault."""
    write = "--check" not in sys.argv[1:]
    found = list(faults(write=write))
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.stdout.write(f"{len(source_messages())} messages, {len(found)} faults\n")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
