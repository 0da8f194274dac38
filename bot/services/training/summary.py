"""/lab: what the owner is told about the models."""

from typing import TYPE_CHECKING

from bot.services.training import last_fit, versions
from bot.services.training.versions import Version

if TYPE_CHECKING:
    from bot.services.app import App

MOST = 8  # versions; what a message holds


async def models(app: "App") -> str:
    """Which version serves, and of each how it was judged and why it serves or does not."""
    found = await versions.listed(app)
    serving = app.live.served.version
    fit = await last_fit.last(app)
    lines = ["**Models**"]
    if fit is not None and not fit.went_well:
        lines.append(fit.words(f"<t:{int(fit.at.timestamp())}:f>"))
    if all(one.version != serving for one in found):
        lines.append(f"`{serving}` serves, which was fitted to no ratings.")
    for one in found[:MOST]:
        lines += _lines(one)
    if len(found) > MOST:
        lines.append(f"-# and {len(found) - MOST} older ones: `matinee models`")
    return "\n".join(lines)


def _lines(one: Version) -> list[str]:
    heading = (
        f"**{one.state}** `{one.version}` · {one.ratings:,} ratings of {one.people:,} people"
        f" · {one.seconds:.0f} s"
    )
    lines = [heading, f"-# {one.why}"] if one.why else [heading]
    new = one.figures.get("new")
    if new:
        others = (
            f"{name} {one.figures[who]['ndcg@10']:.4f}"
            for who, name in (("live", "the live one"), ("popularity", "popularity"))
            if who in one.figures
        )
        lines.append(
            f"-# nDCG@10 {new['ndcg@10']:.4f} ({', '.join(others)}) · coverage"
            f" {new['coverage@10']:.1%} · novelty {new['novelty']:.1f} · calibration error"
            f" {new['calibration_error']:.2f} · order {new['order']:.3f}"
        )
    return lines
