"""A short scene whose recorded traffic is checked against Discord's description at once."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.playground.small_cinema import prepare
from tests.playground.stage import open_stage
from tests.traffic import CHECKER, all_findings, distinct, findings


@pytest.fixture(scope="module")
async def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The traffic of a scene."""
    log = tmp_path_factory.mktemp("scene") / "deep" / "rest.jsonl"
    async with open_stage(log, prepare=prepare) as stage:
        june = await stage.person("june")
        card = await june.command("films", "recommend", mood="warm")
        await june.click(card.message, "Another")
        await june.command("films", "slow")
        sent = await stage.room("films").send("hello")
        await sent.add_reaction("❤️")
    return log


def test_a_scenes_traffic_is_clean(log: Path) -> None:
    lines = [json.loads(x) for x in log.read_text(encoding="utf-8").splitlines()]
    assert {x["method"] for x in lines} == {"GET", "POST", "PUT", "PATCH"}
    wanted = {"method", "path", "request_json", "status", "response_json"}
    assert all(wanted <= x.keys() for x in lines)
    if not CHECKER.is_file():
        pytest.skip(f"{CHECKER} is missing: set MATINEE_SHARED to the folder of shared material")
    assert findings(log) == ""


def damage(whole: Any) -> Iterator[None]:
    """Damages a JSON value in one way after the other, and mends it again after each."""
    for holder in parts(whole):
        for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
            was = holder[key]
            for wrong in (None, [], -5, {"type": 99}, "x" * 4001):
                holder[key] = wrong
                yield
            holder[key] = was
        if isinstance(holder, dict):
            holder["unheard of"] = 1
            yield
            del holder["unheard of"]


def parts(whole: Any) -> Iterator[Any]:
    """Yields all objects and lists of a JSON value."""
    if isinstance(whole, dict | list):
        yield whole
        for part in list(whole.values() if isinstance(whole, dict) else whole):
            yield from parts(part)


def test_the_quick_way_to_check_finds_the_same(log: Path, tmp_path: Path) -> None:
    if not CHECKER.is_file():
        pytest.skip(f"{CHECKER} is missing: set MATINEE_SHARED to the folder of shared material")
    damaged = []
    for line in log.read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        damaged += [json.dumps(told) for _ in damage(told["response_json"])]
    some = random.Random(1).sample(damaged, 30)
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join([*some, *some[:5]]), encoding="utf-8")
    found = findings(bad)
    assert "[type]" in found
    assert found == findings(bad, quick=False)


def exchange(guild: int, channel: int, content: str) -> str:
    """Returns a line of a log: a message is sent to a channel, and it names a server."""
    body = {"content": content, "tts": False, "nonce": str(guild)}
    told = {"method": "POST", "path": f"/api/v10/channels/{channel}/messages"}
    return json.dumps(told | {"request_json": body, "status": 204, "response_json": None}) + "\n"


def test_of_exchanges_that_differ_only_in_ids_and_words_one_is_checked(tmp_path: Path) -> None:
    one, two, three = 1213214176051200000, 1213214176051200001, 121321417605120000
    good = [exchange(one, two, "a"), exchange(two, three, "a"), exchange(one, two, "a")]
    assert distinct(good) == good[:2], "the ids of the second have other lengths"
    assert len(distinct([exchange(one, two, "a"), exchange(two, one, "a")])) == 1
    assert len(distinct([exchange(one, two, "a"), exchange(one, one, "a")])) == 2
    words = [exchange(one, two, text) for text in ("a", "b", " ", "longer", "x" * 2001)]
    assert distinct(words) == [words[3], words[2], words[4]], "not the blank or too long for others"
    logs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    logs[0].write_text("".join(good), "utf-8")
    logs[1].write_text(exchange(one, two, "x" * 4001), "utf-8")
    if not CHECKER.is_file():
        pytest.skip(f"{CHECKER} is missing: set MATINEE_SHARED to the folder of shared material")
    assert "content" in all_findings(logs, tmp_path), "the one message that is too long"
