"""The ratio in a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table

from mining.ratio.by_cause import CauseRatio
from mining.ratio.holding import RESPONDING, Scale, table
from mining.report_words import count
from mining.terminal_voice import Voice

if TYPE_CHECKING:
    from serving.store import StoredMining

_LABEL: Final = 50
_SHOWN: Final = 15


def print_ratio(console: Console, scale: Scale) -> None:
    """The answer as a sentence, then the table over targets and shares who rate."""
    console.print(
        f"To hold a mean of {scale.target:g} on a scale from {scale.low:g} to {scale.high:g}, each rating of "
        f"{scale.low:g} takes {_figure(scale.top_ratings())} of {scale.high:g}. If "
        f"{100 * scale.respond:g}\u202f% of content customers leave a rating, that is "
        f"{_figure(scale.good_experiences())} good experiences."
    )
    shown = Table(box=box.SIMPLE, title="good experiences per lowest rating", title_justify="left")
    shown.add_column("mean to hold", justify="right")
    shown.add_column("top ratings", justify="right")
    for share in RESPONDING:
        shown.add_column(f"{100 * share:.0f}\u202f% rate", justify="right")
    for row in table(scale.low, scale.high):
        figures = [_figure(value) for value in row.good_experiences]
        shown.add_row(f"{row.target:g}", _figure(row.top_ratings), *figures)
    console.print(shown)
    console.print("The share who rate is an assumption; the rest is arithmetic.", style="dim")


def print_causes(console: Console, causes: Sequence[CauseRatio], stored: "StoredMining") -> None:
    """What makes up for the complaints of each cause of ``stored``, the one that asks for most first."""
    say, names = Voice(console), stored.called(_LABEL)
    shown = Table(box=box.SIMPLE, title="to make up for the complaints of a cause", title_justify="left")
    shown.add_column("Id", no_wrap=True)
    shown.add_column("Cause", ratio=1, overflow="fold")
    for name in ("complain", "of them rated", "mean", "top ratings", "good experiences"):
        shown.add_column(name if say.wide else name.replace(" ", "\n"), justify="right", no_wrap=True)
    for cause in causes[:_SHOWN]:
        shown.add_row(
            cause.cause_id,
            say.text(names.get(cause.cause_id, "–")),
            count(cause.people),
            count(cause.rated),
            "–" if cause.mean is None else f"{cause.mean:.1f}",
            *_figures(cause),
        )
    console.print(shown)
    if len(causes) > _SHOWN:
        console.print(f"{len(causes) - _SHOWN} more causes: --json has them", style="dim")


def _figures(cause: CauseRatio) -> tuple[str, str]:
    if cause.top_ratings is None or cause.good_experiences is None:
        return "anecdote", "anecdote"
    return count(round(cause.top_ratings)), count(round(cause.good_experiences))


def _figure(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
