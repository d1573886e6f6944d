"""A comparison and what follows from it, in words and a table of 80 characters."""

import click
from rich.console import Console
from rich.table import Table

from models.checkpoint import checkpoint_info
from training.bootstrap import MIN_GROUPS
from training.promotion import Comparison, Difference
from training.scorecard import MIN_ROWS
from training.swap import Place


def print_comparison(comparison: Comparison) -> None:
    """The table on the standard output, then warnings on that of errors."""
    table = Table("head", "lang", title=_title(comparison))
    for name in ("rows", "running", "candidate", "diff.", "95 %"):
        table.add_column(name, justify="right")
    for each in comparison.differences:
        scores = [f"{each.rows:,}", f"{each.running:.3f}", f"{each.candidate:.3f}"]
        table.add_row(each.head, each.language, *scores, _signed(each.value), _interval(each))
    Console().print(table)
    for line in warnings(comparison):
        click.echo(line, err=True)


def _title(comparison: Comparison) -> str:
    return f"running {comparison.running.version}, candidate {comparison.candidate.version}"


def warnings(comparison: Comparison) -> list[str]:
    """What one should know beside the table: doubts, languages that lose, heads that were not compared."""
    lines = list(comparison.doubts)
    worse = [f"{each.language} ({each.head})" for each in comparison.languages if each.worse]
    if worse:
        tried = len(comparison.languages)
        lines.append(
            f"worse in: {', '.join(worse)}; by chance alone about {tried / 40:.1f} of the {tried} languages and heads "
            "would seem so"
        )
    if comparison.untold:
        lines.append(
            f"fewer than {MIN_ROWS} dev rows, fewer than {MIN_GROUPS} groups or only one label of "
            f"{', '.join(comparison.untold)}: nothing is known of that"
        )
    lines += [
        f"not compared, and other in the candidate: {head} ({', '.join(found)})"
        for head, found in comparison.changes.items()
    ]
    if comparison.running.version == comparison.candidate.version:
        lines.append(
            "both have the same weights: a running service takes other thresholds at its next start only"
        )
    return lines


def objection(comparison: Comparison) -> str:
    """Why the rule is against it."""
    worse = [each for each in comparison.overall if each.worse]
    if worse:
        return f"{_listed(worse)}: worse beyond chance"
    if not any(each.better for each in comparison.overall):
        return f"no head is better beyond chance ({_listed(comparison.overall)})"
    return f"{' and '.join(comparison.changes)} would change without being compared: add dev rows with labels of that"


def next_steps(place: Place) -> str:
    """What to do after the folders were changed."""
    path, kept = place.path, place.previous.is_dir()
    lines = [
        f"{path} is version {checkpoint_info(path).version}"
        + (f"; the one before it is kept in {place.previous}" if kept else ""),
        "Next: mine again into the folder that is served, with POST /v1/jobs/mine or with",
        f"  countervoice mine FILE --out STATE --model {path}",
        f"A running `countervoice serve --state STATE --model {path}` then takes both without a restart;",
        "until then it serves the version of before, and could not be started again with the old mining.",
    ]
    undo = [f"To undo: countervoice promote --back --over {path}, and mine again."]
    return "\n".join(lines + undo if kept else lines)


def _listed(differences: list[Difference]) -> str:
    return ", ".join(f"{each.head} {_signed(each.value)} (95 % {_interval(each)})" for each in differences)


def _interval(difference: Difference) -> str:
    return f"{_signed(difference.low)} to {_signed(difference.high)}"


def _signed(value: float) -> str:
    """Three digits; what rounds to nothing has no minus sign."""
    return f"{round(value, 3) + 0.0:+.3f}"
