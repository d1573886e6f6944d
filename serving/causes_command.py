"""``countervoice causes``: the register of causes, and the edits of people in it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data.labels import AS_READ, READINGS
from serving.options import register_options
from serving.telling import say_line, terminal

if TYPE_CHECKING:
    from mining.results import Cause
    from mining.splitting import Named

EXAMPLES = """
\b
Examples:
  countervoice causes list
  countervoice causes show c-0004
  countervoice causes rename c-0004 "Worked examples"
  countervoice causes cost c-0004 12.50
  countervoice causes merge c-0009 c-0004
  countervoice causes split c-0004 --containing "case stud" --name "Case studies"
  countervoice causes hide c-0012
  countervoice causes move f-0722#2 c-0004
  countervoice causes side f-0722#2 too_much
  countervoice causes history c-0004

A running service shows a name in a moment, reports from the next mining on. The other edits change what is counted:
they take effect when you mine again, and at every mining after that.
"""
_CAUSE = "CAUSE"
_NEARLY_ALL = 0.8


@click.group(
    short_help="List, name, merge, split and hide causes; correct their statements.", epilog=EXAMPLES
)
def causes() -> None:
    """List the causes of all minings, and correct them; their ids never change."""


@causes.command("list")
@click.option("--all", "everything", is_flag=True, help="Hidden, merged and retired ones, too.")
@register_options
def list_command(everything: bool, state: Path, register: Path | None) -> None:
    """List the causes of the last mining, most people first.

    \b
    Examples:
      countervoice causes list
      countervoice causes list --all --state out
    """
    from mining.register import read_register
    from serving.causes_tables import print_causes

    with read_register(_path(state, register)) as opened:
        print_causes(terminal(), opened, _mined(state), everything=everything)


@causes.command("show")
@click.argument("cause", metavar=_CAUSE)
@register_options
def show_command(cause: str, state: Path, register: Path | None) -> None:
    """Show one cause: how it stands, its sides and quotes in the last mining, and its history.

    \b
    Example:
      countervoice causes show c-0004
    """
    from mining.edits import registered
    from mining.register import read_register
    from serving.causes_tables import print_cause, print_history

    with read_register(_path(state, register)) as opened:
        print_cause(terminal(), opened, registered(opened, cause), _mined(state).get(cause))
        print_history(terminal(), opened, cause)


@causes.command("rename")
@click.argument("cause", metavar=_CAUSE)
@click.argument("name")
@register_options
def rename_command(cause: str, name: str, state: Path, register: Path | None) -> None:
    """Give a cause a name of your own; it keeps it whatever later minings find.

    \b
    Example:
      countervoice causes rename c-0004 "Worked examples"
    """
    from mining.edits import rename
    from mining.register import open_register

    with open_register(_path(state, register)) as opened:
        name = rename(opened, cause, name)
    say_line(
        f"{cause} is now called {name!r}: a running service shows it in a moment, reports from the next mining on"
    )


@causes.command("cost", context_settings={"ignore_unknown_options": True})  # -5 is an amount, if a wrong one
@click.argument("cause", metavar=_CAUSE)
@click.argument("cost", type=float)
@register_options
def cost_command(cause: str, cost: float, state: Path, register: Path | None) -> None:
    """Say what one case of a cause costs, for its rank by weight; a cause without a cost counts 1.

    \b
    Example:
      countervoice causes cost c-0004 12.50
    """
    from mining.edits import set_cost
    from mining.register import open_register

    with open_register(_path(state, register)) as opened:
        set_cost(opened, cause, cost)
    say_line(f"one case of {cause} costs {cost:g}")
    _say_when()


@causes.command("merge")
@click.argument("cause", metavar=_CAUSE)
@click.argument("into", metavar="INTO")
@register_options
def merge_command(cause: str, into: str, state: Path, register: Path | None) -> None:
    """Make CAUSE part of INTO, also where later minings find the two apart.

    \b
    Example:
      countervoice causes merge c-0009 c-0004
    """
    from mining.edits import merge
    from mining.register import open_register

    with open_register(_path(state, register)) as opened:
        merge(opened, cause, into)
    say_line(f"{cause} will be part of {into}")
    _say_when()


@causes.command("split")
@click.argument("cause", metavar=_CAUSE)
@click.option(
    "--containing", "phrases", multiple=True, metavar="PHRASE", help="Statements with this phrase leave."
)
@click.option(
    "--statement", "statements", multiple=True, metavar="ID", help="This statement leaves (f-0012#1)."
)
@click.option("--name", default="", help="Name of the new cause.")
@register_options
def split_command(
    cause: str,
    phrases: tuple[str, ...],
    statements: tuple[str, ...],
    name: str,
    state: Path,
    register: Path | None,
) -> None:
    """Split a new cause off CAUSE.

    What contains a phrase, or is named by --statement, leaves; and so does what is nearer to that than to the rest, so
    that a phrase in one language takes the other languages along.

    A phrase is looked for letter by letter, in any case, and within longer words and names, too: "ring" is in "string".
    A phrase that is too short, or that most statements hold, takes what you want to keep; one that none holds is
    refused.

    \b
    Examples:
      countervoice causes split c-0004 --containing "case stud" --name "Case studies"
      countervoice causes split c-0004 --statement f-0722#1 --statement f-0815#2
    """
    from mining.register import open_register
    from serving.edits.splitting import journal_if_any, split_off

    path, journal = _path(state, register), journal_if_any(state)
    with open_register(path) as opened:
        made = split_off(opened, journal, cause, phrases=phrases, statements=statements, name=name)
    say_line(f"{made.cause} will be split off {cause}")
    if made.named is not None:
        _say_named(made.named, cause, made.cause, statements)
        _say_few(made.named, made.cause, state)
    _say_when()


@causes.command("hide")
@click.argument("cause", metavar=_CAUSE)
@register_options
def hide_command(cause: str, state: Path, register: Path | None) -> None:
    """Leave a cause out of reports and answers; its statements count as unassigned.

    \b
    Example:
      countervoice causes hide c-0012
    """
    from mining.edits import hide
    from mining.register import open_register

    with open_register(_path(state, register)) as opened:
        hide(opened, cause)
    say_line(f"{cause} will be hidden")
    _say_when()


@causes.command("unhide")
@click.argument("cause", metavar=_CAUSE)
@register_options
def unhide_command(cause: str, state: Path, register: Path | None) -> None:
    """Bring a hidden cause back.

    \b
    Example:
      countervoice causes unhide c-0012
    """
    from mining.edits import unhide
    from mining.register import open_register

    with open_register(_path(state, register)) as opened:
        unhide(opened, cause)
    say_line(f"{cause} will be shown again")
    _say_when()


@causes.command("move")
@click.argument("statement", metavar="STATEMENT")
@click.argument("cause", metavar=_CAUSE)
@register_options
def move_command(statement: str, cause: str, state: Path, register: Path | None) -> None:
    """Move a statement, and every copy of its text, to CAUSE.

    STATEMENT is its id (f-0012#1), or that of its message where this holds only one.

    \b
    Examples:
      countervoice causes move f-0815 c-0004
      countervoice causes move f-0722#2 c-0004
    """
    from mining.edits import move
    from mining.register import open_register

    with open_register(_path(state, register)) as opened:
        source = move(opened, statement, cause)
    say_line(f"{statement} will move from {source or 'no cause'} to {cause}")
    _say_when()


@causes.command("side")
@click.argument("statement", metavar="STATEMENT")
@click.argument("reading", metavar="SIDE", type=click.Choice([*READINGS, AS_READ]))
@register_options
def side_command(statement: str, reading: str, state: Path, register: Path | None) -> None:
    """Say which side a statement, and every copy of its text, is on: what the model misread counts as you say.

    STATEMENT is its id (f-0012#1), or that of its message where this holds only one. SIDE is too_little, too_much,
    complaint, praise, or neither; as_read takes back what was said.

    \b
    Examples:
      countervoice causes side f-0831 praise
      countervoice causes side f-0722#2 too_much
      countervoice causes side f-0722#2 as_read
    """
    from mining.readings import read_as
    from mining.register import open_register
    from serving.edits.words import how_read

    with open_register(_path(state, register)) as opened:
        found = read_as(opened, statement, reading)
    say_line(f"{found} will be read {how_read(reading)}")
    _say_when()


@causes.command("readings")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="readings.csv",
    show_default=True,
    help="File to write; its suffix chooses CSV, TSV, JSONL or Parquet.",
)
@register_options
def readings_command(out: Path, state: Path, register: Path | None) -> None:
    """Write the statements that people read as labelled rows, for `countervoice train --data`.

    They are those of the last mining in the folder: the register keeps no words.

    \b
    Examples:
      countervoice causes readings
      countervoice causes readings --state out --out corrected.csv
    """
    from data.writing import write_table
    from mining.readings import labelled, readings_of
    from mining.register import read_register
    from mining.report_words import plural
    from serving.state import journal_in

    with read_register(_path(state, register)) as opened:
        readings = readings_of(opened.edits())
    rows = labelled(readings, journal_in(state))
    write_table(out, rows)
    say_line(f"{plural(len(rows['text']), 'statement')} that people read: {out}")
    if len(rows["text"]) < len(readings):
        others = plural(len(readings) - len(rows["text"]), "other")
        say_line(f"{others} of earlier minings: the last one has not their words")


@causes.command("history")
@click.argument("cause", metavar="[CAUSE]", required=False)
@register_options
def history_command(cause: str | None, state: Path, register: Path | None) -> None:
    """Tell what minings found and what people changed, oldest first; of one cause, or of all.

    \b
    Examples:
      countervoice causes history
      countervoice causes history c-0004
    """
    from mining.edits import registered
    from mining.register import read_register
    from serving.causes_tables import print_history

    with read_register(_path(state, register)) as opened:
        if cause is not None:
            registered(opened, cause)
        print_history(terminal(), opened, cause)


def _path(state: Path, register: Path | None) -> Path:
    from serving.state import register_in

    return register_in(state, register)


def _mined(state: Path) -> "Mapping[str, Cause]":
    """The causes of the mining that ``state`` holds, by id; none where it holds no mining."""
    from data.errors import StateError
    from serving.state import STORE_NAME, find_state
    from serving.store import read_store

    try:
        return read_store(find_state(state) / STORE_NAME).cause_by_id
    except StateError:  # the register may outlive the mining that it was made with
        return {}


def _say_named(named: "Named", cause: str, new: str, statements: tuple[str, ...]) -> None:
    from mining.report_words import count
    from serving.edits.splitting import holding

    say_line(
        f"{count(named.found)} of {count(named.of)} statements of {cause} in the last mining "
        f"{holding(named.found, statements)}"
    )
    if named.share > _NEARLY_ALL:
        say_line(
            f"that is {100 * named.share:.0f} % of them, and {new} takes those that are like them along: "
            f"to undo it, `countervoice causes merge {new} {cause}`"
        )


def _say_few(named: "Named", new: str, state: Path) -> None:
    from mining.report_words import plural
    from serving.state import settings_in

    needed = settings_in(state).cause_people
    if named.people < needed:
        say_line(
            f"that is {plural(named.people, 'person', 'people')}, and a cause needs {needed}: {new} becomes one only "
            "where enough that is like it leaves along"
        )


def _say_when() -> None:
    say_line("this takes effect when you mine again: countervoice mine FILE --out DIR")
