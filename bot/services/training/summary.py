"""What `/lab models` shows to the owner of the bot."""

from bot.services.app import App
from bot.services.training import last_fit, versions
from bot.services.training.versions import Version

MAX_VERSIONS = 8  # in one message


async def models(app: App) -> str:
    """Returns a message on the newest model versions: how each was judged, and which answers."""
    found = await versions.list_versions(app)
    serving = app.live.served.version
    fit = await last_fit.read_last(app)
    lines = ["**Models**"]
    if fit is not None and not fit.went_well:
        lines.append(fit.words(f"<t:{int(fit.at.timestamp())}:f>"))
    if all(one.version != serving for one in found):
        lines.append(f"`{serving}` serves, which was fitted to no ratings.")
    for one in found[:MAX_VERSIONS]:
        lines += _lines(one)
    if len(found) > MAX_VERSIONS:
        lines.append(f"-# and {len(found) - MAX_VERSIONS} older ones: `matinee models`")
    return "\n".join(lines)


def _lines(one: Version) -> list[str]:
    heading = (
        f"**{one.state}** `{one.version}` · {one.record.ratings:,} ratings of"
        f" {one.record.people:,} people"
        f" · {one.seconds:.0f} s"
    )
    lines = [heading, f"-# {one.record.why}"] if one.record.why else [heading]
    new = one.figures.get("new")
    if new:
        others = (
            f"{name} {one.figures[ranker]['ndcg@10']:.4f}"
            for ranker, name in (("live", "the live one"), ("popularity", "popularity"))
            if ranker in one.figures
        )
        lines.append(
            f"-# nDCG@10 {new['ndcg@10']:.4f} ({', '.join(others)}) · coverage"
            f" {new['coverage@10']:.1%} · novelty {new['novelty']:.1f} · calibration error"
            f" {new['calibration_error']:.2f} · order {new['order']:.3f}"
        )
    if one.record.tastes is not None and one.record.tastes.people:
        shares = one.record.tastes.shares
        others = (
            f"{words} {shares[model]:.1%}"
            for model, words in (("live", "the live one"), ("tags alone", "tags alone"))
            if model in shares
        )
        lines.append(f"-# picks of a narrow taste {shares['new']:.1%} ({', '.join(others)})")
    return lines
