"""Loyalty in a terminal."""

from collections.abc import Mapping
from typing import Final

from rich.console import Console
from rich.table import Table

from mining.loyalty.json_loyalty import ASSUMED
from mining.loyalty.leaving import HORIZON
from mining.loyalty.results import Association, Leaving, Loyalty
from mining.report_words import SIDE_VERBS, count, excerpt, k_of_n, percent, plural
from mining.results import Share
from mining.terminal_voice import Voice, table_of

_SHOWN: Final = 10
LABEL: Final = 40
_NAME: Final = 18
_NOBODY: Final = "–"


def print_loyalty(console: Console, found: Loyalty, names: Mapping[str, str], *, everything: bool) -> None:
    """Every part that there is something to say of; causes that nothing tells apart only with ``everything``.

    ``names`` has what lists call each cause of the mining, by id.
    """
    say = Voice(console)
    _print_ratings(console, say, found)
    _print_leaving(console, say, found, names, everything=everything)
    _print_at_risk(console, say, found)
    _print_advocates(console, say, found)
    _print_word_of_mouth(console, say, found, names)


def _print_ratings(console: Console, say: Voice, found: Loyalty) -> None:
    if found.scale is None:
        console.print("Loyal by rating: nobody rated.\n")
        return
    low, top = found.scale
    table = table_of(f"Loyal by their latest rating: {top:g} on a scale from {low:g} to {top:g}")
    table.add_column("Product", ratio=2, overflow="fold")
    for name in ("Loyal", "Content, not loyal", "The rest"):
        table.add_column(name, ratio=3, overflow="fold")
    for each in found.ratings:
        shares = (each.loyal, each.content, each.rest)
        table.add_row(
            say.text(excerpt(each.name or "all", LABEL), "bold"),
            *(share_words(share, found.gate) for share in shares),
        )
    console.print(table)


def share_words(share: Share, gate: int) -> str:
    """K of n, and the share with its interval, or that it is an anecdote: of fewer than ``gate`` people."""
    return f"{k_of_n(share)} {percent(share, gate) or 'anecdote'}"


def _print_leaving(
    console: Console, say: Voice, found: Loyalty, names: Mapping[str, str], *, everything: bool
) -> None:
    leaving = found.leaving
    if leaving is None:
        console.print(
            "Leaving: not told. Give --customers, or mine with --outcome COLUMN that tells who left.\n"
        )
        return
    observed = f"{plural(leaving.people, 'person', 'people')} under observation, {count(leaving.events)} left"
    months = f", {count(leaving.trials)} months, until {leaving.until}" if leaving.until else ""
    left_out = "; ".join(f"{count(people)} {reason}" for reason, people in leaving.left_out.items())
    console.print(say.text("What leaving is associated with", "bold"))
    console.print(f"{observed}{months}." + (f" Left out: {left_out}." if left_out else ""))
    if leaving.refused:
        console.print(f"Refused: {leaving.refused}.\n")
        return
    told = [each for each in leaving.associations if everything or each.direction != "not told"]
    if told:
        console.print(_associations(say, told, names, found.gate))
    else:
        console.print("No cause is told apart from the others by who left.")
    rest = len(leaving.associations) - len(told)
    if rest:
        console.print(
            f"{plural(rest, 'more cause or side', 'more causes or sides')} not told apart: --all.",
            style="dim",
        )
    console.print(_calibration(leaving) + "\n")


def _associations(say: Voice, told: list[Association], names: Mapping[str, str], gate: int) -> Table:
    table = table_of()
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("Side", ratio=2, overflow="fold")
    table.add_column("Left", ratio=3, overflow="fold")
    table.add_column("Odds of leaving, times", ratio=3, overflow="fold")
    table.add_column("p, adjusted", justify="right", no_wrap=True)
    table.add_column("Evidence", no_wrap=True)
    for each in told:
        odds, low, high = each.coefficient.odds
        table.add_row(
            say.text(f"{each.cause_id} {names.get(each.cause_id, '')}"),
            SIDE_VERBS[each.side] if each.side else "any",
            share_words(each.left, gate),
            f"{odds:.1f} ({low:.1f}–{high:.1f})",
            "<0.001" if each.p_adjusted < 0.001 else f"{each.p_adjusted:.3f}",
            each.grade,
        )
    return table


def _calibration(leaving: Leaving) -> str:
    found = leaving.calibration
    if found is None:
        return "Chances of single people: not told, too few left to try the model on."
    words = (
        f"Of people it has not seen: calibration slope {found.slope:.2f} "
        f"({found.slope_low:.2f} to {found.slope_high:.2f}; 1 is right), Brier skill {100 * found.skill:.1f} % "
        f"({100 * found.skill_low:.1f} to {100 * found.skill_high:.1f} %; 0 is knowing the overall rate alone)."
    )
    return words if found.usable else f"{words} Too little to tell the chances of single people."


def _print_at_risk(console: Console, say: Voice, found: Loyalty) -> None:
    if not found.at_risk:
        return
    dated = found.leaving is not None and found.leaving.until is not None
    table = table_of(f"{plural(len(found.at_risk), 'person', 'people')} at risk")
    table.add_column("Person", overflow="fold", max_width=None if say.wide else _NAME)
    table.add_column("Wrote last", no_wrap=True)
    table.add_column(f"Chance in {HORIZON} months" if dated else "Chance", justify="right")
    table.add_column("Value a year", justify="right")
    table.add_column("Reason", ratio=1, overflow="fold")
    for each in found.at_risk[:_SHOWN]:
        value = _NOBODY if each.yearly_value is None else f"{each.yearly_value:,.0f}"
        table.add_row(
            say.text(excerpt(each.author or each.person, LABEL)),
            str(each.last_wrote or _NOBODY),
            f"{100 * each.chance:.0f} %",
            value,
            say.text("; ".join(each.reasons)),
        )
    console.print(table)
    _print_rest(console, len(found.at_risk), "--export writes them all, up to --most")


def _print_advocates(console: Console, say: Voice, found: Loyalty) -> None:
    if not found.advocates:
        return
    table = table_of(f"{plural(len(found.advocates), 'advocate')}")
    table.add_column("Person", overflow="fold", max_width=None if say.wide else _NAME)
    table.add_column("Wrote last", no_wrap=True)
    table.add_column("Praise in public", justify="right")
    table.add_column("Reason", ratio=1, overflow="fold")
    for each in found.advocates[:_SHOWN]:
        table.add_row(
            say.text(excerpt(each.author or each.person, LABEL)),
            str(each.last_wrote or _NOBODY),
            count(each.public),
            say.text("; ".join(each.reasons)),
        )
    console.print(table)
    _print_rest(console, len(found.advocates), "--export writes them all, up to --most")


def _print_word_of_mouth(console: Console, say: Voice, found: Loyalty, names: Mapping[str, str]) -> None:
    if not found.word_of_mouth:
        console.print(
            "Word of mouth: nothing in public that nobody asked for; --public SOURCE names a source."
        )
        return
    sources = ", ".join(excerpt(source, LABEL) for source in found.public)
    table = table_of("Said in public, by people" if found.untold else "Said in public, unasked, by people")
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("Complain", justify="right")
    table.add_column("Praise", justify="right")
    table.add_column("Share of complaints", ratio=3, overflow="fold")
    table.add_column("Evidence", no_wrap=True)
    for each in found.word_of_mouth[:_SHOWN]:
        table.add_row(
            say.text(f"{each.cause_id} {names.get(each.cause_id, '')}"),
            count(each.complaint),
            count(each.praise),
            share_words(each.negative, found.gate),
            each.grade,
        )
    console.print(table)
    _print_rest(console, len(found.word_of_mouth), "--json has them all")
    console.print(say.text(f"Public: {sources}.{_untold(found.untold)}", "dim"))
    first, guess = found.word_of_mouth[0], found.assumptions
    console.print(
        say.text(
            f"If an upset person tells {guess.tell_low} to {guess.tell_high} others and {100 * guess.gone:g} % "
            f"do not come back ({ASSUMED}, with --tell and --gone): {count(first.told[0])} to "
            f"{count(first.told[1])} people heard of {first.cause_id}, and {count(first.lost)} of its "
            f"{count(first.complaint)} do not come back.",
            "italic",
        )
    )


def _print_rest(console: Console, entries: int, where: str) -> None:
    """Tell of a list that was cut where all of it is."""
    if entries > _SHOWN:
        console.print(f"{_SHOWN} of {count(entries)} shown: {where}\n", style="dim", highlight=False)


def _untold(messages: int) -> str:
    if not messages:
        return ""
    told = "it was" if messages == 1 else "they were"
    return f" Of {plural(messages, 'message')} there nobody tells whether {told} asked for."
