"""Fixes in a terminal."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from mining.evidence import share_of
from mining.fixes.controls import Control
from mining.fixes.entries import Look, Withdrawal
from mining.fixes.results import Outcome, Phase, Ratio
from mining.fixes.review import Review, Reviewed, Withdrawn
from mining.report_words import count, excerpt, percent, plural
from mining.terminal_voice import Voice, table_of

LABEL: Final = 40
_ACTION: Final = 60
_WITHDRAWN: Final = 200
_WORD: Final = len("untouched")
_INTERVAL: Final = len("(1.29–4.29)")
_GRADED: Final = len("(established):")
VERDICTS: Final = {
    "fixed": "fixed",
    "not_yet": "not yet",
    "too_early": "too early",
    "came_back": "came back",
    "anecdote": "anecdote",
}
STYLES: Final = {"fixed": "green", "came_back": "red", "not_yet": "dark_orange3"}


def print_fixes(console: Console, review: Review, names: Mapping[str, str]) -> None:
    """One line for each fix, in the order of their days."""
    say, table = Voice(console), table_of()
    table.add_column("Fix", no_wrap=True, justify="right")
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("Since", no_wrap=True)
    table.add_column("Owner", ratio=2, overflow="fold")
    # of a column with a ratio, width is the least width
    table.add_column("Rate after / before", ratio=4, width=_INTERVAL, overflow="fold")
    table.add_column("Verdict", ratio=5, width=_GRADED, overflow="fold")
    table.add_column("Cause is", no_wrap=True)
    for each in review.in_order():
        fix = each.fix
        ratio, verdict = told_words(each)
        standing, style = "–", ""
        if isinstance(each, Reviewed):
            standing, style = each.standing, STYLES.get(each.outcome.verdict, "")
        table.add_row(
            str(fix.number),
            say.text(f"{each.cause} {names.get(each.cause, '')}"),
            fix.day.isoformat(),
            say.text(excerpt(fix.owner, LABEL)),
            ratio,
            say.text(verdict),
            say.text(standing, style),
        )
    console.print(table)
    withdrawn = f"; {len(review.withdrawn)} withdrawn" if review.withdrawn else ""
    console.print(f"{plural(len(review.found), 'fix', 'fixes')}{withdrawn}", style="dim")


def print_fix(
    console: Console, each: Reviewed | Withdrawn, looks: Sequence[Look], name: str, gate: int
) -> None:
    """Everything about one fix; a rate takes ``gate`` people."""
    _print_registration(console, each, name)
    if isinstance(each, Reviewed):
        _print_outcome(console, each, gate)
    else:
        words = withdrawn_words(each.withdrawal)
        console.print(Voice(console).text(f"\n{words[:1].upper()}{words[1:]}"))
    for look in looks:
        if look.fix == each.fix.number:
            said = f"{look.at:%Y-%m-%d}  a mining said: {VERDICTS[look.verdict]}"
            console.print(Voice(console).text(said, "dim"))


def _print_outcome(console: Console, each: Reviewed, gate: int) -> None:
    say, outcome = Voice(console), each.outcome
    reason = f"{outcome.reason[:1].upper()}{outcome.reason[1:]}"
    console.print(say.text(f"\nVerdict: {VERDICTS[outcome.verdict]} ({outcome.grade}). {reason}."))
    console.print(say.text(f"The cause is {each.standing}."))
    console.print(_figures(outcome, gate, wide=say.wide))
    console.print(say.text(_controls_words(each.controls), "dim"))


def _print_registration(console: Console, each: Reviewed | Withdrawn, name: str) -> None:
    say, fix = Voice(console), each.fix
    title = f"Fix {fix.number}: {each.cause}  {name}: {excerpt(fix.action, _ACTION)}"
    console.print(say.text(title, "bold"))
    mined = f", when messages until {fix.looked_until} had been mined" if fix.looked_until else ""
    lines = [
        f"In force since {fix.day}, owner {excerpt(fix.owner, LABEL)}",
        f"Registered on {fix.registered_at:%Y-%m-%d}{mined}{': after looking' if fix.late else ''}",
        "All sides but praise are counted" if fix.side is None else f"Only the side {fix.side} is counted",
    ]
    for line in lines:
        console.print(say.text(line))


def withdrawn_words(withdrawal: Withdrawal) -> str:
    """When, by whom and why, and which verdict could be seen by then."""
    seen = withdrawal.seen
    looked = "before looking" if seen is None else f"after looking (verdict: {VERDICTS[seen]})"
    return f"withdrawn on {withdrawal.at:%Y-%m-%d} by {withdrawal.by}, {looked}: {withdrawal.reason}"


def shifted_words(fixes: Sequence[int], cause: str, *, stands: bool) -> str:
    """What a registration of ``cause`` that ``stands``, or is withdrawn, does to other ``fixes``."""
    one = len(fixes) == 1
    numbers, whose = f"{'fix' if one else 'fixes'} {', '.join(map(str, fixes))}", "its" if one else "their"
    verb, where = ("lose", "from") if stands else ("gain", "for")
    return (
        f"{numbers} {verb}{'s' if one else ''} {cause} {where} {whose} untouched causes: a verdict may change"
    )


def _controls_words(controls: Sequence[Control]) -> str:
    """The untouched causes with their people."""
    if not controls:
        return "There is no untouched cause to hold it against."
    named = ", ".join(f"{each.cause} ({count(each.before)}, {count(each.after)})" for each in controls)
    return f"Untouched causes (people before, after): {named}."


def told_words(each: Reviewed | Withdrawn) -> tuple[str, str]:
    """What a table says of a fix: its ratio and its verdict, or no ratio and that it was withdrawn."""
    if isinstance(each, Withdrawn):
        return "–", excerpt(withdrawn_words(each.withdrawal), _WITHDRAWN)
    return _ratio_words(each.outcome.ratio), _verdict_words(each)


def _verdict_words(each: Reviewed) -> str:
    """The verdict with its grade, whether it was registered after looking, and the reason."""
    outcome = each.outcome
    marks = [] if outcome.grade == outcome.verdict else [outcome.grade]
    marks += ["registered after looking"] if each.fix.late else []
    graded = f" ({'; '.join(marks)})" if marks else ""
    return f"{VERDICTS[outcome.verdict]}{graded}: {outcome.reason}"


def _ratio_words(ratio: Ratio | None) -> str:
    """A ratio with its interval."""
    if ratio is None:
        return "–"
    value, high = ("∞" if end is None else f"{end:.2f}" for end in (ratio.value, ratio.high))
    return f"{value} ({ratio.low:.2f}–{high})"


def _figures(outcome: Outcome, gate: int, *, wide: bool) -> Table:
    """The stretches and their ratios; in a narrow terminal days stand on two lines, so that all figures stay whole."""
    table = table_of(expand=False)
    table.add_column("What", overflow="fold", min_width=_WORD)
    for name in ("Days", "People", "Rate in four weeks", "Against before"):
        table.add_column(name, overflow="fold", no_wrap=wide)

    def add(name: str, phase: Phase, ratio: str) -> None:
        table.add_row(name, _days(phase, wide=wide), *_people(phase, gate), ratio)

    if outcome.before is not None:
        add("Before", outcome.before, "")
    if outcome.after is not None:
        add("After", outcome.after, _ratio_words(outcome.ratio))
    if outcome.returned is not None:
        back = outcome.returned
        add("  quiet", back.quiet, _ratio_words(back.quiet_ratio))
        add("  again", back.again, _ratio_words(back.again_ratio))
    table.add_row("Against untouched causes", "", "", "", _ratio_words(outcome.controlled))
    table.add_row("Step beyond the trend", "", "", "", _ratio_words(outcome.level))
    return table


def _days(phase: Phase, *, wide: bool) -> str:
    return f"{phase.first}/{phase.last}" if wide else f"{phase.first}/\n{phase.last}"


def _people(phase: Phase, gate: int) -> tuple[str, str]:
    """People, each once, and the rate, which counts them once in four weeks; below the gate there is none."""
    rate = percent(share_of(phase.complained, phase.wrote), gate) if phase.of >= gate else ""
    return f"{phase.people} of {phase.of}", rate
