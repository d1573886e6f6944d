"""The mined picture in a terminal: oppositions first, then the causes with most people."""

from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mining.cause_names import cause_name, subjects_first
from mining.correction_words import NEAR_ZERO, corrected
from mining.crowding_words import crowd_words
from mining.report_drawing import columns
from mining.report_words import (
    SIDE_VERBS,
    count,
    excerpt,
    k_of_n,
    people_on,
    percent,
    plural,
    verdict_name,
    verdict_sentence,
)
from mining.results import REPEATED, Cause, Crowd, Mining, Opposition, Side
from mining.settings import share_gate
from mining.speaking.terminal import print_speakers
from mining.terminal_voice import Voice, table_of
from mining.timing_results import Timing
from mining.timing_words import recent_words, timing_words, trend_words

SHOWN_OPPOSITIONS: Final = 10
SHOWN_CAUSES: Final = 10
_CAUSES_OF_THEME: Final = 5
_STYLES: Final = {"too_little": "blue", "too_much": "dark_orange3", "complaint": "red", "praise": "green"}
_MARK: Final = " *"
_LEVELS: Final = "▁▂▃▄▅▆▇█"


def print_report(console: Console, mining: Mining) -> None:
    """Print both tables, 80 columns being enough; texts are shown as text, never as markup or escape codes."""
    say = Voice(console)
    data = mining.data
    console.print(
        say.text(
            f"{plural(data.messages, 'message')} from {plural(data.people, 'person', 'people')} "
            f"in {plural(data.told_languages, 'language')}, "
            f"{plural(len(mining.causes), 'cause')}, {plural(len(mining.oppositions), 'opposition')}"
        )
    )
    if mining.oppositions:
        console.print(_oppositions(say, mining))
    if mining.themes:
        console.print(_themes(say, mining))
    if mining.causes:
        console.print(_causes(say, mining))
    if mining.crowd:
        console.print(say.text(_crowd(mining, mining.crowd)))
    if mining.speakers:
        print_speakers(console, say, mining)
    console.print(say.text(_closing(mining), "dim"))


def _oppositions(say: Voice, mining: Mining) -> Table:
    table = table_of("Where people pull in opposite directions", leading=1)
    table.add_column("Cause", ratio=4, overflow="fold")
    table.add_column("One side", ratio=5, overflow="fold")
    table.add_column("Other side", ratio=5, overflow="fold")
    table.add_column("Verdict", ratio=5, overflow="fold")
    causes, gate = {cause.id: cause for cause in mining.causes}, share_gate(mining.settings)
    for opposition in mining.oppositions[:SHOWN_OPPOSITIONS]:
        first, second = opposition.sides
        table.add_row(
            say.cause(excerpt(opposition.label, 60), causes.get(opposition.cause_id)),
            _side(say, first, gate),
            _side(say, second, gate),
            _verdict(say, opposition),
        )
    return table


def _side(say: Voice, side: Side, gate: int) -> Text:
    lines = [
        say.text(people_on(side), f"bold {_STYLES[side.label]}"),
        say.text(k_of_n(side.share)),
    ]
    if percent(side.share, gate):
        lines.append(say.text(percent(side.share, gate)))
    if corrected(side, gate):
        lines.append(say.text(f"corrected {corrected(side, gate)}", "dim"))
    if side.examples:
        lines.append(say.quote(side.examples[0].text))
    return Text("\n").join(lines)


def _verdict(say: Voice, opposition: Opposition) -> Text:
    lines = [say.text(verdict_name(opposition), "bold"), say.text(opposition.grade, "dim")]
    found = opposition.segment
    if found is not None:
        words = f"{excerpt(found.column, 30)} “{excerpt(found.value, 30)}”: more often {SIDE_VERBS[found.towards]}"
        lines.append(say.text(words))
    if say.wide:
        lines.append(say.text(verdict_sentence(opposition)))
    return Text("\n").join(lines)


def _themes(say: Voice, mining: Mining) -> Table:
    table = table_of("Themes")
    table.add_column("Theme", ratio=3, overflow="fold")
    table.add_column("People", justify="right", no_wrap=True)
    table.add_column("Causes", ratio=7, overflow="fold")
    names = {cause.id: cause_name(cause.label, cause, 30) for cause in mining.causes}
    for theme in mining.themes[:SHOWN_CAUSES]:
        named = [names[cause] for cause in theme.causes[:_CAUSES_OF_THEME]]
        more = len(theme.causes) - len(named)
        words = " · ".join(named) + (f" and {count(more)} more" if more else "")
        table.add_row(
            say.text(excerpt(theme.label, 60), "bold"), say.text(count(theme.people)), say.text(words)
        )
    return table


def _causes(say: Voice, mining: Mining) -> Table:
    table = table_of("What people speak of")
    table.add_column("Cause", ratio=5, overflow="fold")
    table.add_column("People", justify="right", no_wrap=True)
    table.add_column("Sides", ratio=4, min_width=17, overflow="fold")
    table.add_column("Evidence", no_wrap=True)
    table.add_column("Timing", ratio=3, overflow="fold")
    if say.wide:
        table.add_column("Months", no_wrap=True)
        table.add_column("Topics", ratio=4, overflow="fold")
    shown = subjects_first(mining.causes)[:SHOWN_CAUSES]
    for cause in shown:
        table.add_row(*_cause(say, cause))
    if any(side.near_zero for cause in shown for side in cause.sides):
        table.caption_justify = "left"
        table.caption = say.text(f"{_MARK.strip()} {NEAR_ZERO}, by how often the model misreads", "dim")
    return table


def _cause(say: Voice, cause: Cause) -> list[Text]:
    sides = [
        say.text(people_on(side) + (_MARK if side.near_zero else ""), _STYLES[side.label])
        for side in cause.sides
    ]
    cells = [
        say.cause(excerpt(cause.label, 60), cause),
        say.text(count(cause.people)),
        Text("\n").join(sides),
        say.text(cause.grade),
        _timing(say, cause.timing),
    ]
    if say.wide:
        bars = "".join(_LEVELS[round(column.height / 100 * 7)] for column in columns(cause.timing)[-12:])
        cells += [say.text(bars), say.text(", ".join(cause.topics[:2]).replace("_", " "))]
    return cells


def _timing(say: Voice, timing: Timing) -> Text:
    """The kind; a trend that is shown; and what grew lately, whole where there is room."""
    lines = [say.text(timing_words(timing))]
    trend = timing.trend
    if trend is not None and trend.label in ("rising", "falling", "steady"):
        lines.append(say.text(trend_words(trend) if say.wide else trend.label))
    if recent_words(timing):
        lines.append(say.text(recent_words(timing) if say.wide else "more lately", "bold"))
    return Text("\n").join(lines)


def _crowd(mining: Mining, crowd: Crowd) -> str:
    fullest = next(cause for cause in mining.causes if cause.id == crowd.cause_id)
    return f"“{cause_name(fullest.label, fullest)}” {crowd_words(crowd, mining.settings)}"


def _closing(mining: Mining) -> str:
    """What the tables leave out."""
    left = sum(mining.unassigned.values())
    words = f"{count(left)} of {plural(mining.data.statements, 'statement')} in no cause"
    if REPEATED in mining.unassigned:
        words += (
            f", {count(mining.unassigned[REPEATED])} of them {REPEATED} (“{excerpt(mining.template, 60)}”)"
        )
    if mining.data.rejected:
        words += f"; {plural(mining.data.rejected, 'row')} set aside"
    if mining.data.untimed:
        words += f"; {plural(mining.data.untimed, 'message')} whose dates timing leaves out"
    more = max(0, len(mining.causes) - SHOWN_CAUSES) + max(0, len(mining.oppositions) - SHOWN_OPPOSITIONS)
    return f"{words}; {count(more)} more lines in the report." if more else f"{words}."
