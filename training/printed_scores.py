"""The score card of a checkpoint at a terminal."""

from math import isnan
from typing import Any

import click
from rich.console import Console
from rich.table import Table


def print_scores(rows: list[dict[str, Any]], title: str) -> None:
    """Print the scores as a table of 80 characters: 95 % is low to high; what else the baseline has is in the CSV."""
    if not rows:
        click.echo(f"{title}: too few dev rows for a score", err=True)
        return
    more = [name for name in ("flips", "false_degrees", "baseline") if name in rows[0]]
    table = Table("head", "lang", title=title)
    for name in ("rows", "score", "95 %", *(name.replace("_", " ") for name in more)):
        table.add_column(name, justify="right")
    for row in rows:
        measures = [f"{row['rows']:,}", f"{row['score']:.3f}", _interval(row["low"], row["high"])]
        table.add_row(row["head"], row["language"], *measures, *(_measure(row[name]) for name in more))
    Console().print(table)


def _interval(low: float | None, high: float | None) -> str:
    """Both ends, or a dash over too few groups for any."""
    return "–" if low is None or high is None or isnan(low) else f"{low:.2f}–{high:.2f}"


def _measure(value: float | None) -> str:
    """Three digits, or nothing for what a head does not have (NaN, and null where it was read from JSON)."""
    return "" if value is None or isnan(value) else f"{value:.3f}"
