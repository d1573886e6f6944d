"""Beliefs and gaps in a terminal."""

from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table

from mining.gap.book import Sealed
from mining.gap.measured import Measured
from mining.gap.verdict import Gap
from mining.report_words import count, excerpt, percent_between
from mining.terminal_voice import Voice
from serving.gap.folder import Showing

_NAME: Final = 40
_WORD: Final = 10
_VERDICT: Final = len("underrated:")
_FIGURES: Final = ("measured", "at most", "gap, points")


def print_showing(console: Console, showing: Showing) -> None:
    """Every belief with its gap, then the topics that nobody spoke of."""
    say = Voice(console)
    if showing.gaps:
        shown = Table(
            box=box.SIMPLE,
            pad_edge=False,
            padding=(0, 1, 0, 0),
            title=f"of {count(showing.people)} people who complain",
            title_justify="left",
        )
        for name in ("about", "who believes"):
            shown.add_column(name, overflow="fold", min_width=_WORD)
        for name in ("believed", *_FIGURES):
            shown.add_column(name, justify="right")
        shown.add_column("verdict", overflow="fold", min_width=_VERDICT)
        for sealed, gap in showing.gaps:
            name = _named(gap.belief.subject, showing.labels.get(gap.belief.subject))
            who = say.text(excerpt(sealed.belief.by, _NAME))
            shown.add_row(say.text(name), who, _believed(sealed), *figures(gap), f"{word(gap)}: {gap.reason}")
        console.print(shown)
    if showing.revealed:
        console.print(_revealed(showing))
    if showing.nobody_said:
        console.print(f"nobody said: {', '.join(showing.nobody_said)}")
    console.print(_caution(showing), style="dim")


def _named(subject: str, label: str | None) -> str:
    return subject if label is None else f"{subject} {excerpt(label, _NAME)}"


def _believed(sealed: Sealed) -> str:
    return f"{100 * sealed.belief.share:.0f}\u202f% ± {100 * sealed.belief.margin:.2g}"


def figures(gap: Gap) -> tuple[str, str, str]:
    """The measured share, what it is at most, and the points between it and the belief."""
    if gap.measured is None or gap.difference is None or gap.low is None or gap.high is None:
        return "anecdote" if gap.found else "–", "–", "–"
    points = f"{100 * gap.difference:+z.0f} ({100 * gap.low:+z.0f} to {100 * gap.high:+z.0f})"
    return *_shares(gap.measured), points


def _shares(measured: Measured) -> tuple[str, str]:
    """Of enough people: below the gate nothing was measured."""
    share = measured.share
    return percent_between(share.value, share.low, share.high), f"{100 * measured.most.high:.0f}\u202f%"


def word(gap: Gap) -> str:
    """The verdict."""
    return gap.verdict.replace("_", " ")


def _revealed(showing: Showing) -> Table:
    shown = Table(box=box.SIMPLE, title="nobody said", title_justify="left")
    shown.add_column("about")
    for name in _FIGURES[:2]:
        shown.add_column(name, justify="right")
    for topic, measured in sorted(showing.revealed.items(), key=lambda each: -each[1].share.k):
        shown.add_row(topic, *_shares(measured))
    return shown


def _caution(showing: Showing) -> str:
    return (
        f"{count(showing.without_topic)} of these people have a complaint without a topic, "
        f'{count(showing.without_cause)} one in no cause: "at most" is the share if all of these were about it. The '
        "model was not tested on topics, so shares are as it reads them, and no verdict is more than emerging."
    )
