"""The register of causes in a terminal."""

from collections.abc import Mapping
from typing import Final

from rich.console import Console
from rich.table import Table

from mining.cause_names import cause_name
from mining.edits import Standing, standing_of, state_of
from mining.register import Register, RegisteredCause
from mining.report_words import count, excerpt, people_on, plural
from mining.results import Cause
from mining.terminal_voice import Voice, table_of
from serving.edits.words import causes_of, told

_LABEL: Final = 60
_QUOTE: Final = 90
_STATE: Final = len("retired")
_ID: Final = len("c-0010")
_NAME: Final = 8  # least width of what a cause is called
_WITH_DAYS: Final = 80  # least width of a terminal that has room for the days
_WITH_STATEMENTS: Final = 56


def print_causes(
    console: Console, register: Register, mined: Mapping[str, Cause], *, everything: bool
) -> None:
    """One line for each cause, most people first; hidden, merged and retired ones only with ``everything``.

    ``mined`` holds the causes of the last mining by id: the register does not know which are of no one subject.
    """
    standing, causes = standing_of(register.edits()), register.causes().values()
    states = {cause.id: state_of(cause, standing, register.last_mining) for cause in causes}
    rows = sorted(causes, key=lambda cause: (states[cause.id] != "found", -cause.people))
    shown = [cause for cause in rows if everything or states[cause.id] in ("found", "waiting")]
    say, table = Voice(console), table_of()
    with_days, with_statements = console.width >= _WITH_DAYS, console.width >= _WITH_STATEMENTS
    table.add_column("Id", no_wrap=True, min_width=_ID)
    table.add_column("Cause", ratio=5, overflow="fold", min_width=_NAME)
    table.add_column("People", justify="right", no_wrap=True)
    if with_statements:
        table.add_column("Statements", justify="right", no_wrap=True)
    table.add_column("State", ratio=3, width=_STATE, overflow="fold")  # the least width
    if with_days:
        table.add_column("First", no_wrap=True)
        table.add_column("Last", no_wrap=True)
    for cause in shown:
        days = (cause.first_at[:10] or "–", cause.last_at[:10] or "–")
        table.add_row(
            cause.id,
            say.text(_label(cause, standing, mined.get(cause.id))),
            count(cause.people),
            *([count(cause.statements)] if with_statements else ()),
            states[cause.id],
            *(days if with_days else ()),
        )
    console.print(table)
    left = len(rows) - len(shown)
    tail = f"; {count(left)} hidden, merged or retired: --all shows them" if left else ""
    minings = register.minings()
    console.print(f"{plural(len(minings), 'mining')}, {plural(len(shown), 'cause')}{tail}", style="dim")


def print_cause(console: Console, register: Register, cause: RegisteredCause, mined: Cause | None) -> None:
    """How a cause stands, and what the last mining has of it."""
    standing = standing_of(register.edits())
    say = Voice(console)
    console.print(say.text(f"{cause.id}  {_label(cause, standing, mined)}", "bold"))
    lines = [
        f"State: {state_of(cause, standing, register.last_mining)}",
        f"Last found: {plural(cause.people, 'person', 'people')}, {plural(cause.statements, 'statement')}",
    ]
    if cause.label and cause.id in standing.names:
        lines.append(f"Found as: {excerpt(cause.label, _LABEL)}")
    if any(cause.contexts):
        lines.append(
            f"Only in: {', '.join(excerpt(context, _LABEL) for context in cause.contexts if context)}"
        )
    for line in lines:
        console.print(say.text(line))
    if mined is not None:
        console.print(_sides(say, mined))


def print_history(console: Console, register: Register, cause: str | None = None) -> None:
    """What happened, oldest first, to one cause or to all."""
    say, table = Voice(console), table_of()
    table.add_column("When", no_wrap=True)
    table.add_column("By", no_wrap=True)
    table.add_column("Cause", no_wrap=True)
    table.add_column("What", ratio=1, overflow="fold")
    for entry in register.log():
        if cause is None or cause in causes_of(entry):
            table.add_row(entry.at[:16].replace("T", " "), entry.actor, entry.cause, say.text(told(entry)))
    console.print(table)


def _label(cause: RegisteredCause, standing: Standing, mined: Cause | None) -> str:
    return cause_name(standing.names.get(cause.id, cause.label) or "–", mined, _LABEL)


def _sides(say: Voice, cause: Cause) -> Table:
    table = table_of()
    table.add_column("Side", no_wrap=True)
    table.add_column("Message", no_wrap=True)
    table.add_column("Quote", ratio=1, overflow="fold")
    for side in cause.sides:
        for number, example in enumerate(side.examples):
            name = people_on(side) if number == 0 else ""
            table.add_row(
                name, say.text(excerpt(example.feedback_id, 30)), say.text(excerpt(example.text, _QUOTE))
            )
    return table
