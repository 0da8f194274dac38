"""The playground's README: its example runs, and it names the public names of the package."""

import re
import subprocess
import sys
from pathlib import Path

from bot import playground

README = Path(playground.__file__).parent / "README.md"


def test_the_example_runs() -> None:
    example = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    ran = subprocess.run(
        [sys.executable, "-c", example[1]], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_the_public_names_are_named_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in playground.__all__)
    assert all(hasattr(playground, name) for name in playground.__all__)


def test_the_paths_in_the_readme_exist() -> None:
    text = README.read_text(encoding="utf-8")
    paths = re.findall(r"\]\(([\w/.]+)\)", text)
    assert len(paths) > 8
    assert [x for x in paths if not (README.parent / x).exists()] == []
