"""What a running bot tells its operator: metrics, events and log lines, and nothing of people."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot import instrument
from bot.observability.events import EVENTS
from bot.observability.logs import JsonLines
from bot.playground import Person
from bot.services.imports import film_list
from bot.views.custom_ids import short_ids
from storage.errors import DatabaseUnreachable
from tests.bot.command import ROOT
from tests.clock import at
from tests.house import FEW_FILMS, House, running, until

DEPLOY = ROOT / "deploy"
METRIC = re.compile(r"\b(?:matinee|process)_[a-z_]+\b")
SUFFIX = re.compile(r"_(bucket|count|sum|total)$")


class Lines(logging.Handler):
    """Keeps every record as the line of JSON that the log has."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def events(self, name: str) -> list[dict[str, Any]]:
        """Returns the events of this name, oldest first."""
        return [line for line in map(json.loads, self.lines) if line.get("event") == name]


@dataclass(frozen=True)
class Evening:
    """A house after an evening with everything: cards, ratings, a post, outages, an import.

    Attributes:
        house: the house; it still runs.
        lines: every line of its log.
        page: the metrics page at the end.
    """

    house: House
    lines: Lines
    page: str


def test_a_database_that_is_away_takes_few_lines(log: Lines) -> None:
    cause = ConnectionRefusedError("Connection refused")
    for error in (DatabaseUnreachable("server-unreachable", cause="refused"), ValueError("a bug")):
        try:
            raise error from cause
        except Exception:
            logging.getLogger("bot.somewhere").exception("a job failed")
    away, bug = (json.loads(line)["error"] for line in log.lines[-2:])
    assert away == "DatabaseUnreachable: server-unreachable (cause=refused)"
    assert bug.count("Traceback") == 1


@pytest.fixture(scope="module")
def log() -> Iterator[Lines]:
    """The log as an operator has it: of Matinee also information, of libraries only warnings."""
    lines, root, ours = Lines(), logging.getLogger(), logging.getLogger("bot")
    root.addHandler(lines)
    ours.setLevel(logging.INFO)
    yield lines
    ours.setLevel(logging.NOTSET)
    root.removeHandler(lines)


@pytest.fixture(scope="module")
async def evening(log: Lines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evening]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instrument, "OUTAGE_AFTER_SECONDS", 0.0)
        async with running(tmp_path_factory.mktemp("house"), max_films=FEW_FILMS) as house:
            async with house.member("mira") as mira, house.member("june") as june:
                card = await spend(house, mira, june)
                await lose_the_gateway(house, log)
                await lose_the_database(house, log, mira, card)
            listed = film_list.read(write_list(house.settings.data / "mine.csv"))
            await film_list.import_list(house.app, listed, rehearse=False)
            page = house.app.metrics.page().decode()
            yield Evening(house, log, page)


async def spend(house: House, mira: Person, june: Person) -> Any:
    """Asks, rates and posts. Returns the message of a card for two people."""
    await june.command("films", "recommend", private=True)
    card = (await mira.command("films", "recommend", **{"with": june.id})).message
    await mira.react(card, "👍")
    await mira.command("films", "privacy")
    await mira.command("films", "similar", film="no such film")
    await mira.command(
        "films", "setup post", channel=mira.channel("lounge"), time="20:00", zone="UTC"
    )
    house.world.clock.set(at(1, "20:00:07", "UTC"))
    await until(lambda: bool(house.rows("select 1 from posts where outcome = 'sent'")), "posted")
    await until(lambda: bool(house.rows("select 1 from ratings")), "the reaction is on disk")
    return card


async def lose_the_gateway(house: House, log: Lines) -> None:
    house.local.drop_gateway()
    house.local.let_identify()
    await until(lambda: len(log.events("outage")) == 2, "the gateway was away and is back")


async def lose_the_database(house: House, log: Lines, mira: Person, card: Any) -> None:
    """Nothing can be written while people press and react."""
    aside = house.settings.data.with_name("aside")
    house.settings.data.rename(aside)
    another = await mira.click(card, "Another")
    assert "my data folder" in another.text
    await mira.react(card, "❤️")
    await until(lambda: len(log.events("outage")) == 3, "it is noticed")
    await until(lambda: any("reactions not written" in line for line in log.lines), "tried")
    aside.rename(house.settings.data)
    await until(lambda: len(log.events("outage")) == 4, "it works again")


def write_list(path: Path) -> Path:
    path.write_text("title,year,genres,tags\nA Film of My Own,2001,Drama,\n")
    return path


async def test_no_line_and_no_metric_names_a_person(evening: Evening) -> None:
    people = evening.house.world.people()
    assert len(people) >= 4
    told = "\n".join([*evening.lines.lines, evening.page])
    assert "another" in told, "what failed is named"
    for person in people:
        for name in (person.username, person.global_name, str(person.id), short_ids([person.id])):
            assert not name or not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told), name


async def test_an_error_of_the_database_shows_no_values(evening: Evening) -> None:
    with pytest.raises(OperationalError) as failure:
        async with evening.house.app.db.read() as conn:
            await conn.execute(text("select 1 from no_such_table where person = :id"), {"id": 4711})
    assert "no_such_table" in str(failure.value)
    assert "4711" not in str(failure.value)


def test_addresses_of_people_are_masked(log: Lines) -> None:
    address = "https://discord.com/api/v10/guilds/17/members/42"
    logging.getLogger("discord.http").warning("GET %s responded with 429", address)
    assert "/guilds/17/members/[person] responded with 429" in log.lines[-1]


async def test_a_post_is_an_event(evening: Evening) -> None:
    posts = [post for post in evening.lines.events("post") if post["theme"] == "auto"]
    assert [post["outcome"] for post in posts] == ["skipped", "sent"], "one was missed by a day"
    post = posts[-1]
    assert post["server"] == next(iter(evening.house.world.guilds))
    assert 7 <= post["late_seconds"] < 60
    assert "matinee_post_lag_seconds_count 1.0" in evening.page
    assert 'matinee_post_lag_seconds_bucket{le="5.0"} 0.0' in evening.page


async def test_an_outage_is_an_event_when_it_begins_and_when_it_ends(evening: Evening) -> None:
    found = [(x["part"], x["state"], x["level"]) for x in evening.lines.events("outage")]
    assert found == [
        ("gateway", "began", "warning"),
        ("gateway", "ended", "info"),
        ("database", "began", "warning"),
        ("database", "ended", "info"),
    ]
    assert "Somebody removed or replaced" in evening.lines.events("outage")[2]["cause"]


async def test_an_import_is_an_event(evening: Evening) -> None:
    found = evening.lines.events("import")[-1]
    assert (found["source"], found["films"], found["added"]) == ("list:mine", 1, 1)


async def test_first_responses_and_waits_are_measured(evening: Evening) -> None:
    page = evening.page
    assert 'matinee_first_response_seconds_count{name="recommend"} 2.0' in page
    assert 'matinee_first_response_seconds_count{name="another"} 1.0' in page
    for what in ("reader", "turn", "lock"):
        (count,) = re.findall(rf'database_wait_seconds_count{{what="{what}"}} (\S+)', page)
        assert float(count) > 5
    (resident,) = re.findall(r"^process_resident_memory_bytes (\S+)", page, re.M)
    assert float(resident) > 1e7


@pytest.mark.parametrize("name", ["grafana.json", "alerts.yaml"])
async def test_every_metric_that_is_looked_at_exists(evening: Evening, name: str) -> None:
    told = yaml.safe_load((DEPLOY / name).read_text())  # JSON is YAML too
    expressions = (
        [target["expr"] for panel in told["panels"] for target in panel["targets"]]
        if name == "grafana.json"
        else [rule["expr"] for group in told["groups"] for rule in group["rules"]]
    )
    asked = {one for expression in expressions for one in METRIC.findall(expression)}
    assert asked
    families = {family.name for family in text_string_to_metric_families(evening.page)}
    lost = {one for one in asked if not {one, SUFFIX.sub("", one)} & families}
    assert lost == set()


def test_there_are_three_alerts_and_the_page_explains_each() -> None:
    told = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())
    names = [rule["alert"] for group in told["groups"] for rule in group["rules"]]
    assert len(names) == 3
    page = (ROOT / "docs" / "operations.md").read_text()
    assert all(f"`{name}`" in page for name in names)


def test_the_page_lists_every_event_and_every_field() -> None:
    page = (ROOT / "docs" / "operations.md").read_text()
    for event in EVENTS:
        (row,) = re.findall(rf"^\| `{event.name}` \|.*\|(.*)\|$", page, re.M)
        assert re.findall(r"`(\w+)`", row) == [one.name for one in fields(event)]
