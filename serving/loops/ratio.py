"""The ratio in the report: what makes up for the complaints of a cause."""

from collections.abc import Mapping
from pathlib import Path

from mining.loop_table import LoopTable
from mining.ratio.by_cause import ratios
from mining.ratio.holding import RESPOND, TARGET, Scale, as_far_up
from mining.report_words import count
from mining.settings import MiningSettings
from serving.loops.asking import asked_by, not_shown
from serving.ratio.folder import ends_of
from serving.state import journal_in

SHOWN = 8


def ratio_table(folder: Path, settings: MiningSettings, names: Mapping[str, str]) -> LoopTable:
    """The causes that ask for most top ratings to hold the default target.

    Raises:
        SettingsError: The ratings are on no usual scale.
    """
    journal = journal_in(folder)
    low, high = ends_of(journal)
    scale = Scale(target=as_far_up(TARGET, low, high), respond=RESPOND, low=low, high=high)
    told = [
        each
        for each in ratios(journal, scale, gate=settings.side_people)
        if each.top_ratings is not None and each.good_experiences is not None
    ]
    rows = [
        (
            names.get(each.cause_id, each.cause_id),
            f"{count(each.rated)} of {count(each.people)}",
            "–" if each.mean is None else f"{each.mean:.1f}",
            count(round(each.top_ratings or 0)),
            count(round(each.good_experiences or 0)),
        )
        for each in told[:SHOWN]
    ]
    return LoopTable(
        title="What makes up for it?",
        question=(
            f"Ratings of {high:g} that hold a mean of {scale.target:g} beside the ratings of those who complain, and "
            f"the good experiences behind them if {100 * RESPOND:g} % of content customers rate, which is an "
            "assumption. Arithmetic, no forecast."
        ),
        columns=(
            "Cause",
            "Rated, of those who complain",
            "Their mean",
            f"Ratings of {high:g}",
            "Good experiences",
        ),
        rows=rows,
        note=not_shown(len(told) - len(rows), "cause"),
        command=asked_by("ratio", folder),
    )
