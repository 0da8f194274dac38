"""The process that draws. It reads sheets from its input, one a line, and writes their pictures.

Each answer is four bytes with the length of the picture, the greatest one first, and the picture.
The length is 0 if a sheet cannot be drawn. The process ends when its input ends.
"""

import contextlib
import os
import sys
import traceback

from bot.services.pictures.drawing import draw
from bot.services.pictures.sheet import from_line

NICENESS = 10
LENGTH_BYTES = 4


def main() -> None:
    """Draws one sheet after the other."""
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICENESS)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):  # the parent has ended
        for line in sys.stdin.buffer:
            try:
                picture = draw(from_line(line))
            except Exception:  # one sheet must not end the process
                traceback.print_exc()
                picture = b""
            sys.stdout.buffer.write(len(picture).to_bytes(LENGTH_BYTES, "big") + picture)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
