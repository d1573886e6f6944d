"""What causes cost, in a terminal: ranges, and the source of every figure."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from mining.fixes.cost import YEAR, Cost, Range
from mining.fixes.cost_inputs import Figure
from mining.report_words import excerpt, plural
from mining.terminal_voice import Voice
from serving.fixes.costs import Costed

_SOURCE: Final = 120
_AMOUNT: Final = len("1,234,567–")


def print_costs(console: Console, found: Costed, names: Mapping[str, str]) -> None:
    """One line for each cause, the dearest first; a table of its own for each stretch too short for a year."""
    say = Voice(console)
    for days, costs in groupby(found.costs.items(), key=lambda pair: pair[1].days):
        console.print(_table(found, days, costs, names, say))
    if found.anecdotes:
        console.print(
            f"{plural(len(found.anecdotes), 'cause')} left out: anecdotes have no price", style="dim"
        )
    for name, figure in _figures(found).items():
        console.print(say.text(f"{name}: {_amounts(figure)} ({excerpt(figure.source, _SOURCE)})", "dim"))
    for cause, cost in found.costs.items():
        if cost.losses is not None and len(found.costs) == 1:
            console.print(say.text(f"{cause}: {_losses(cost)}", "dim"))


def _table(
    found: Costed, days: int, costs: Iterable[tuple[str, Cost]], names: Mapping[str, str], say: Voice
) -> Table:
    """The causes that are told for so many days."""
    title = f"{excerpt(found.inputs.currency, 8)} {_stretch(days)}"
    table = Table(title=title, box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("Cause", ratio=4, overflow="fold")
    for name in ("Complaints", "Cases cost", "Customers lost", "They cost", "Fix saves"):
        table.add_column(name, justify="right", ratio=3, width=_AMOUNT, overflow="fold")  # the least width
    for cause, cost in costs:
        losses = cost.losses
        table.add_row(
            say.text(f"{cause} {names.get(cause, '')}"),
            *(
                _words(amount, wide=say.wide)
                for amount in (
                    cost.complaints,
                    cost.cases,
                    None if losses is None else losses.excess,
                    cost.lost,
                    cost.saving,
                )
            ),
        )
    return table


def _stretch(days: int) -> str:
    return "a year" if days == YEAR else f"in {plural(days, 'day')}; too short a stretch for a year"


def _figures(found: Costed) -> dict[str, Figure]:
    shown = {name.replace("_", " "): figure for name, figure in found.inputs.figures.items()}
    for cause, own in found.inputs.of_causes.items():
        shown |= {f"{cause} {name.replace('_', ' ')}": figure for name, figure in own.items()}
    return shown


def _losses(cost: Cost) -> str:
    losses = cost.losses
    if losses is None:
        return ""
    return (
        f"{losses.left} of {losses.complained} customers who complained left, {losses.others_left} of "
        f"{losses.others} others; worth {_amounts(losses.value)} each ({losses.value.source}). "
        "Associated with the cause, not shown to be its doing"
    )


def _words(amount: Range | None, *, wide: bool) -> str:
    """Both ends; in a narrow terminal long ones stand on two lines, and none is cut."""
    if amount is None:
        return "–"
    low, high = f"{amount.low:,.0f}–", f"{amount.high:,.0f}"
    return f"{low}{high}" if wide or len(low + high) <= _AMOUNT else f"{low}\n{high}"


def _amounts(figure: Figure) -> str:
    ends = [f"{end:,.2f}".removesuffix(".00") for end in (figure.low, figure.high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)
