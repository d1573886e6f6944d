"""Loyalty and leaving in the report."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from mining.loop_table import LoopTable
from mining.loyalty.results import Leaving, Loyalty
from mining.report_words import SIDE_VERBS, count, plural
from serving.loops.asking import asked_by, not_shown
from serving.loyalty.folder import loyalty_in
from serving.loyalty.tables import share_words
from serving.store import StoredMining

SHOWN = 10


def loyalty_tables(
    folder: Path, stored: StoredMining, names: Mapping[str, str], today: date
) -> list[LoopTable]:
    """Who is loyal by rating, and, where the file of customers or the outcome tells who left, what goes with it."""
    found = loyalty_in(folder, stored, today=today)
    tables = [_ratings(found, folder)] if found.scale else []
    if found.leaving is not None:
        tables.append(_leaving(found.leaving, names, folder, found.gate))
    return tables


def _ratings(found: Loyalty, folder: Path) -> LoopTable:
    low, top = found.scale or (0.0, 0.0)
    rows = [
        (
            each.name or "all",
            *(share_words(share, found.gate) for share in (each.loyal, each.content, each.rest)),
        )
        for each in found.ratings
    ]
    return LoopTable(
        title="Who is loyal?",
        question=f"People by their latest rating on a scale from {low:g} to {top:g}: only {top:g} counts as loyal.",
        columns=("Product", "Loyal", "Content, not loyal", "The rest"),
        rows=rows,
        note="",
        command=asked_by("loyalty", folder),
    )


def _leaving(leaving: Leaving, names: Mapping[str, str], folder: Path, gate: int) -> LoopTable:
    told = [each for each in leaving.associations if each.direction != "not told"]
    rows = []
    for each in told[:SHOWN]:
        odds, low, high = each.coefficient.odds
        side = f" ({SIDE_VERBS[each.side]})" if each.side else ""
        rows.append(
            (
                names.get(each.cause_id, each.cause_id) + side,
                share_words(each.left, gate),
                f"{odds:.1f} ({low:.1f}–{high:.1f})",
                each.grade,
            )
        )
    return LoopTable(
        title="What goes with leaving?",
        question=(
            f"{plural(leaving.people, 'person', 'people')} under observation, {count(leaving.events)} left. "
            "Odds against everybody else of the product, others held equal: what goes with leaving need not be why."
        ),
        columns=("Cause", "Left", "Odds of leaving, times", "Evidence"),
        rows=rows,
        note=_note(leaving, len(told), len(rows)),
        command=asked_by("loyalty", folder),
    )


def _note(leaving: Leaving, told: int, shown: int) -> str:
    if leaving.refused:
        return f"Refused: {leaving.refused}."
    chance = f"{len(leaving.associations) - told} more are not told apart from chance."
    return f"{not_shown(told - shown, 'cause or side', 'causes or sides')} {chance}".lstrip()
