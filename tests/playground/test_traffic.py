"""A short scene whose recorded traffic is checked against Discord's description at once."""

import json
from pathlib import Path

import pytest

from tests.playground.small_cinema import prepare
from tests.playground.stage import open_stage
from tests.traffic import CHECKER, findings


async def test_a_scenes_traffic_is_clean(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "rest.jsonl"
    async with open_stage(log, prepare=prepare) as stage:
        june = await stage.person("june")
        card = await june.command("films", "recommend", mood="warm")
        await june.click(card.message, "Another")
        await june.command("films", "slow")
        sent = await stage.room("films").send("hello")
        await sent.add_reaction("❤️")
    lines = [json.loads(x) for x in log.read_text(encoding="utf-8").splitlines()]
    assert {x["method"] for x in lines} == {"GET", "POST", "PUT", "PATCH"}
    wanted = {"method", "path", "request_json", "status", "response_json"}
    assert all(wanted <= x.keys() for x in lines)
    if not CHECKER.is_file():
        pytest.skip(f"{CHECKER} is missing: set MATINEE_SHARED to the folder of shared material")
    assert findings(log) == ""
