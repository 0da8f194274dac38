"""Finds phrases of the project's old dialect in docstrings and comments.

    python -m tests.voice [FOLDER]     # prints counts by phrase, then every place
    python -m tests.voice --count      # prints only the counts

The dialect inverted sentences and hid their subjects, so readers had to read them twice. The
phrases below are its marks. They do not find every bad sentence.
"""

import ast
import io
import re
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("bot", "recommender", "storage", "tests")

PHRASES = (
    r"of who(?:m|ever)?\b",
    r"\bfor who\b",
    r"\bto who\b",
    r"\bwho asks?\b",
    r"\bwho(?:se)? it is\b",
    r"\bso (?:many|few|much)\b",
    r"\bwhere (?:there (?:is|are|was|were) (?:none|no)\b|none\b|nobody\b|nothing\b|it is none)",
    r"\bthere is none\b",
    r"\b(?:is|are|has|have|holds?) none\b",
    r"\bstands?\b",
    r"\bstood\b",
    r"\b(?:is|are|was|were|be|being) told\b",
    r"\btold (?:apart|from|by|at|the)\b",
    r"\btells? of\b",
    r"\bof (?:them|it|these|those|that)(?: all)?[,;:.)]",
    r"(?:^|[.;:] )Of (?:a|an|the|each|every|two|what|all|both|one|several|k|n)\b[^.]*[:,]",
    r"\bmade anew\b|\banew\b",
    r"\bcomes? (?:into question|of it)\b|\bin question\b",
    r"\bwhat (?:came|comes|became) of\b",
    r"\bwhat is (?:said|told|asked|meant) (?:of|by)\b",
    r"\b(?:is|are) said of\b|\bmay be said\b|\bsay of\b|\bsays of\b",
    r"\bmakes? of\b",
    r"\bwhichever\b|\bthereof\b|\bwhereof\b|\blest\b|\bshall\b",
    r"\bnot (?:there )?any more\b|\bno more of\b",
    r"\bat most so\b",
    r"\ba moment's\b|\bthe moment's say\b|\bits say\b|\bown say\b|\bsmall say\b",
    r"\bby (?:which|whom)\b",
    r"\bfor itself\b|\beach for\b",
    r"\bbeside (?:the others|it|them)\b",
    r"\bas (?:it|they) (?:is|are|stand)[,;:.)]",
)


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Yields (line, text) of every docstring and comment in a module's source."""
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:  # statements alone, since expressions are many and hold no docstring
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            text = node.value.value
            if isinstance(text, str):
                yield node.lineno, " ".join(text.split())
        for part in ("body", "orelse", "handlers", "finalbody", "cases"):
            below = getattr(node, part, None)
            waiting += below if isinstance(below, list) else ()
    block: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        if token.start[0] != last + 1 or not block:
            if block:
                yield first, " ".join(block)
            block, first = [], token.start[0]
        block.append(token.string.lstrip("# "))
        last = token.start[0]
    if block:
        yield first, " ".join(block)


def marks(folders: tuple[Path, ...]) -> Iterator[tuple[str, str]]:
    """Yields (phrase, "file:line: the words around it") for every mark of the dialect."""
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            if path.name == "voice.py" or "versions" in path.parts or "__pycache__" in path.parts:
                continue
            for line, text in prose(path.read_text(encoding="utf-8")):
                for phrase in PHRASES:
                    for hit in re.finditer(phrase, text):
                        around = text[max(0, hit.start() - 40) : hit.end() + 40]
                        yield phrase, f"{path}:{line}: …{around}…"


def main() -> None:
    """Prints the counts, and also the places unless `--count` is given."""
    named = [Path(word) for word in sys.argv[1:] if not word.startswith("--")]
    found = list(marks(tuple(named or [ROOT / folder for folder in FOLDERS])))
    counts = Counter(phrase for phrase, _ in found)
    print("\n".join(f"{counts[phrase]:5}  {phrase}" for phrase in PHRASES))
    print(f"{len(found):5}  in all")
    if "--count" not in sys.argv:
        print("\n".join(place for _, place in found))


if __name__ == "__main__":
    main()
