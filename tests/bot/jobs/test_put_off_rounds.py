"""Reactions count as missed until every card of a round was read, the ones put off too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.jobs import put_off_cards
from tests.bot.jobs.test_reconciling import HEART, Away, shown, stars
from tests.house import FEW_FILMS, House, running, until

HEARD = "select value from settings_kv where key = 'reactions-heard-at'"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with running(tmp_path, max_films=FEW_FILMS) as found:
        yield found


async def test_a_round_is_complete_when_its_last_card_was_read(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(put_off_cards, "FIRST_PAUSE_SECONDS", 0.3)
    caplog.set_level("INFO")
    visit = house.club()
    async with visit.member("mira") as mira:
        card: Away = await shown(visit, mira)
        other: Away = await shown(visit, mira)
        other.add("june", HEART)
        await until(lambda: stars(visit, "june") == [5.0], "a reaction is heard")
        await until(lambda: len(house.rows(HEARD)) == 1, "it is stored that it was heard")
        ((before,),) = house.rows(HEARD)
        await house._close()
        card.add("olek", HEART)
        path = f"/channels/{card.channel.id}/messages"
        house.local.faults.answer("GET", path, 503, times=1_000)
        caplog.clear()
        await house._open()
        await until(lambda: "reactions reconciled" in caplog.text, "a round has gone by")
        assert house.rows(HEARD) == [(before,)], "reactions of the card put off are still missed"
        house.local.faults.clear()
        await until(lambda: stars(visit, "olek") == [5.0], "found in the end")
        await until(lambda: house.rows(HEARD) != [(before,)], "now everything is known")
