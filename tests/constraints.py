#!/usr/bin/env python3
"""Check that the pinned dependencies of a production install exist as wheels for every machine.

    python3 tests/constraints.py             # Python 3.11 to 3.13, x86-64 and aarch64
    python3 tests/constraints.py --only 3.12

For each Python and machine, `pip download --only-binary=:all:` resolves the wheel of Matinee under
`constraints.txt` and fetches what it needs, without building anything. pip decides by the Python
that runs it which dependencies a version needs, so each version has to be installed here. The
platform is Debian 12 or newer; the image of the Dockerfile is made from Debian 12. The exit status
is 1 if a download failed or a Python is missing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from matrix import ROOT, VERSIONS, Interpreter, found_interpreters

MACHINES = ("x86_64", "aarch64")
NEWEST_GLIBC = 36  # glibc 2.36, Debian 12


def platforms(machine: str) -> list[str]:
    """Returns the options that name every platform tag which runs on Debian 12."""
    tags = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, 16, -1)]
    tags.append(f"manylinux2014_{machine}")
    return [f"--platform={tag}" for tag in tags]


def download(python: Interpreter, machine: str, wheel: Path, target: Path) -> str | None:
    """Downloads what `wheel` needs into `target`. Returns what pip says if it fails, else None."""
    ended = subprocess.run(
        [
            *(str(python.path), "-m", "pip", "download", "--quiet", "--only-binary=:all:"),
            *("--implementation=cp", f"--python-version={python.minor}", *platforms(machine)),
            *("-c", str(ROOT / "constraints.txt"), "-d", str(target), str(wheel)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return None if ended.returncode == 0 else ended.stderr.strip()


def main() -> int:
    """Checks every Python and machine. Returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", choices=VERSIONS, help="one Python")
    wanted = parser.parse_args().only
    pythons = {one.minor: one for one in found_interpreters(os.environ, Path.home())[0]}
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder]
        subprocess.run([*build, str(ROOT)], check=True)
        (wheel,) = Path(folder).glob("matinee-*.whl")
        for version in (wanted,) if wanted else VERSIONS:
            python = pythons.get(version)
            for machine in MACHINES:
                target = Path(folder, f"{version}-{machine}")
                problem = (
                    download(python, machine, wheel, target) if python else "it is not installed"
                )
                failed = failed or problem is not None
                sizes = [one.stat().st_size for one in target.glob("*.whl")]
                told = problem or f"{len(sizes)} wheels, {sum(sizes) / 2**20:.0f} MiB"
                print(f"Python {version}, {machine}: {told}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
