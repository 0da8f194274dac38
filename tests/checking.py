"""Runs the shared checker of traffic, in a fraction of its time.

    python tests/checking.py CHECKER LOG --noise NOISE

The checker looks at every branch of a union, such as the kinds of components, and collects all
that is wrong with each. Here a branch is left at the first thing that is wrong. The checker's own
way is taken only if the union as a whole is wrong. What is equal in several messages is looked at
once. What is found is the same.
"""

import json
import runpy
import sys
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
from jsonschema.validators import extend

Keyword = Callable[[Any, Any, Any, Any], Iterator[Any]]

SLOW = jsonschema.Draft202012Validator


def union(name: str, fits: Callable[[int], bool]) -> Keyword:
    """Returns the keyword of a union, given how many of its branches may be valid."""

    def keyword(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[Any]:
        valid = sum(validator.evolve(schema=branch).is_valid(instance) for branch in branches)
        if not fits(valid):
            yield from SLOW.VALIDATORS[name](validator, branches, instance, schema)

    return keyword


def reference() -> Keyword:
    """Returns the keyword of a reference, which remembers what is valid and what is not."""
    known: dict[tuple[str, str, str], bool] = {}
    resolved: dict[tuple[str, str], Any] = {}

    def keyword(validator: Any, ref: Any, instance: Any, schema: Any) -> Iterator[Any]:
        place = validator._resolver._base_uri, ref
        if place not in resolved:
            resolved[place] = validator._resolver.lookup(ref)
        found = resolved[place]
        key = *place, json.dumps(instance)
        if key not in known:
            errors = validator.descend(instance, found.contents, resolver=found.resolver)
            known[key] = not any(errors)
        if not known[key]:
            yield from validator.descend(instance, found.contents, resolver=found.resolver)

    return keyword


def main() -> None:
    """Runs the checker with the quick keywords."""
    jsonschema.Draft202012Validator = extend(
        SLOW,
        {
            "$ref": reference(),
            "oneOf": union("oneOf", lambda valid: valid == 1),
            "anyOf": union("anyOf", lambda valid: valid > 0),
        },
    )
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
