"""Fixes in a terminal."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from mining.evidence import share_of
from mining.fixes.ledger import Look
from mining.fixes.results import Outcome, Phase, Ratio
from mining.fixes.review import Reviewed
from mining.report_terminal import Voice
from mining.report_words import SHARE_GATE, excerpt, percent, plural

_LABEL: Final = 40
_ACTION: Final = 60
VERDICTS: Final = {
    "fixed": "fixed",
    "not_yet": "not yet",
    "too_early": "too early",
    "came_back": "came back",
    "anecdote": "anecdote",
}
STYLES: Final = {"fixed": "green", "came_back": "red", "not_yet": "dark_orange3"}


def print_fixes(console: Console, found: Sequence[Reviewed], labels: Mapping[str, str]) -> None:
    """One line for each fix, in the order of their days."""
    say, table = Voice(console), Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False)
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("Since", no_wrap=True)
    table.add_column("Owner", ratio=2, overflow="fold")
    table.add_column("Rate after / before", ratio=4, overflow="fold")
    table.add_column("Verdict", ratio=5, overflow="fold")
    table.add_column("Cause is", no_wrap=True)
    for each in found:
        fix, outcome = each.fix, each.outcome
        table.add_row(
            say.text(f"{each.cause} {excerpt(labels.get(each.cause, ''), _LABEL)}"),
            fix.day.isoformat(),
            say.text(excerpt(fix.owner, _LABEL)),
            ratio_words(outcome.ratio),
            say.text(verdict_words(each)),
            say.text(each.standing, STYLES.get(outcome.verdict, "")),
        )
    console.print(table)
    console.print(plural(len(found), "fix", "fixes"), style="dim")


def print_fix(console: Console, each: Reviewed, looks: Sequence[Look], label: str) -> None:
    """Everything about one fix."""
    say, fix, outcome = Voice(console), each.fix, each.outcome
    console.print(say.text(f"{each.cause}  {excerpt(label, _LABEL)}: {excerpt(fix.action, _ACTION)}", "bold"))
    mined = f", when messages until {fix.looked_until} had been mined" if fix.looked_until else ""
    lines = [
        f"In force since {fix.day}, owner {excerpt(fix.owner, _LABEL)}",
        f"Registered on {fix.registered_at:%Y-%m-%d}{mined}{': after looking' if fix.late else ''}",
        "All sides but praise are counted" if fix.side is None else f"Only the side {fix.side} is counted",
        "",
        f"Verdict: {VERDICTS[outcome.verdict]} ({outcome.grade}). {outcome.reason[:1].upper()}{outcome.reason[1:]}.",
        f"The cause is {each.standing}.",
    ]
    for line in lines:
        console.print(say.text(line))
    console.print(_figures(outcome))
    history = [look for look in looks if look.fix == fix.number]
    for look in history:
        console.print(say.text(f"{look.at:%Y-%m-%d}  a mining said: {VERDICTS[look.verdict]}", "dim"))


def verdict_words(each: Reviewed) -> str:
    """The verdict with its grade, whether it was registered after looking, and the reason."""
    outcome = each.outcome
    marks = [] if outcome.grade == outcome.verdict else [outcome.grade]
    marks += ["registered after looking"] if each.fix.late else []
    graded = f" ({'; '.join(marks)})" if marks else ""
    return f"{VERDICTS[outcome.verdict]}{graded}: {outcome.reason}"


def ratio_words(ratio: Ratio | None) -> str:
    """A ratio with its interval."""
    if ratio is None:
        return "–"
    value, high = ("∞" if end is None else f"{end:.2f}" for end in (ratio.value, ratio.high))
    return f"{value} ({ratio.low:.2f}–{high})"


def _figures(outcome: Outcome) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("What")
    table.add_column("Days", no_wrap=True)
    table.add_column("People", no_wrap=True)
    table.add_column("Rate in four weeks", no_wrap=True)
    table.add_column("Against before", no_wrap=True)
    if outcome.before is not None:
        table.add_row("Before", _days(outcome.before), *_people(outcome.before), "")
    if outcome.after is not None:
        table.add_row("After", _days(outcome.after), *_people(outcome.after), ratio_words(outcome.ratio))
    if outcome.returned is not None:
        back = outcome.returned
        table.add_row("  quiet", _days(back.quiet), *_people(back.quiet), ratio_words(back.quiet_ratio))
        table.add_row("  again", _days(back.again), *_people(back.again), ratio_words(back.again_ratio))
    table.add_row("Against untouched causes", "", "", "", ratio_words(outcome.controlled))
    table.add_row("Step beyond the trend", "", "", "", ratio_words(outcome.level))
    return table


def _days(phase: Phase) -> str:
    return f"{_day(phase.first)}/{_day(phase.last)}"


def _day(day: date) -> str:
    return day.isoformat()


def _people(phase: Phase) -> tuple[str, str]:
    """People, each once, and the rate, which counts them once in four weeks; below the gate there is none."""
    rate = percent(share_of(phase.complained, phase.wrote)) if phase.of >= SHARE_GATE else ""
    return f"{phase.people} of {phase.of}", rate
